#ifndef OTPGATE_CLIENTS_CTL_ADMIN_KEY_FILES_H_
#define OTPGATE_CLIENTS_CTL_ADMIN_KEY_FILES_H_

#include "absl/status/statusor.h"
#include "clients/ctl/admin/admin.h"

// otpgatectl keys with --of pepper, handle, refresh or master: keys in files instead of the
// database. Servers read a changed file within seconds. Each change writes an audit event.
namespace otpgate::ctl {

absl::StatusOr<Exit> ListKeyFile(AdminContext& context, const AdminOptions& options,
                                 Output& output);
// Adds a key that all servers accept at once and use after --in.
absl::StatusOr<Exit> RotateKeyFile(AdminContext& context, const AdminOptions& options,
                                   Output& output);
// Makes servers refuse what was made with the key; users can still end its sessions.
absl::StatusOr<Exit> RetireKeyFile(AdminContext& context, const AdminOptions& options,
                                   Output& output);
// Removes a retired key. For a refresh key, also ends its sessions.
absl::StatusOr<Exit> DestroyKeyFile(AdminContext& context, const AdminOptions& options,
                                    Output& output);

}  // namespace otpgate::ctl

#endif  // OTPGATE_CLIENTS_CTL_ADMIN_KEY_FILES_H_
