#ifndef OTPGATE_STORAGE_POSTGRES_SUBJECT_LOAD_H_
#define OTPGATE_STORAGE_POSTGRES_SUBJECT_LOAD_H_

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "storage/postgres/store_connection.h"
#include "storage/storage.h"

namespace otpgate::storage::postgres {

// Reads subjects with their codes in one statement, and then, if some ask wants them, requests and
// accounts. Starts again if a subject changed between subjects and requests. Errors are those of
// StoreConnection::Run, and ABORTED if the rows change faster than they can be read.
absl::StatusOr<Loaded<Subject>> LoadSubjects(StoreConnection& connection,
                                             absl::Span<const SubjectAsk> asks);

}  // namespace otpgate::storage::postgres

#endif  // OTPGATE_STORAGE_POSTGRES_SUBJECT_LOAD_H_
