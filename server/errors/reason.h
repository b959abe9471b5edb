#ifndef OTPGATE_SERVER_ERRORS_REASON_H_
#define OTPGATE_SERVER_ERRORS_REASON_H_

#include "absl/strings/string_view.h"

namespace otpgate {

// Why a call was refused. The same names and numbers as otpgate.v1.ErrorReason (a test compares
// them); they are API: never renamed, never reused.
enum class Reason {
  kUnspecified = 0,
  kInvalidRequest = 1,  // INVALID_ARGUMENT     a field breaks its documented form
  kOtpInvalid = 2,  // FAILED_PRECONDITION  wrong, expired, unknown, consumed, exhausted, blocked
  kAccountDisabled = 3,  // FAILED_PRECONDITION  right code, but the account is disabled
  kIdentifierTaken = 4,  // FAILED_PRECONDITION  right code, but another account has the identifier
  kSendLimit = 5,        // RESOURCE_EXHAUSTED   too many codes for this identifier
  kResendCooldown = 6,   // RESOURCE_EXHAUSTED   the last message is too young
  kClientLimit = 7,      // RESOURCE_EXHAUSTED   too many requests from this address
  kOverloaded = 8,       // RESOURCE_EXHAUSTED   queues are full; nothing was evaluated
  kRequestIdReused = 9,  // FAILED_PRECONDITION  same request_id, other payload (HTTP 422)
  kRequestSuperseded = 10,  // FAILED_PRECONDITION  the recorded answer may no longer be given
  kUnauthenticated =
      11,  // UNAUTHENTICATED      caller credentials or bearer token missing or wrong
  kPermissionDenied = 12,  // PERMISSION_DENIED    this caller may not call this method
  kConflict = 13,          // ABORTED              lost every round; try again at once
  kUnavailable = 14,  // UNAVAILABLE          the database cannot be reached; nothing was changed
  kOutcomeUnknown =
      15,  // UNKNOWN              the change may have happened; retry with the same request_id
  kDeadlineExceeded = 16,  // DEADLINE_EXCEEDED    waited too long; nothing was changed
  kInternal = 17,          // INTERNAL             our fault
  kTokenInvalid = 18,      // UNAUTHENTICATED      refresh token unknown, expired, revoked or reused
};

// "OTP_INVALID" for kOtpInvalid: the text of ErrorInfo.reason.
absl::string_view ReasonName(Reason reason);

}  // namespace otpgate

#endif  // OTPGATE_SERVER_ERRORS_REASON_H_
