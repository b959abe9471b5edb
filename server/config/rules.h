#ifndef OTPGATE_SERVER_CONFIG_RULES_H_
#define OTPGATE_SERVER_CONFIG_RULES_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "server/config/config.h"

namespace otpgate::config {

// The problems of values that are fine one by one: combinations, [[clients]], and what production
// refuses. One line each, which begins with the key and holds no secrets. Rules about a key in
// `broken` (its value could not be read) are skipped, so that one mistake gives one line. Pure.
std::vector<std::string> RuleProblems(const Config& config,
                                      const absl::flat_hash_set<absl::string_view>& broken);

}  // namespace otpgate::config

#endif  // OTPGATE_SERVER_CONFIG_RULES_H_
