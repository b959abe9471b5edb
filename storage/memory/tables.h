#ifndef OTPGATE_STORAGE_MEMORY_TABLES_H_
#define OTPGATE_STORAGE_MEMORY_TABLES_H_

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/time/time.h"
#include "storage/job_leases.h"
#include "storage/types.h"

// The rows of migrations/sql as maps by primary key. Plain data: MemoryDatabase guards it.
namespace otpgate::memory {

// `state` holds the columns of `subjects` only; what the subject owns is in the other tables.
struct SubjectRow {
  SubjectState state;
  Version version = 0;
  Version previous = 0;
};

struct BucketRow {
  BucketState state;
  Version version = 0;
  Version previous = 0;
};

struct UserRow {
  Account account;
  Version version = 0;
  Version previous = 0;
};

// `born` is how the row began; what can change since is beside it.
struct SessionRow {
  NewSession born;
  Version version = 0;
  Version previous = 0;
  int generation = 0;
  std::string key_id;
  absl::Time idle_expires_at;
  std::optional<absl::Time> rotated_at;
  std::string rotated_by;
  std::optional<absl::Time> revoked_at;
  std::string revoked_reason;
};

enum class OutboxState { kPending, kSent, kDropped, kFailed, kSuppressed };

struct OutboxRow {
  SubjectKey subject;
  // `sealed` is wiped when the row is finished; `state` is the one it was born with.
  Message message;
  OutboxState state = OutboxState::kPending;
  int generation = 0;      // fencing number of the lease
  absl::Time next_try_at;  // end of the lease or of the wait
  std::optional<absl::Time> finished_at;
  std::string reason;
  std::string provider_id;
};

struct AuditRow {
  SubjectKey scope;  // of the events of a subject
  UserId user;       // of the events of an account or its sessions; else empty
  AuditEvent event;
};

// Either table of codes: the primary key of `signup_otps` is the same with purpose `login`.
using CodeKey = std::tuple<SubjectKey, CodeTable, Purpose>;
using SessionKey = std::tuple<UserId, SessionId>;
using ScopedRequestKey = std::tuple<SubjectKey, RequestKey>;

struct Tables {
  absl::flat_hash_map<SubjectKey, SubjectRow> subjects;
  std::map<CodeKey, Code> codes;
  absl::flat_hash_map<UserId, UserRow> users;
  std::map<std::tuple<UserId, SubjectKey>, Identity> identities;
  absl::flat_hash_map<SessionKey, SessionRow> sessions;
  absl::flat_hash_map<ScopedRequestKey, RequestRecord> requests;
  absl::flat_hash_map<std::string, BucketRow> limits;
  // In the order of their birth, with their primary keys beside them.
  std::vector<OutboxRow> outbox;
  std::vector<AuditRow> audit;
  absl::flat_hash_map<std::tuple<std::string, MessageId>, size_t> outbox_keys;  // to the place
  absl::flat_hash_set<std::tuple<SubjectKey, UserId, AuditId>> audit_keys;
  std::optional<absl::Time> not_before;
  std::map<std::string, JobLease> job_leases;  // `now` is not kept
};

}  // namespace otpgate::memory

#endif  // OTPGATE_STORAGE_MEMORY_TABLES_H_
