#ifndef OTPGATE_TESTS_SUPPORT_SUBJECT_WORLD_H_
#define OTPGATE_TESTS_SUPPORT_SUBJECT_WORLD_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/domain/subject_rules.h"

namespace otpgate::testing {

// One subject and a clock, driven by the rules alone. A code's MAC is "mac:" and the code, so that
// tests read as they mean.
class SubjectWorld {
 public:
  explicit SubjectWorld(OtpPolicy policy = {}, std::string identifier = "+14155550123")
      : policy_(policy),
        rules_(std::move(policy),
               [](const SubjectKey&, const Code& code, absl::string_view guess) {
                 return code.mac == absl::StrCat("mac:", guess);
               }),
        subject_{std::move(identifier), UserType::kLive} {}

  RequestOtp Request(absl::string_view code, Purpose purpose = Purpose::kLogin) {
    RequestOtp command;
    command.subject = subject_;
    command.purpose = purpose;
    command.otp_id = OtpId{NextId()};
    command.code = Drawn(code);
    command.origin = NextOrigin("RequestOtp");
    return command;
  }
  ResendOtp Resend(const OtpId& id, absl::string_view code, Purpose purpose = Purpose::kLogin) {
    ResendOtp command;
    command.subject = subject_;
    command.purpose = purpose;
    command.otp_id = id;
    command.code = Drawn(code);
    command.origin = NextOrigin("ResendOtp");
    return command;
  }
  VerifyOtp Verify(const OtpId& id, absl::string_view guess, Purpose purpose = Purpose::kLogin) {
    VerifyOtp command;
    command.subject = subject_;
    command.purpose = purpose;
    command.otp_id = id;
    command.guess = std::string(guess);
    command.new_user_id = UserId{NextId()};
    command.session_id = SessionId{NextId()};
    command.refresh_key_id = "r1";
    command.origin = NextOrigin("VerifyOtp");
    return command;
  }
  // The same call again, or another one under the same id.
  template <class Command>
  static Command WithRequestId(Command command, absl::string_view id, absl::string_view payload) {
    command.origin.request =
        Origin::Request{.key = {command.origin.caller, "method", std::string(id)},
                        .fingerprints = {std::string(payload)}};
    return command;
  }

  SubjectReply Run(const SubjectCommand& command) {
    SubjectState next = state;
    effects = SubjectEffects();
    Decision<SubjectReply> decision = rules_.Decide(command, now, next, effects);
    changed = decision.changed;
    valid_until = decision.valid_until;
    if (changed) {
      state = std::move(next);
      SubjectRules::Touch(state, now);
    }
    return decision.reply;
  }
  void Advance(absl::Duration by) { now += by; }

  // A subject that already has an account, as a load with `account` gives it.
  void HaveAccount(bool disabled = false) {
    state.user_id = UserId{NextId()};
    state.account = Account{state.user_id, UserType::kLive, disabled, 0, now};
    state.identities = {{state.user_id, subject_, now}};
  }

  const OtpPolicy& policy() const { return policy_; }
  const SubjectKey& subject() const { return subject_; }
  const SubjectRules& rules() const { return rules_; }
  std::string NextId() {
    return absl::StrCat(std::string(16, 'i'), absl::Dec(++drawn_, absl::kZeroPad8));
  }

  absl::Time now = absl::FromUnixSeconds(1'800'000'000);
  SubjectState state;
  SubjectEffects effects;  // of the last command
  bool changed = false;
  absl::Time valid_until;

 private:
  DrawnCode Drawn(absl::string_view code) {
    return {.mac = absl::StrCat("mac:", code),
            .key_id = "p1",
            .message_id = MessageId{NextId()},
            .sealed = "sealed"};
  }
  Origin NextOrigin(absl::string_view) {
    Origin origin;
    origin.caller = "app";
    origin.audit_id = AuditId{NextId()};
    return origin;
  }

  const OtpPolicy policy_;
  const SubjectRules rules_;
  const SubjectKey subject_;
  int drawn_ = 0;
};

}  // namespace otpgate::testing

#endif  // OTPGATE_TESTS_SUPPORT_SUBJECT_WORLD_H_
