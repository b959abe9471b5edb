#ifndef OTPGATE_SERVER_DOMAIN_EVENTS_H_
#define OTPGATE_SERVER_DOMAIN_EVENTS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "storage/types.h"

// Events, from the rule that decides them to log, audit and metrics. Pure.
namespace otpgate::domain {

// What a code is for: the label `flow` of otpgate_otp_events_total.
enum class OtpFlow : uint8_t { kNone, kSignup, kLogin, kVerifyPhone, kVerifyEmail, kVerification };

// What happens to a code: the label `event` of otpgate_otp_events_total.
enum class OtpStep : uint8_t {
  kNone,
  kCreated,
  kResent,
  kVerified,
  kVerificationFailed,
  // Not evaluated:
  kKeyUnknown,  // the key of its MAC is gone, or has not reached this server yet
  kRequestRefused,
  kResendRefused,
  kVerificationRefused,
};

// Every event of codes, sessions, accounts and keys:
//   enumerator, name (in log lines and in the column audit_events.event), flow, step
// Step kNone: not counted in otpgate_otp_events_total. A step with flow kNone is counted under the
// purpose of the call. Audit rows outlive releases, so names are never changed or reused.
//
// clang-format off
#define OTPGATE_EVENTS(X)                                                                          \
  X(kSignupOtpCreated, "SIGNUP_OTP_CREATED", kSignup, kCreated)                                    \
  X(kSignupOtpResent, "SIGNUP_OTP_RESENT", kSignup, kResent)                                       \
  X(kSignupOtpVerified, "SIGNUP_OTP_VERIFIED", kSignup, kVerified)                                 \
  X(kSignupOtpVerificationFailed, "SIGNUP_OTP_VERIFICATION_FAILED",                                \
    kSignup, kVerificationFailed)                                                                  \
  X(kLoginOtpCreated, "LOGIN_OTP_CREATED", kLogin, kCreated)                                       \
  X(kLoginOtpResent, "LOGIN_OTP_RESENT", kLogin, kResent)                                          \
  X(kLoginOtpVerified, "LOGIN_OTP_VERIFIED", kLogin, kVerified)                                    \
  X(kLoginOtpVerificationFailed, "LOGIN_OTP_VERIFICATION_FAILED",                                  \
    kLogin, kVerificationFailed)                                                                   \
  X(kVerifyPhoneOtpCreated, "VERIFY_PHONE_OTP_CREATED", kVerifyPhone, kCreated)                    \
  X(kVerifyPhoneOtpResent, "VERIFY_PHONE_OTP_RESENT", kVerifyPhone, kResent)                       \
  X(kVerifyPhoneOtpVerified, "VERIFY_PHONE_OTP_VERIFIED", kVerifyPhone, kVerified)                 \
  X(kVerifyPhoneOtpVerificationFailed, "VERIFY_PHONE_OTP_VERIFICATION_FAILED",                     \
    kVerifyPhone, kVerificationFailed)                                                             \
  X(kVerifyEmailOtpCreated, "VERIFY_EMAIL_OTP_CREATED", kVerifyEmail, kCreated)                    \
  X(kVerifyEmailOtpResent, "VERIFY_EMAIL_OTP_RESENT", kVerifyEmail, kResent)                       \
  X(kVerifyEmailOtpVerified, "VERIFY_EMAIL_OTP_VERIFIED", kVerifyEmail, kVerified)                 \
  X(kVerifyEmailOtpVerificationFailed, "VERIFY_EMAIL_OTP_VERIFICATION_FAILED",                     \
    kVerifyEmail, kVerificationFailed)                                                             \
  X(kVerificationOtpCreated, "VERIFICATION_OTP_CREATED", kVerification, kCreated)                  \
  X(kVerificationOtpResent, "VERIFICATION_OTP_RESENT", kVerification, kResent)                     \
  X(kVerificationOtpVerified, "VERIFICATION_OTP_VERIFIED", kVerification, kVerified)               \
  X(kVerificationOtpVerificationFailed, "VERIFICATION_OTP_VERIFICATION_FAILED",                    \
    kVerification, kVerificationFailed)                                                            \
  X(kOtpKeyUnknown, "OTP_KEY_UNKNOWN", kNone, kKeyUnknown)                                         \
  X(kOtpRequestRefused, "OTP_REQUEST_REFUSED", kNone, kRequestRefused)                             \
  X(kOtpResendRefused, "OTP_RESEND_REFUSED", kNone, kResendRefused)                                \
  X(kOtpVerificationRefused, "OTP_VERIFICATION_REFUSED", kNone, kVerificationRefused)              \
  X(kOtpDeleted, "OTP_DELETED", kNone, kNone)                                                      \
  X(kSubjectUnlocked, "SUBJECT_UNLOCKED", kNone, kNone)                                            \
  X(kTokenRefreshed, "TOKEN_REFRESHED", kNone, kNone)                                              \
  X(kTokenReuse, "TOKEN_REUSE", kNone, kNone)                                                      \
  X(kTokenFromFuture, "TOKEN_FROM_FUTURE", kNone, kNone)                                           \
  X(kSessionRevoked, "SESSION_REVOKED", kNone, kNone)                                              \
  X(kSessionsRevoked, "SESSIONS_REVOKED", kNone, kNone)                                            \
  X(kAllSessionsRevoked, "ALL_SESSIONS_REVOKED", kNone, kNone)                                     \
  X(kUserDisabled, "USER_DISABLED", kNone, kNone)                                                  \
  X(kUserEnabled, "USER_ENABLED", kNone, kNone)                                                    \
  X(kSigningKeyAdded, "SIGNING_KEY_ADDED", kNone, kNone)                                           \
  X(kSigningKeyRetired, "SIGNING_KEY_RETIRED", kNone, kNone)                                       \
  X(kSigningKeyDestroyed, "SIGNING_KEY_DESTROYED", kNone, kNone)                                   \
  X(kPepperKeyAdded, "PEPPER_KEY_ADDED", kNone, kNone)                                             \
  X(kPepperKeyRetired, "PEPPER_KEY_RETIRED", kNone, kNone)                                         \
  X(kPepperKeyDestroyed, "PEPPER_KEY_DESTROYED", kNone, kNone)                                     \
  X(kHandleKeyAdded, "HANDLE_KEY_ADDED", kNone, kNone)                                             \
  X(kHandleKeyRetired, "HANDLE_KEY_RETIRED", kNone, kNone)                                         \
  X(kHandleKeyDestroyed, "HANDLE_KEY_DESTROYED", kNone, kNone)                                     \
  X(kRefreshKeyAdded, "REFRESH_KEY_ADDED", kNone, kNone)                                           \
  X(kRefreshKeyRetired, "REFRESH_KEY_RETIRED", kNone, kNone)                                       \
  X(kRefreshKeyDestroyed, "REFRESH_KEY_DESTROYED", kNone, kNone)                                   \
  X(kMasterKeyAdded, "MASTER_KEY_ADDED", kNone, kNone)                                             \
  X(kAdminLooked, "ADMIN_LOOKED", kNone, kNone)                                                    \
  X(kIdentifiersRevealed, "IDENTIFIERS_REVEALED", kNone, kNone)
// clang-format on

enum class Event : uint8_t {
#define OTPGATE_EVENT_ENUMERATOR(id, ...) id,
  OTPGATE_EVENTS(OTPGATE_EVENT_ENUMERATOR)
#undef OTPGATE_EVENT_ENUMERATOR
};

// One line of the list.
struct EventFacts {
  Event event;
  absl::string_view name;
  OtpFlow flow;
  OtpStep step;
};

inline constexpr EventFacts kEvents[] = {
#define OTPGATE_EVENT_FACTS(id, name, flow, step) {Event::id, name, OtpFlow::flow, OtpStep::step},
    OTPGATE_EVENTS(OTPGATE_EVENT_FACTS)
#undef OTPGATE_EVENT_FACTS
};
#undef OTPGATE_EVENTS

constexpr const EventFacts& FactsOf(Event event) { return kEvents[static_cast<size_t>(event)]; }

// Whether log lines tell an event as a warning: somebody should look at it.
constexpr bool IsWarning(Event event) {
  return event == Event::kTokenReuse || event == Event::kTokenFromFuture;
}

// What becomes of a refresh token that is presented: the label `outcome` of otpgate_refresh_total.
enum class RefreshOutcome : uint8_t {
  kRotated,
  kRepeated,    // replaced by an earlier call, whose token was given again
  kReuse,       // replaced, and out of its grace period: the session was revoked
  kFromFuture,  // newer than its row: the database lost data
  kSuperseded,  // a late duplicate: its retry was answered, and the new token was used since
  kRefused,     // expired, revoked, of another caller, or a request_id of another token
  kUnknown,     // not one of ours
  kFailed,      // no answer from the database
};

// The names of label values. A metric creates all of them at start.
template <class Label>
struct LabelName {
  Label label;
  absl::string_view name;
};
inline constexpr LabelName<OtpFlow> kOtpFlows[] = {
    {OtpFlow::kSignup, "signup"},
    {OtpFlow::kLogin, "login"},
    {OtpFlow::kVerifyPhone, "verify_phone"},
    {OtpFlow::kVerifyEmail, "verify_email"},
    {OtpFlow::kVerification, "verification"},
};
inline constexpr LabelName<OtpStep> kOtpSteps[] = {
    {OtpStep::kCreated, "created"},
    {OtpStep::kResent, "resent"},
    {OtpStep::kVerified, "verified"},
    {OtpStep::kVerificationFailed, "verification_failed"},
    {OtpStep::kKeyUnknown, "key_unknown"},
    {OtpStep::kRequestRefused, "request_refused"},
    {OtpStep::kResendRefused, "resend_refused"},
    {OtpStep::kVerificationRefused, "verification_refused"},
};
inline constexpr LabelName<RefreshOutcome> kRefreshOutcomes[] = {
    {RefreshOutcome::kRotated, "rotated"},       {RefreshOutcome::kRepeated, "repeated"},
    {RefreshOutcome::kReuse, "reuse"},           {RefreshOutcome::kFromFuture, "from_future"},
    {RefreshOutcome::kSuperseded, "superseded"}, {RefreshOutcome::kRefused, "refused"},
    {RefreshOutcome::kUnknown, "unknown"},       {RefreshOutcome::kFailed, "failed"},
};

// The name of kNone is empty.
absl::string_view NameOf(Event event);
absl::string_view NameOf(OtpFlow flow);
absl::string_view NameOf(OtpStep step);
absl::string_view NameOf(RefreshOutcome outcome);

// The event of a step of this code. `step`: kCreated, kResent, kVerified or kVerificationFailed.
Event OtpEvent(const storage::Code& code, OtpStep step);

// Makes an audit event without its references. `By` is an Origin or an Actor.
template <class By>
// NOLINTNEXTLINE(performance-unnecessary-value-param): not seen to be moved without an instance
storage::AuditEvent MakeAudit(const By& by, Event event, std::string detail, absl::Time now) {
  return {.id = by.audit_id,
          .event = std::string(NameOf(event)),
          .at = now,
          .caller = by.caller,
          .ip = by.ip,
          .detail = std::move(detail),
          .otp_id = {},
          .user_id = {},
          .session_id = {}};
}

}  // namespace otpgate::domain

#endif  // OTPGATE_SERVER_DOMAIN_EVENTS_H_
