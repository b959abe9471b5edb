#ifndef OTPGATE_CLIENTS_CTL_ADMIN_END_CODES_H_
#define OTPGATE_CLIENTS_CTL_ADMIN_END_CODES_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "clients/ctl/admin/admin.h"
#include "server/domain/subject_rules.h"

namespace otpgate::ctl {

// The rules of subjects, for commands without a guess.
const domain::SubjectRules& RulesWithoutGuesses();

domain::Origin OriginOf(const AdminOptions& options);

// Voids every pending code that was created before `before`, subject by subject, with the rules of
// the service. Returns the number of subjects. After an error the remaining codes are unchanged,
// and a repeat continues.
absl::StatusOr<int64_t> EndCodesBefore(AdminContext& context, const AdminOptions& options,
                                       absl::Time before);

}  // namespace otpgate::ctl

#endif  // OTPGATE_CLIENTS_CTL_ADMIN_END_CODES_H_
