#include "storage/cleanup.h"

namespace otpgate::storage {

absl::string_view NameOf(CleanupKind kind) {
  switch (kind) {
    case CleanupKind::kSignupOtps:
      return "signup_otps";
    case CleanupKind::kOtpSessions:
      return "otp_sessions";
    case CleanupKind::kRequests:
      return "requests";
    case CleanupKind::kOutbox:
      return "outbox";
    case CleanupKind::kSubjects:
      return "subjects";
    case CleanupKind::kSessions:
      return "sessions";
    case CleanupKind::kLimits:
      return "limits";
    case CleanupKind::kAuditEvents:
      return "audit_events";
  }
  return "";
}

absl::Duration RetentionOf(CleanupKind kind, const Retention& retention) {
  switch (kind) {
    case CleanupKind::kSignupOtps:
    case CleanupKind::kOtpSessions:
      return retention.codes;
    case CleanupKind::kRequests:
      return retention.requests;
    case CleanupKind::kOutbox:
      return retention.messages;
    case CleanupKind::kSubjects:
      return retention.subjects;
    case CleanupKind::kSessions:
      return retention.sessions;
    case CleanupKind::kLimits:
      return retention.limits;
    case CleanupKind::kAuditEvents:
      return retention.audit;
  }
  return absl::InfiniteDuration();
}

Retention WithClockOff(Retention retention, absl::Duration most) {
  retention.requests += 2 * most;
  retention.subjects += 2 * most;
  return retention;
}

}  // namespace otpgate::storage
