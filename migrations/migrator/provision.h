#ifndef OTPGATE_MIGRATIONS_MIGRATOR_PROVISION_H_
#define OTPGATE_MIGRATIONS_MIGRATOR_PROVISION_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/pg/connection.h"

namespace otpgate::migrator {

// Roles, the rights to connect and create, and the settings of the working roles in this database
// (timeouts, planner switches).
//
//   otpgate_owner     owns every object; nobody signs in as it
//   otpgate_migrator  signs in to migrate and acts as the owner
//   otpgate_app       the server: reads and writes rows, does not change the schema
//   otpgate_cleanup   removes rows that nobody needs any more
//   otpgate_readonly  admins and monitoring
//
// Roles belong to the whole cluster, settings and rights to one database. Each `up` compares and
// mends both: a copied database, for example, comes without its settings.

// A difference from what is wanted, and the statement that mends it.
struct Gap {
  std::string what;
  std::string sql;
};

absl::StatusOr<std::vector<Gap>> FindGaps(pg::Connection& connection);

// Mends all gaps. Safe while other databases of the cluster do the same. PERMISSION_DENIED: an
// administrator must run a statement once; the message says which.
absl::Status CloseGaps(pg::Connection& connection);

}  // namespace otpgate::migrator

#endif  // OTPGATE_MIGRATIONS_MIGRATOR_PROVISION_H_
