#include <algorithm>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/crypto/base64url.h"
#include "base/crypto/jws.h"
#include "base/crypto/strict_json.h"
#include "base/status_macros.h"

namespace otpgate::crypto {
namespace {

using nlohmann::json;

constexpr absl::Duration kLeewayMax = absl::Minutes(1);
constexpr uint64_t kSecondsMax = 253402300799;  // the end of year 9999

absl::Status Refuse(absl::string_view why) {
  return absl::UnauthenticatedError(absl::StrCat("access token: ", why));
}

std::optional<json> DecodeObject(absl::string_view part) {
  const std::optional<std::string> text = Base64UrlDecode(part);
  if (!text) return std::nullopt;
  return ParseStrictObject(*text);
}

// The kid of a header with exactly the members alg, typ and kid. So a header with `crit`, `jku`,
// `x5c` or the like is refused.
std::optional<std::string> KidOf(absl::string_view part) {
  const std::optional<json> header = DecodeObject(part);
  if (!header || header->size() != 3 || GetString(*header, "alg") != "ES256" ||
      GetString(*header, "typ") != "at+jwt") {
    return std::nullopt;
  }
  return GetString(*header, "kid");
}

// Reads the members of one object and records whether all of them were present.
class ClaimReader {
 public:
  explicit ClaimReader(const json& object) : object_(object) {}

  std::string Text(const char* name) { return Keep(GetString(object_, name)); }
  uint64_t Number(const char* name) { return Keep(GetUint(object_, name)); }
  absl::Time Time(const char* name) {
    const uint64_t seconds = Number(name);
    complete_ &= seconds <= kSecondsMax;
    return absl::FromUnixSeconds(static_cast<int64_t>(std::min(seconds, kSecondsMax)));
  }
  std::vector<std::string> Texts(const char* name) {
    std::vector<std::string> texts = Keep(GetStrings(object_, name));
    complete_ &= !texts.empty();
    return texts;
  }
  bool complete() const { return complete_; }

 private:
  template <class T>
  T Keep(std::optional<T> value) {
    complete_ &= value.has_value();
    return std::move(value).value_or(T{});
  }

  const json& object_;
  bool complete_ = true;
};

std::optional<AccessClaims> ClaimsOf(absl::string_view part) {
  const std::optional<json> payload = DecodeObject(part);
  if (!payload) return std::nullopt;
  ClaimReader read(*payload);
  AccessClaims claims;
  claims.iss = read.Text("iss");
  claims.sub = read.Text("sub");
  claims.aud = read.Texts("aud");
  claims.exp = read.Time("exp");
  claims.iat = read.Time("iat");
  claims.nbf = read.Time("nbf");
  claims.jti = read.Text("jti");
  claims.sid = read.Text("sid");
  claims.ver = read.Number("ver");
  claims.amr = read.Texts("amr");
  claims.auth_time = read.Time("auth_time");
  claims.client_id = read.Text("client_id");
  claims.user_type = read.Text("user_type");
  if (!read.complete()) return std::nullopt;
  return claims;
}

}  // namespace

absl::Status CheckAccessClaims(const AccessClaims& claims, absl::Time now,
                               const VerifyOptions& options) {
  const absl::Duration leeway = std::clamp(options.leeway, absl::ZeroDuration(), kLeewayMax);
  if (now >= claims.exp + leeway) return Refuse("expired");
  if (now < claims.nbf - leeway) return Refuse("not valid yet");
  if (now < claims.iat - leeway) return Refuse("issued in the future");
  return CheckIssuerAndAudience(claims, options);
}

absl::Status CheckIssuerAndAudience(const AccessClaims& claims, const VerifyOptions& options) {
  if (claims.iss != options.issuer) return Refuse("other issuer");
  const auto wanted = [&options](const std::string& audience) {
    return std::find(options.audiences.begin(), options.audiences.end(), audience) !=
           options.audiences.end();
  };
  if (std::none_of(claims.aud.begin(), claims.aud.end(), wanted)) return Refuse("other audience");
  return absl::OkStatus();
}

absl::StatusOr<SignedClaims> OpenAccessToken(absl::string_view token, KeyLookup key_lookup) {
  if (token.size() > kAccessTokenBytesMax) return Refuse("too long");
  const std::vector<absl::string_view> parts = absl::StrSplit(token, '.');
  if (parts.size() != 3) return Refuse("not three parts");
  std::optional<std::string> kid = KidOf(parts[0]);
  if (!kid) return Refuse("bad header");
  const VerifyKey* key = key_lookup(*kid);
  if (key == nullptr) return Refuse("unknown key");
  const std::optional<std::string> signature = Base64UrlDecode(parts[2]);
  const absl::string_view signed_part = token.substr(0, parts[0].size() + 1 + parts[1].size());
  if (!signature || !key->Verify(signed_part, *signature)) return Refuse("bad signature");
  std::optional<AccessClaims> claims = ClaimsOf(parts[1]);
  if (!claims) return Refuse("bad claims");
  return SignedClaims{*std::move(kid), *std::move(claims)};
}

absl::StatusOr<AccessClaims> VerifyAccessToken(absl::string_view token, KeyLookup key_lookup,
                                               absl::Time now, const VerifyOptions& options) {
  OTPGATE_ASSIGN_OR_RETURN(SignedClaims opened, OpenAccessToken(token, key_lookup));
  OTPGATE_RETURN_IF_ERROR(CheckAccessClaims(opened.claims, now, options));
  return std::move(opened.claims);
}

}  // namespace otpgate::crypto
