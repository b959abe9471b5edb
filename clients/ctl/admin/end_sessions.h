#ifndef OTPGATE_CLIENTS_CTL_ADMIN_END_SESSIONS_H_
#define OTPGATE_CLIENTS_CTL_ADMIN_END_SESSIONS_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "clients/ctl/admin/admin.h"

namespace otpgate::ctl {

// Ends every session whose refresh tokens are made with this key, each as a single one would be.
// How many there were. An error leaves the rest as it is; run it again.
absl::StatusOr<int64_t> EndSessionsOfKey(Place& place, const AdminOptions& options,
                                         const std::string& key_id);

}  // namespace otpgate::ctl

#endif  // OTPGATE_CLIENTS_CTL_ADMIN_END_SESSIONS_H_
