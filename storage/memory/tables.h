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
#include "storage/session_types.h"
#include "storage/types.h"

// The tables of migrations/sql as maps by primary key. Plain data, guarded by MemoryDatabase.
namespace otpgate::storage::memory {

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

// `inserted` is the session as it was inserted, `state` as it is now, without `account` and
// `not_before`.
struct SessionRow {
  NewSession inserted;
  SessionState state;
  Version version = 0;
  Version previous = 0;
};

enum class OutboxState { kPending, kSent, kDropped, kFailed, kSuppressed };

struct OutboxRow {
  SubjectKey subject;
  // Its `sealed` is cleared when the row is finished; its `state` is the one at the insert.
  Message message;
  OutboxState state = OutboxState::kPending;
  int generation = 0;      // fencing number of the lease
  absl::Time next_try_at;  // end of the lease or of the delay
  std::optional<absl::Time> finished_at;
  std::string reason;
  std::string provider_id;
};

struct AuditRow {
  SubjectKey scope;  // the subject, for its events
  UserId user;       // the account, for its events and those of its sessions; else empty
  AuditEvent event;
};

// For both tables of codes: a row of `signup_otps` has purpose `login`.
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
  // In the order of the inserts; the primary keys are kept below.
  std::vector<OutboxRow> outbox;
  std::vector<AuditRow> audit;
  absl::flat_hash_map<std::tuple<std::string, MessageId>, size_t> outbox_keys;  // to the index
  absl::flat_hash_set<std::tuple<SubjectKey, UserId, AuditId>> audit_keys;
  std::optional<absl::Time> not_before;
  std::map<std::string, JobLease> job_leases;  // `now` is not kept
};

}  // namespace otpgate::storage::memory

#endif  // OTPGATE_STORAGE_MEMORY_TABLES_H_
