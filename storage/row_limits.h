#ifndef OTPGATE_STORAGE_ROW_LIMITS_H_
#define OTPGATE_STORAGE_ROW_LIMITS_H_

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/types/span.h"
#include "storage/session_types.h"
#include "storage/storage.h"

// What migrations/sql checks, said once more for everything above SQL: storage without SQL refuses
// the same rows, and PostgreSQL is never sent a batch it would refuse or silently change. Beyond
// the named constraints: texts are UTF-8 without NUL, times whole microseconds, enums known,
// numbers within their columns, index keys within a page, no row twice in one write, no code row
// forgotten.
//
// INVALID_ARGUMENT with the name of the first broken constraint, <table>_<column>_<rule>; the
// message never holds a value. Pure.
namespace otpgate {

// One change with all its rows.
absl::Status Check(const Change<Subject>& change);
absl::Status Check(const Change<Bucket>& change);
absl::Status Check(const Change<Session>& change);
absl::Status Check(const Change<User>& change);

// All changes of one write: every row of each, and that keys and versions differ.
template <class A>
absl::Status CheckWrite(absl::Span<const Change<A>> changes) {
  absl::flat_hash_set<typename A::Key> keys;
  absl::flat_hash_set<Version> versions;
  for (const Change<A>& change : changes) {
    if (absl::Status status = Check(change); !status.ok()) return status;
    if (!keys.insert(change.key).second) return absl::InvalidArgumentError("write_key_unique");
    if (!versions.insert(change.version).second) {
      return absl::InvalidArgumentError("write_version_unique");
    }
  }
  return absl::OkStatus();
}

}  // namespace otpgate

#endif  // OTPGATE_STORAGE_ROW_LIMITS_H_
