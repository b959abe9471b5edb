#include "storage/postgres/statements/audit_events.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace otpgate::storage::postgres {

Scope ScopeOf(const UserId& user) {
  return {absl::StrCat("user:", absl::BytesToHexString(user.bytes))};
}

}  // namespace otpgate::storage::postgres
