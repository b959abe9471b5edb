#include "storage/postgres/pg_subject_store.h"

#include <utility>

#include "base/status_macros.h"
#include "storage/postgres/statements/accounts.h"
#include "storage/postgres/statements/requests.h"
#include "storage/postgres/statements/subjects.h"
#include "storage/postgres/subject_load.h"
#include "storage/row_limits.h"

namespace otpgate::storage::postgres {

PgSubjectStore::PgSubjectStore(pg::ConnectionOptions options, const Clock& clock)
    : connection_(std::move(options),
                  {&kLoadSubjects, &kLoadRequests, &kLoadAccounts, &write_.whole()}),
      clock_(clock) {}

absl::StatusOr<Loaded<Subject>> PgSubjectStore::Load(absl::Span<const SubjectAsk> asks) {
  clock_.LoadStarts();
  OTPGATE_ASSIGN_OR_RETURN(Loaded<Subject> loaded, LoadSubjects(connection_, asks));
  clock_.LoadEnded(loaded.now);
  return loaded;
}

absl::StatusOr<PgSubjectStore::Won> PgSubjectStore::Write(absl::Span<const Change<Subject>> changes,
                                                          absl::Time valid_until) {
  OTPGATE_RETURN_IF_ERROR(CheckWrite<Subject>(changes));
  write_.Fill(changes);
  OTPGATE_ASSIGN_OR_RETURN(
      std::vector<Version> versions,
      WriteGuarded(connection_, write_.statement(), write_.params(), clock_, valid_until));
  return MatchWinners(changes, versions);
}

}  // namespace otpgate::storage::postgres
