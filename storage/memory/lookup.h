#ifndef OTPGATE_STORAGE_MEMORY_LOOKUP_H_
#define OTPGATE_STORAGE_MEMORY_LOOKUP_H_

#include <optional>
#include <vector>

#include "storage/memory/tables.h"
#include "storage/types.h"

// Lookups that more than one aggregate needs.
namespace otpgate::storage::memory {

std::optional<Account> FindAccount(const Tables& tables, const UserId& user);
std::vector<Identity> FindIdentities(const Tables& tables, const UserId& user);
std::optional<RecordedSession> FindSession(const Tables& tables, const UserId& user,
                                           const SessionId& session);

}  // namespace otpgate::storage::memory

#endif  // OTPGATE_STORAGE_MEMORY_LOOKUP_H_
