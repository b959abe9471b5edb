#include "base/crypto/jwt.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/crypto/base64url.h"
#include "base/crypto/strict_json.h"

namespace otpgate::crypto {
namespace {

constexpr absl::Duration kLeewayMax = absl::Minutes(1);

// The kid of a header with exactly the members alg, typ and kid. So a header with `crit`, `jku`,
// `x5c` or the like is refused.
std::optional<std::string> KidOf(absl::string_view part, const JwtKind& kind) {
  const std::optional<std::string> text = Base64UrlDecode(part);
  const std::optional<nlohmann::json> header = text ? ParseStrictObject(*text) : std::nullopt;
  if (!header || header->size() != 3 || GetString(*header, "alg") != "ES256" ||
      GetString(*header, "typ") != kind.typ) {
    return std::nullopt;
  }
  return GetString(*header, "kid");
}

}  // namespace

std::string SignJwt(const SigningKey& key, const JwtKind& kind, absl::string_view payload) {
  // A kid is base64url, so it needs no escaping.
  const std::string header =
      absl::StrCat(R"({"alg":"ES256","typ":")", kind.typ, R"(","kid":")", key.kid(), R"("})");
  std::string token = absl::StrCat(Base64UrlEncode(header), ".", Base64UrlEncode(payload));
  absl::StrAppend(&token, ".", Base64UrlEncode(key.Sign(token)));
  return token;
}

absl::StatusOr<OpenedJwt> OpenJwt(absl::string_view token, const JwtKind& kind,
                                  KeyLookup key_lookup) {
  if (token.size() > kJwtBytesMax) return RefuseJwt(kind, "too long");
  const std::vector<absl::string_view> parts = absl::StrSplit(token, '.');
  if (parts.size() != 3) return RefuseJwt(kind, "not three parts");
  std::optional<std::string> kid = KidOf(parts[0], kind);
  if (!kid) return RefuseJwt(kind, "bad header");
  const VerifyKey* key = key_lookup(*kid);
  if (key == nullptr) return RefuseJwt(kind, "unknown key");
  const std::optional<std::string> signature = Base64UrlDecode(parts[2]);
  const absl::string_view signed_part = token.substr(0, parts[0].size() + 1 + parts[1].size());
  if (!signature || !key->Verify(signed_part, *signature)) return RefuseJwt(kind, "bad signature");
  std::optional<std::string> payload = Base64UrlDecode(parts[1]);
  if (!payload) return RefuseJwt(kind, "bad claims");
  return OpenedJwt{*std::move(kid), *std::move(payload)};
}

absl::Status CheckJwtTimes(const JwtKind& kind, absl::Time begin, absl::Time exp, absl::Time now,
                           absl::Duration leeway) {
  leeway = std::clamp(leeway, absl::ZeroDuration(), kLeewayMax);
  if (now >= exp + leeway) return RefuseJwt(kind, "expired");
  if (now < begin - leeway) return RefuseJwt(kind, "not valid yet");
  return absl::OkStatus();
}

absl::Status RefuseJwt(const JwtKind& kind, absl::string_view why) {
  return absl::UnauthenticatedError(absl::StrCat(kind.name, ": ", why));
}

}  // namespace otpgate::crypto
