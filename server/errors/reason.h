#ifndef OTPGATE_SERVER_ERRORS_REASON_H_
#define OTPGATE_SERVER_ERRORS_REASON_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace otpgate::errors {

// What the error details of a reason contain, besides RetryInfo and the name of a limit.
enum class ReasonDetail : uint8_t {
  kNone,
  kViolations,    // BadRequest with all violations
  kAttemptsLeft,  // metadata "attempts_remaining", when the failure has it
  kCallId,        // metadata "request_id": the call id, which the log lines of the call have
};

// The only list of the reasons why a call is refused. Names and numbers are those of
// otpgate.v1.ErrorReason, which explains each of them (tests/lint compares the two). They are API:
// never rename or reuse them. Each line has
//
//   enumerator, number, name in ErrorInfo.reason, gRPC code, detail, retry, message
//
// `retry`: the milliseconds that RetryInfo tells when the failure does not; 0: no RetryInfo.
// clang-format off
#define OTPGATE_REASONS(X)                                                                         \
  X(kUnspecified, 0, "ERROR_REASON_UNSPECIFIED", kInternal, kNone, 0,                              \
    "internal error")                                                                              \
  X(kInvalidRequest, 1, "INVALID_REQUEST", kInvalidArgument, kViolations, 0,                       \
    "the request breaks its documented form")                                                      \
  X(kOtpInvalid, 2, "OTP_INVALID", kFailedPrecondition, kAttemptsLeft, 0,                          \
    "the code is not valid")                                                                       \
  X(kAccountDisabled, 3, "ACCOUNT_DISABLED", kFailedPrecondition, kNone, 0,                        \
    "the account is disabled")                                                                     \
  X(kIdentifierTaken, 4, "IDENTIFIER_TAKEN", kFailedPrecondition, kNone, 0,                        \
    "another account has this identifier")                                                         \
  X(kSendLimit, 5, "SEND_LIMIT", kResourceExhausted, kNone, 1000,                                  \
    "too many codes for this identifier")                                                          \
  X(kResendCooldown, 6, "RESEND_COOLDOWN", kResourceExhausted, kNone, 1000,                        \
    "the last code was sent a moment ago")                                                         \
  X(kClientLimit, 7, "CLIENT_LIMIT", kResourceExhausted, kNone, 1000,                              \
    "too many requests from this address")                                                         \
  X(kOverloaded, 8, "OVERLOADED", kResourceExhausted, kNone, 1000,                                 \
    "the service is busy; nothing was changed")                                                    \
  X(kRequestIdReused, 9, "REQUEST_ID_REUSED", kFailedPrecondition, kNone, 0,                       \
    "this request_id was used with another payload")                                               \
  X(kRequestSuperseded, 10, "REQUEST_SUPERSEDED", kFailedPrecondition, kNone, 0,                   \
    "the answer to this request_id may no longer be given")                                        \
  X(kUnauthenticated, 11, "UNAUTHENTICATED", kUnauthenticated, kNone, 0,                           \
    "credentials are missing or wrong")                                                            \
  X(kPermissionDenied, 12, "PERMISSION_DENIED", kPermissionDenied, kNone, 0,                       \
    "this caller may not call this method")                                                        \
  X(kConflict, 13, "CONFLICT", kAborted, kNone, 50,                                                \
    "lost against other changes; nothing was changed")                                             \
  X(kUnavailable, 14, "UNAVAILABLE", kUnavailable, kNone, 1000,                                    \
    "the service is unavailable; nothing was changed")                                             \
  X(kOutcomeUnknown, 15, "OUTCOME_UNKNOWN", kUnknown, kNone, 0,                                    \
    "the change may have happened; retry with the same request_id")                                \
  X(kDeadlineExceeded, 16, "DEADLINE_EXCEEDED", kDeadlineExceeded, kNone, 0,                       \
    "the call took too long")                                                                      \
  X(kInternal, 17, "INTERNAL", kInternal, kCallId, 0,                                              \
    "internal error")                                                                              \
  X(kTokenInvalid, 18, "TOKEN_INVALID", kUnauthenticated, kNone, 0,                                \
    "the refresh token is not valid; sign in again")
// clang-format on

enum class Reason {
#define OTPGATE_REASON_ENUMERATOR(id, number, ...) id = number,
  OTPGATE_REASONS(OTPGATE_REASON_ENUMERATOR)
#undef OTPGATE_REASON_ENUMERATOR
};

// A line of the list.
struct ReasonFacts {
  Reason reason;
  absl::string_view name;
  absl::StatusCode code;  // the same numbers as google.rpc.Code
  ReasonDetail detail;
  absl::Duration retry_after;  // when the failure does not say; zero: no RetryInfo
  absl::string_view message;
};

inline constexpr ReasonFacts kReasons[] = {
#define OTPGATE_REASON_FACTS(id, number, name, code, detail, retry_ms, message)                  \
  {Reason::id, name, absl::StatusCode::code, ReasonDetail::detail, absl::Milliseconds(retry_ms), \
   message},
    OTPGATE_REASONS(OTPGATE_REASON_FACTS)
#undef OTPGATE_REASON_FACTS
};
#undef OTPGATE_REASONS

// The facts of a reason; those of kUnspecified for an unknown number, which a newer server may have
// recorded in an outcome.
constexpr const ReasonFacts& FactsOf(Reason reason) {
  for (const ReasonFacts& facts : kReasons) {
    if (facts.reason == reason) return facts;
  }
  return kReasons[0];
}

// The text of ErrorInfo.reason: "OTP_INVALID" for kOtpInvalid.
constexpr absl::string_view ReasonName(Reason reason) { return FactsOf(reason).name; }

}  // namespace otpgate::errors

#endif  // OTPGATE_SERVER_ERRORS_REASON_H_
