#ifndef OTPGATE_SERVER_SERVICE_OTP_SERVICE_H_
#define OTPGATE_SERVER_SERVICE_OTP_SERVICE_H_

#include <functional>
#include <memory>

#include "server/domain/subject_rules.h"
#include "server/engine/engine.h"
#include "server/runtime/executor.h"
#include "server/service/account_check.h"
#include "server/service/address_limiter.h"
#include "server/service/auth_api.h"
#include "server/service/otp_factory.h"
#include "server/service/subject_event_log.h"
#include "server/service/token_issuer.h"
#include "storage/outbox.h"

namespace otpgate::service {

// What the service uses; all outlive it.
struct OtpServiceParts {
  engine::Engine<domain::SubjectRules>* subjects = nullptr;
  const AccountCheck* accounts = nullptr;
  AddressLimiter* address_limiter = nullptr;  // null: limits are off
  const OtpFactory* otp_factory = nullptr;
  const SubjectEventLog* event_log = nullptr;
  const TokenIssuer* tokens = nullptr;
  runtime::Executor* executor = nullptr;  // signs tokens, to keep that off the workers
  bool reveal_codes = false;              // development only: answers carry the code
  // Called when a message was committed and may be sent. Must not block.
  std::function<void(const storage::MessageKey&)> on_message;
};

// The use cases of one-time codes: each charges the limit per address, submits a command with fresh
// ids and codes to the engine and turns its reply into an answer.
std::unique_ptr<OtpApi> NewOtpService(OtpServiceParts parts);

}  // namespace otpgate::service

#endif  // OTPGATE_SERVER_SERVICE_OTP_SERVICE_H_
