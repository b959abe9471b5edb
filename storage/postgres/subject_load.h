#ifndef OTPGATE_STORAGE_POSTGRES_SUBJECT_LOAD_H_
#define OTPGATE_STORAGE_POSTGRES_SUBJECT_LOAD_H_

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "storage/postgres/pg_session.h"
#include "storage/storage.h"

namespace otpgate {

// Reads subjects with their codes in one statement, and then, where some ask wants them, requests
// and accounts. Begins anew when a request was recorded in between. Errors are those of
// PgSession::Run.
absl::StatusOr<Loaded<Subject>> LoadSubjects(PgSession& session, absl::Span<const SubjectAsk> asks);

}  // namespace otpgate

#endif  // OTPGATE_STORAGE_POSTGRES_SUBJECT_LOAD_H_
