#ifndef OTPGATE_MIGRATIONS_MIGRATOR_PROVISION_H_
#define OTPGATE_MIGRATIONS_MIGRATOR_PROVISION_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "migrations/migrator/session.h"

namespace otpgate::migrator {

// What stands around the tables: the roles, who may connect and create, and the settings of the
// app role in this database (timeouts, planner switches).
//
//   otpgate_owner     owns every object; nobody signs in as it
//   otpgate_migrator  signs in to migrate and acts as the owner
//   otpgate_app       the server: reads and writes rows, changes no schema
//   otpgate_cleanup   removes what has expired
//   otpgate_readonly  admins and monitoring
//
// Roles belong to the whole cluster, settings and rights to one database. Both are compared and
// mended, not assumed: a copied database, for one, comes without its settings.

// One thing that is not as it should be, and the statement that mends it.
struct Gap {
  std::string what;
  std::string sql;
};

absl::StatusOr<std::vector<Gap>> FindGaps(Session& session);

// Mends all gaps. Safe while other databases of the cluster do the same. PERMISSION_DENIED: it
// needs an administrator, once.
absl::Status CloseGaps(Session& session);

}  // namespace otpgate::migrator

#endif  // OTPGATE_MIGRATIONS_MIGRATOR_PROVISION_H_
