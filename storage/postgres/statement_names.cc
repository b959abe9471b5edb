#include "storage/postgres/statement_names.h"

#include "absl/strings/match.h"
#include "storage/cleanup.h"
#include "storage/postgres/statements/accounts.h"
#include "storage/postgres/statements/cleanup.h"
#include "storage/postgres/statements/job_leases.h"
#include "storage/postgres/statements/limits.h"
#include "storage/postgres/statements/outbox_dispatch.h"
#include "storage/postgres/statements/requests.h"
#include "storage/postgres/statements/server.h"
#include "storage/postgres/statements/sessions.h"
#include "storage/postgres/statements/signing_keys.h"
#include "storage/postgres/statements/subjects.h"
#include "storage/postgres/subject_write.h"

namespace otpgate::storage::postgres {

std::vector<std::string> StatementNames() {
  // The commands of StoreConnection come first.
  std::vector<std::string> names = {"BEGIN", "COMMIT", "ROLLBACK", kWriteSubjectsName};
  for (const Statement* statement : {&kAddSigningKey,
                                     &kChangeSessions,
                                     &kChangeSessionsAudited,
                                     &kChangeUsers,
                                     &kClaimOutbox,
                                     &kFinishLease,
                                     &kListSessions,
                                     &kListSigningKeys,
                                     &kLoadAccounts,
                                     &kLoadAccountViews,
                                     &kLoadBuckets,
                                     &kLoadRequests,
                                     &kLoadSessions,
                                     &kLoadSubjects,
                                     &kLoadUsers,
                                     &kPing,
                                     &kRenewLease,
                                     &kServerSettings,
                                     &kTakeLease,
                                     &kTurnOutbox,
                                     &kWriteBuckets}) {
    names.push_back(statement->name);
  }
  for (const CleanupKind kind : kCleanupKinds) names.push_back(RemovalOf(kind).name);
  return names;
}

absl::string_view ReportedName(absl::string_view statement) {
  return absl::StartsWith(statement, kWriteSubjectsName) ? kWriteSubjectsName : statement;
}

}  // namespace otpgate::storage::postgres
