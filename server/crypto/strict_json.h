#ifndef OTPGATE_SERVER_CRYPTO_STRICT_JSON_H_
#define OTPGATE_SERVER_CRYPTO_STRICT_JSON_H_

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace otpgate::crypto {

// JSON of tokens and key sets from outside. For .cc files: the header costs seconds to compile.

// The object that `text` is (RFC 8259), or none: not an object, not UTF-8, a byte order mark, more
// than 8 levels, or a member named twice on any level (RFC 7515, 4; RFC 7519, 4).
std::optional<nlohmann::json> ParseStrictObject(absl::string_view text);

// The member `name` if it is there and of that type, for an object.
std::optional<std::string> GetString(const nlohmann::json& object, const char* name);
std::optional<uint64_t> GetUint(const nlohmann::json& object, const char* name);
// A string counts as a list of one (RFC 7519, 4.1.3).
std::optional<std::vector<std::string>> GetStrings(const nlohmann::json& object, const char* name);

}  // namespace otpgate::crypto

#endif  // OTPGATE_SERVER_CRYPTO_STRICT_JSON_H_
