#ifndef OTPGATE_STORAGE_ROW_LIMITS_H_
#define OTPGATE_STORAGE_ROW_LIMITS_H_

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/types/span.h"
#include "storage/session_types.h"
#include "storage/storage.h"

// The constraints of migrations/sql, checked before a write: the memory store refuses the same rows
// as PostgreSQL, and PostgreSQL is never sent a batch that it would refuse or silently change.
// Beyond the named constraints: texts are UTF-8 without NUL, times are whole microseconds, enums
// are known, numbers fit their columns, index keys fit a page, no row comes twice in one write, and
// no code row that was loaded is missing.
//
// INVALID_ARGUMENT with the name of the first broken constraint, <table>_<column>_<rule>; the
// message never holds a value. Pure.
namespace otpgate::storage {

// Checks one change with all its rows.
absl::Status Check(const Change<Subject>& change);
absl::Status Check(const Change<Bucket>& change);
absl::Status Check(const Change<Session>& change);
absl::Status Check(const Change<User>& change);

// Checks all changes of one write, and that their keys and versions differ.
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

}  // namespace otpgate::storage

#endif  // OTPGATE_STORAGE_ROW_LIMITS_H_
