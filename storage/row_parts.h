#ifndef OTPGATE_STORAGE_ROW_PARTS_H_
#define OTPGATE_STORAGE_ROW_PARTS_H_

#include <cstddef>

#include "storage/row_check.h"
#include "storage/types.h"

// Checks of rows that more than one aggregate writes. Pure.
namespace otpgate {

inline constexpr size_t kIdBytes = UserId::kBytes;
inline constexpr size_t kUuidBytes = 16;
inline constexpr size_t kKeyIdBytesMax = 16;

bool IsKnown(UserType type);
void CheckAccount(RowCheck& check, const Account& account);
void CheckAudit(RowCheck& check, const AuditEvent& event);

}  // namespace otpgate

#endif  // OTPGATE_STORAGE_ROW_PARTS_H_
