#ifndef OTPGATE_CLIENTS_CTL_ADMIN_END_CODES_H_
#define OTPGATE_CLIENTS_CTL_ADMIN_END_CODES_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "clients/ctl/admin/admin.h"
#include "server/domain/subject_rules.h"

namespace otpgate::ctl {

// The rules of subjects, for commands that check no guess.
const SubjectRules& RulesWithoutGuesses();

Origin OriginOf(const AdminOptions& options);

// Ends every pending code that was asked for before a time, each as a single one would be. Of how
// many subjects. An error leaves the rest as it is; run it again.
absl::StatusOr<int64_t> EndCodesBefore(Place& place, const AdminOptions& options,
                                       absl::Time before);

}  // namespace otpgate::ctl

#endif  // OTPGATE_CLIENTS_CTL_ADMIN_END_CODES_H_
