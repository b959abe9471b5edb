#ifndef OTPGATE_TESTS_SUPPORT_SUBJECT_WORLD_H_
#define OTPGATE_TESTS_SUPPORT_SUBJECT_WORLD_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/domain/subject_rules.h"

namespace otpgate::support {

// One subject and a clock, changed only by the rules. The MAC of a code is "mac:" and the code, so
// that tests are readable.
class SubjectWorld {
 public:
  explicit SubjectWorld(domain::OtpPolicy policy = {}, std::string identifier = "+14155550123")
      : policy_(policy),
        rules_(policy,
               [](const storage::SubjectKey&, const storage::Code& code, absl::string_view guess) {
                 return code.mac == absl::StrCat("mac:", guess);
               }),
        subject_{std::move(identifier), storage::UserType::kLive} {}

  domain::RequestOtp Request(absl::string_view code,
                             storage::Purpose purpose = storage::Purpose::kLogin) {
    domain::RequestOtp command;
    command.subject = subject_;
    command.purpose = purpose;
    command.otp_id = OtpId{NextId()};
    command.code = Drawn(code);
    command.origin = NextOrigin("RequestOtp");
    return command;
  }
  domain::ResendOtp Resend(const OtpId& id, absl::string_view code,
                           storage::Purpose purpose = storage::Purpose::kLogin) {
    domain::ResendOtp command;
    command.subject = subject_;
    command.purpose = purpose;
    command.otp_id = id;
    command.code = Drawn(code);
    command.origin = NextOrigin("ResendOtp");
    return command;
  }
  domain::VerifyOtp Verify(const OtpId& id, absl::string_view guess,
                           storage::Purpose purpose = storage::Purpose::kLogin) {
    domain::VerifyOtp command;
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
  // Repeats a call, or makes another one with the same request_id.
  template <class Command>
  static Command WithRequestId(Command command, absl::string_view id, absl::string_view payload) {
    command.origin.request =
        domain::Origin::Request{.key = {command.origin.caller, "method", std::string(id)},
                                .fingerprints = {std::string(payload)}};
    return command;
  }

  domain::SubjectReply Run(const domain::SubjectCommand& command) {
    storage::SubjectState next = state;
    effects = storage::SubjectEffects();
    domain::Decision<domain::SubjectReply> decision = rules_.Decide(command, now, next, effects);
    changed = decision.changed;
    valid_until = decision.valid_until;
    if (changed) {
      state = std::move(next);
      domain::SubjectRules::Touch(state, now);
    }
    return decision.reply;
  }
  void Advance(absl::Duration by) { now += by; }

  // Gives the subject an account, as a load with `account` does.
  void HaveAccount(bool disabled = false) {
    state.user_id = UserId{NextId()};
    state.account = storage::Account{state.user_id, storage::UserType::kLive, disabled, 0, now};
    state.identities = {{state.user_id, subject_, now}};
  }

  const domain::OtpPolicy& policy() const { return policy_; }
  const storage::SubjectKey& subject() const { return subject_; }
  const domain::SubjectRules& rules() const { return rules_; }
  std::string NextId() {
    return absl::StrCat(std::string(16, 'i'), absl::Dec(++drawn_, absl::kZeroPad8));
  }

  absl::Time now = absl::FromUnixSeconds(1'800'000'000);
  storage::SubjectState state;
  storage::SubjectEffects effects;  // of the last command
  bool changed = false;
  absl::Time valid_until;

 private:
  domain::PreparedCode Drawn(absl::string_view code) {
    return {.mac = absl::StrCat("mac:", code),
            .key_id = "p1",
            .message_id = MessageId{NextId()},
            .sealed = "sealed"};
  }
  domain::Origin NextOrigin(absl::string_view) {
    domain::Origin origin;
    origin.caller = "app";
    origin.audit_id = AuditId{NextId()};
    return origin;
  }

  const domain::OtpPolicy policy_;
  const domain::SubjectRules rules_;
  const storage::SubjectKey subject_;
  int drawn_ = 0;
};

}  // namespace otpgate::support

#endif  // OTPGATE_TESTS_SUPPORT_SUBJECT_WORLD_H_
