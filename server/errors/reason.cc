#include "server/errors/reason.h"

namespace otpgate {

absl::string_view ReasonName(Reason reason) {
  switch (reason) {
    case Reason::kUnspecified:
      return "ERROR_REASON_UNSPECIFIED";
    case Reason::kInvalidRequest:
      return "INVALID_REQUEST";
    case Reason::kOtpInvalid:
      return "OTP_INVALID";
    case Reason::kAccountDisabled:
      return "ACCOUNT_DISABLED";
    case Reason::kIdentifierTaken:
      return "IDENTIFIER_TAKEN";
    case Reason::kSendLimit:
      return "SEND_LIMIT";
    case Reason::kResendCooldown:
      return "RESEND_COOLDOWN";
    case Reason::kClientLimit:
      return "CLIENT_LIMIT";
    case Reason::kOverloaded:
      return "OVERLOADED";
    case Reason::kRequestIdReused:
      return "REQUEST_ID_REUSED";
    case Reason::kRequestSuperseded:
      return "REQUEST_SUPERSEDED";
    case Reason::kUnauthenticated:
      return "UNAUTHENTICATED";
    case Reason::kPermissionDenied:
      return "PERMISSION_DENIED";
    case Reason::kConflict:
      return "CONFLICT";
    case Reason::kUnavailable:
      return "UNAVAILABLE";
    case Reason::kOutcomeUnknown:
      return "OUTCOME_UNKNOWN";
    case Reason::kDeadlineExceeded:
      return "DEADLINE_EXCEEDED";
    case Reason::kInternal:
      return "INTERNAL";
    case Reason::kTokenInvalid:
      return "TOKEN_INVALID";
  }
  return "ERROR_REASON_UNSPECIFIED";
}

}  // namespace otpgate
