#ifndef OTPGATE_SERVER_DOMAIN_SUBJECT_COMMANDS_H_
#define OTPGATE_SERVER_DOMAIN_SUBJECT_COMMANDS_H_

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/time/time.h"
#include "server/domain/events.h"
#include "server/domain/otp_policy.h"
#include "server/errors/reason.h"
#include "storage/types.h"

namespace otpgate::domain {

// Who calls, and with which request_id.
struct Origin {
  std::string caller;  // id of the calling service
  std::string ip;      // end user's address when the caller may forward it, else empty
  struct Request {
    storage::RequestKey key;
    // Keyed MACs of the canonical payload, one per key. The first is recorded; a recorded one is
    // compared with all.
    std::vector<std::string> fingerprints;
  };
  std::optional<Request> request;
  AuditId audit_id;  // new
};

// A new code, for its row and its message.
struct PreparedCode {
  std::string mac;
  std::string key_id;
  MessageId message_id;
  std::string sealed;  // the encrypted message, which holds the code
};

struct RequestOtp {
  storage::SubjectKey subject;
  storage::Purpose purpose = storage::Purpose::kLogin;
  bool bound = true;  // false: the code belongs to a route without handles
  UserId bearer;      // verify_*: the account that calls
  OtpId otp_id;       // new
  PreparedCode code;
  Origin origin;
};

struct ResendOtp {
  storage::SubjectKey subject;
  storage::Purpose purpose = storage::Purpose::kLogin;
  OtpId otp_id;  // from the handle
  PreparedCode code;
  Origin origin;
};

struct VerifyOtp {
  storage::SubjectKey subject;
  storage::Purpose purpose = storage::Purpose::kLogin;
  OtpId otp_id;  // from the handle; empty: a route without handles
  std::string guess;
  UserId bearer;  // verify_*: the account that calls
  std::optional<storage::Account> bearer_account =
      std::nullopt;  // its row, for later commands of the batch
  std::string device_info;
  UserId new_user_id;    // new
  SessionId session_id;  // new
  std::string refresh_key_id;
  Origin origin;
};

// Resets the failures of a subject for an admin, so that its guesses are evaluated again.
struct UnlockSubject {
  storage::SubjectKey subject;
  Origin origin;
};

// Voids the pending codes of a subject that were created before a time, for an admin.
struct VoidCodes {
  storage::SubjectKey subject;
  Origin origin;
  absl::Time before = absl::InfiniteFuture();
};

using SubjectCommand = std::variant<RequestOtp, ResendOtp, VerifyOtp, UnlockSubject, VoidCodes>;

// A session that a login opened, as far as its tokens need it.
struct OpenedSession {
  SessionId id;
  std::string key_id;
  int token_version = 0;
  absl::Time created_at;
  absl::Time absolute_expires_at;
  std::string amr;

  friend bool operator==(const OpenedSession&, const OpenedSession&) = default;
};

struct SubjectReply {
  errors::Reason reason = errors::Reason::kUnspecified;  // kUnspecified: done
  absl::Time now;                                        // of the decision
  // When an earlier call was decided whose recorded outcome this is; none: not a repeat.
  std::optional<absl::Time> recorded_at;
  std::optional<Event> event;  // none: no event of its own

  // RequestOtp, ResendOtp
  OtpId otp_id;
  absl::Time expires_at;
  absl::Time resend_at;

  // VerifyOtp
  std::optional<int> attempts_remaining;
  std::optional<storage::Account> account;
  std::vector<storage::Identity> identities;
  std::optional<OpenedSession> session;  // purpose login
  bool new_user = false;

  // Limits
  std::optional<absl::Duration> retry_after;
  std::string quota;
  Rate quota_rate;  // the size of the quota

  bool ok() const { return reason == errors::Reason::kUnspecified; }
  bool replayed() const { return recorded_at.has_value(); }
  // When the outcome was decided: the same in a repeat.
  absl::Time decided_at() const { return recorded_at.value_or(now); }
  friend bool operator==(const SubjectReply&, const SubjectReply&) = default;
};

}  // namespace otpgate::domain

#endif  // OTPGATE_SERVER_DOMAIN_SUBJECT_COMMANDS_H_
