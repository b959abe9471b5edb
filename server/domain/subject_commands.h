#ifndef OTPGATE_SERVER_DOMAIN_SUBJECT_COMMANDS_H_
#define OTPGATE_SERVER_DOMAIN_SUBJECT_COMMANDS_H_

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/time/time.h"
#include "server/errors/reason.h"
#include "storage/types.h"

namespace otpgate {

// Who asks, and under which request_id.
struct Origin {
  std::string caller;  // id of the calling client
  std::string ip;      // end user's address when the caller may say it, else empty
  struct Request {
    RequestKey key;
    // Keyed MACs of the canonical payload, by every key there is: the first one is kept, any of
    // them may equal one that was.
    std::vector<std::string> fingerprints;
  };
  std::optional<Request> request;
  AuditId audit_id;  // drawn
};

// A code on its way into a row and a message, drawn before the batch.
struct DrawnCode {
  std::string mac;
  std::string key_id;
  MessageId message_id;
  std::string sealed;  // the message with the code inside
};

struct RequestOtp {
  SubjectKey subject;
  Purpose purpose = Purpose::kLogin;
  bool bound = true;  // false: codes of routes that have no handle
  UserId bearer;      // verify_*: the account that asks
  OtpId otp_id;       // drawn
  DrawnCode code;
  Origin origin;
};

struct ResendOtp {
  SubjectKey subject;
  Purpose purpose = Purpose::kLogin;
  OtpId otp_id;  // from the handle
  DrawnCode code;
  Origin origin;
};

struct VerifyOtp {
  SubjectKey subject;
  Purpose purpose = Purpose::kLogin;
  OtpId otp_id;  // from the handle; empty: a route without handles
  std::string guess;
  UserId bearer;                                         // verify_*: the account that asks
  std::optional<Account> bearer_account = std::nullopt;  // its row, for what follows in the batch
  std::string device_info;
  UserId new_user_id;    // drawn
  SessionId session_id;  // drawn
  std::string refresh_key_id;
  Origin origin;
};

// An admin's hand: forgets the failures of a subject, so that it is asked for codes again.
struct UnlockSubject {
  SubjectKey subject;
  Origin origin;
};

// An admin's hand: ends every pending code of a subject that was asked for before a time.
struct VoidCodes {
  SubjectKey subject;
  Origin origin;
  absl::Time before = absl::InfiniteFuture();
};

using SubjectCommand = std::variant<RequestOtp, ResendOtp, VerifyOtp, UnlockSubject, VoidCodes>;

// The session a right login code opened, as the token makers need it.
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
  Reason reason = Reason::kUnspecified;  // kUnspecified: done
  absl::Time now;                        // of the decision
  bool replayed = false;                 // the recorded outcome of an earlier call
  // The name of what happened in log lines and in the audit; empty: nothing was evaluated.
  std::string event;

  // RequestOtp, ResendOtp
  OtpId otp_id;
  absl::Time expires_at;
  absl::Time resend_at;

  // VerifyOtp
  std::optional<int> attempts_remaining;
  std::optional<Account> account;
  std::vector<Identity> identities;
  std::optional<OpenedSession> session;  // purpose login
  bool new_user = false;

  // Limits
  std::optional<absl::Duration> retry_after;
  std::string quota;

  bool ok() const { return reason == Reason::kUnspecified; }
  friend bool operator==(const SubjectReply&, const SubjectReply&) = default;
};

}  // namespace otpgate

#endif  // OTPGATE_SERVER_DOMAIN_SUBJECT_COMMANDS_H_
