#ifndef OTPGATE_STORAGE_MEMORY_ROWS_H_
#define OTPGATE_STORAGE_MEMORY_ROWS_H_

#include "absl/types/span.h"
#include "storage/memory/tables.h"
#include "storage/session_types.h"
#include "storage/storage.h"

// Reads and writes aggregates. The caller holds the lock of the tables.
namespace otpgate::storage::memory {

Row<Subject> Read(const Tables& tables, const SubjectAsk& ask);
Row<Bucket> Read(const Tables& tables, const BucketAsk& ask);
Row<AccountView> Read(const Tables& tables, const AccountView::Ask& ask);
Row<Session> Read(const Tables& tables, const SessionAsk& ask);
Row<User> Read(const Tables& tables, const UserAsk& ask);
Row<SessionList> Read(const Tables& tables, const SessionList::Ask& ask);

// True if the row is as `change` expects it. A subject or bucket also wins if its row is not there:
// an upsert inserts a removed row again, whole. A removed session or user is not inserted again.
bool Wins(const Tables& tables, const Change<Subject>& change);
bool Wins(const Tables& tables, const Change<Bucket>& change);
bool Wins(const Tables& tables, const Change<Session>& change);
bool Wins(const Tables& tables, const Change<User>& change);

// True if a row that `changes` insert under a fresh id exists already or comes twice.
bool HasTakenIds(const Tables& tables, absl::Span<const Change<Subject>* const> changes);
bool HasTakenIds(const Tables& tables, absl::Span<const Change<Bucket>* const> changes);
bool HasTakenIds(const Tables& tables, absl::Span<const Change<Session>* const> changes);
bool HasTakenIds(const Tables& tables, absl::Span<const Change<User>* const> changes);

// Writes all of a change that won. Cannot fail.
void Apply(Tables& tables, const Change<Subject>& change);
void Apply(Tables& tables, const Change<Bucket>& change);
void Apply(Tables& tables, const Change<Session>& change);
void Apply(Tables& tables, const Change<User>& change);

}  // namespace otpgate::storage::memory

#endif  // OTPGATE_STORAGE_MEMORY_ROWS_H_
