#ifndef OTPGATE_SERVER_AUTH_OTP_SERVICE_H_
#define OTPGATE_SERVER_AUTH_OTP_SERVICE_H_

#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "server/auth/account_check.h"
#include "server/auth/call_context.h"
#include "server/auth/client_limiter.h"
#include "server/auth/code_drawer.h"
#include "server/auth/results.h"
#include "server/auth/subject_answers.h"
#include "server/auth/token_issuer.h"
#include "server/domain/subject_rules.h"
#include "server/engine/engine.h"
#include "server/errors/failure.h"
#include "server/runtime/executor.h"
#include "server/validation/inputs.h"
#include "storage/outbox.h"

namespace otpgate {

// The use cases of one-time codes: charges the shared limits, draws what is random, hands a command
// to the engine and turns its reply into an answer.
//
// Thread-safe. `done` is called exactly once, on any thread, and must not block. Failures are those
// of the proto's documentation of each RPC.
class OtpService {
 public:
  // All outlive the service.
  struct Parts {
    Engine<SubjectRules>* subjects = nullptr;
    const AccountCheck* accounts = nullptr;
    ClientLimiter* client_limiter = nullptr;  // null: limits are off
    const CodeDrawer* drawer = nullptr;
    const SubjectAnswers* answers = nullptr;
    const TokenIssuer* tokens = nullptr;
    Executor* executor = nullptr;  // signs tokens, so that workers do not
    bool reveal_codes = false;     // development only: answers carry the code
    // A message was committed and may be sent. Must not block.
    std::function<void(const MessageKey&)> on_message;
  };

  explicit OtpService(Parts parts) : parts_(std::move(parts)) {}

  void RequestOtp(const CallContext& context, RequestOtpInput input, Done<OtpIssued> done) const;
  void ResendOtp(const CallContext& context, ResendOtpInput input, Done<OtpIssued> done) const;
  void VerifyOtp(const CallContext& context, VerifyOtpInput input, Done<OtpVerified> done) const;
  void GetCurrentUser(const CallContext& context, Done<UserProfile> done) const;

 private:
  void SubmitRequest(const CallContext& context, const RequestOtpInput& input, const UserId& bearer,
                     Done<OtpIssued> done) const;
  void SubmitResend(const CallContext& context, const ResendOtpInput& input,
                    const HandleContents& otp, Done<OtpIssued> done) const;
  void SubmitVerify(const CallContext& context, const VerifyOtpInput& input,
                    const HandleContents& otp, const std::optional<BearerReply>& bearer,
                    Done<OtpVerified> done) const;
  // Hands a command that issues a code to the engine and answers with its handle.
  void SubmitIssue(const CallContext& context, const HandleContents& otp, FreshCode fresh,
                   SubjectCommand command, absl::string_view refusal, Done<OtpIssued> done) const;
  OtpIssued Issued(const HandleContents& otp, const FreshCode& fresh,
                   const SubjectReply& reply) const;
  void AnswerVerified(const HandleContents& otp, const std::string& caller,
                      const SubjectReply& reply, const std::optional<BearerReply>& bearer,
                      const Done<OtpVerified>& done) const;

  const Parts parts_;
};

}  // namespace otpgate

#endif  // OTPGATE_SERVER_AUTH_OTP_SERVICE_H_
