#include "absl/strings/str_cat.h"
#include "server/crypto/base64url.h"
#include "server/crypto/jws.h"
#include "server/crypto/strict_json.h"

namespace otpgate::crypto {
namespace {

using nlohmann::json;

std::string Payload(const AccessClaims& claims) {
  const json payload = {
      {"iss", claims.iss},
      {"sub", claims.sub},
      {"aud", claims.aud.size() == 1 ? json(claims.aud.front()) : json(claims.aud)},
      {"exp", absl::ToUnixSeconds(claims.exp)},
      {"iat", absl::ToUnixSeconds(claims.iat)},
      {"nbf", absl::ToUnixSeconds(claims.nbf)},
      {"jti", claims.jti},
      {"sid", claims.sid},
      {"ver", claims.ver},
      {"amr", claims.amr},
      {"auth_time", absl::ToUnixSeconds(claims.auth_time)},
      {"client_id", claims.client_id},
      {"user_type", claims.user_type},
  };
  return payload.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

std::string SignAccessToken(const SigningKey& key, const AccessClaims& claims) {
  // A kid is base64url, so it needs no escaping.
  const std::string header =
      absl::StrCat(R"({"alg":"ES256","typ":"at+jwt","kid":")", key.kid(), R"("})");
  std::string token = absl::StrCat(Base64UrlEncode(header), ".", Base64UrlEncode(Payload(claims)));
  absl::StrAppend(&token, ".", Base64UrlEncode(key.Sign(token)));
  return token;
}

}  // namespace otpgate::crypto
