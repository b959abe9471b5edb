#ifndef OTPGATE_CLIENTS_CTL_ADMIN_END_SESSIONS_H_
#define OTPGATE_CLIENTS_CTL_ADMIN_END_SESSIONS_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "clients/ctl/admin/admin.h"

namespace otpgate::ctl {

// Ends every session whose refresh tokens were made with this key, with the rules of the service.
// Returns the number of sessions. After an error the remaining sessions are unchanged, and a repeat
// continues.
absl::StatusOr<int64_t> EndSessionsOfKey(AdminContext& context, const AdminOptions& options,
                                         const std::string& key_id);

}  // namespace otpgate::ctl

#endif  // OTPGATE_CLIENTS_CTL_ADMIN_END_SESSIONS_H_
