#ifndef OTPGATE_CLIENTS_CTL_ADMIN_KEY_FILES_H_
#define OTPGATE_CLIENTS_CTL_ADMIN_KEY_FILES_H_

#include "absl/status/statusor.h"
#include "clients/ctl/admin/admin.h"

// otpgatectl keys with --of pepper, handle, refresh or master: the keys that live in files beside
// the service, not in its database. Servers read a changed file within seconds. Each change leaves
// an audit event.
namespace otpgate::ctl {

absl::StatusOr<Exit> ListKeyFile(Place& place, const AdminOptions& options, Output& output);
// Adds a key that everybody accepts at once and that is used after --in.
absl::StatusOr<Exit> RotateKeyFile(Place& place, const AdminOptions& options, Output& output);
// Refuses what was made with the key; its sessions can still be ended by their owners.
absl::StatusOr<Exit> RetireKeyFile(Place& place, const AdminOptions& options, Output& output);
// Removes a retired key, and ends the sessions of a refresh key.
absl::StatusOr<Exit> DestroyKeyFile(Place& place, const AdminOptions& options, Output& output);

}  // namespace otpgate::ctl

#endif  // OTPGATE_CLIENTS_CTL_ADMIN_KEY_FILES_H_
