#ifndef OTPGATE_BASE_CRYPTO_STRICT_JSON_H_
#define OTPGATE_BASE_CRYPTO_STRICT_JSON_H_

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace otpgate::crypto {

// Strict JSON for untrusted tokens and key sets. Include it in .cc files only: it includes the JSON
// library, which takes seconds to compile.

// Parses `text` as one JSON object (RFC 8259). None if it is not an object, is not UTF-8, has a
// byte order mark, has more than 8 levels, or names a member twice on any level (RFC 7515, 4; RFC
// 7519, 4).
std::optional<nlohmann::json> ParseStrictObject(absl::string_view text);

// The member `name` of an object, or none if it is missing or of another type.
std::optional<std::string> GetString(const nlohmann::json& object, const char* name);
std::optional<uint64_t> GetUint(const nlohmann::json& object, const char* name);
// A string counts as a list of one (RFC 7519, 4.1.3).
std::optional<std::vector<std::string>> GetStrings(const nlohmann::json& object, const char* name);

}  // namespace otpgate::crypto

#endif  // OTPGATE_BASE_CRYPTO_STRICT_JSON_H_
