#include "base/crypto/jwks.h"

#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/crypto/strict_json.h"

namespace otpgate::crypto {
namespace {

using nlohmann::json;

std::optional<VerifyKey> KeyOf(const json& jwk) {
  if (!jwk.is_object() || GetString(jwk, "kty") != "EC" || GetString(jwk, "crv") != "P-256" ||
      GetString(jwk, "alg") != "ES256" || GetString(jwk, "use") != "sig") {
    return std::nullopt;
  }
  const std::optional<std::string> x = GetString(jwk, "x");
  const std::optional<std::string> y = GetString(jwk, "y");
  if (!x || !y) return std::nullopt;
  absl::StatusOr<VerifyKey> key = VerifyKey::FromJwk(*x, *y);
  if (!key.ok() || GetString(jwk, "kid") != key->kid()) return std::nullopt;
  return *std::move(key);
}

}  // namespace

std::string JwksJson(const std::vector<VerifyKey>& keys) {
  return absl::StrCat(R"({"keys":[)",
                      absl::StrJoin(keys, ",",
                                    [](std::string* out, const VerifyKey& key) {
                                      absl::StrAppend(out, key.jwk());
                                    }),
                      "]}");
}

absl::StatusOr<std::vector<VerifyKey>> ParseJwks(absl::string_view json_text) {
  const absl::Status refused = absl::InvalidArgumentError("not a JWK Set");
  if (json_text.size() > kJwksBytesMax) return refused;
  const std::optional<json> set = ParseStrictObject(json_text);
  if (!set) return refused;
  const auto members = set->find("keys");
  if (members == set->end() || !members->is_array()) return refused;
  std::vector<VerifyKey> keys;
  for (const json& jwk : *members) {
    if (std::optional<VerifyKey> key = KeyOf(jwk)) keys.push_back(*std::move(key));
  }
  return keys;
}

}  // namespace otpgate::crypto
