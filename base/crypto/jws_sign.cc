#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/crypto/base64url.h"
#include "base/crypto/jws.h"
#include "base/json_text.h"

namespace otpgate::crypto {
namespace {

void AppendText(std::string& out, absl::string_view text) {
  AppendJsonText(out, text, JsonCharacters::kUtf8);
}

void AppendTexts(std::string& out, const std::vector<std::string>& texts) {
  out += '[';
  for (size_t i = 0; i < texts.size(); ++i) {
    if (i > 0) out += ',';
    AppendText(out, texts[i]);
  }
  out += ']';
}

// Writes a JSON object, member by member.
class ObjectWriter {
 public:
  std::string Take() { return std::move(out_) + "}"; }

  void Text(absl::string_view key, absl::string_view value) { AppendText(Member(key), value); }
  void Texts(absl::string_view key, const std::vector<std::string>& values) {
    AppendTexts(Member(key), values);
  }
  void Number(absl::string_view key, uint64_t value) { absl::StrAppend(&Member(key), value); }
  void Time(absl::string_view key, absl::Time value) {
    absl::StrAppend(&Member(key), absl::ToUnixSeconds(value));
  }

 private:
  // Keys need no escaping.
  std::string& Member(absl::string_view key) {
    absl::StrAppend(&out_, out_.empty() ? "{\"" : ",\"", key, "\":");
    return out_;
  }

  std::string out_;
};

std::string Payload(const AccessClaims& claims) {
  ObjectWriter payload;
  payload.Texts("amr", claims.amr);
  if (claims.aud.size() == 1) {
    payload.Text("aud", claims.aud.front());
  } else {
    payload.Texts("aud", claims.aud);
  }
  payload.Time("auth_time", claims.auth_time);
  payload.Text("client_id", claims.client_id);
  payload.Time("exp", claims.exp);
  payload.Time("iat", claims.iat);
  payload.Text("iss", claims.iss);
  payload.Text("jti", claims.jti);
  payload.Time("nbf", claims.nbf);
  payload.Text("sid", claims.sid);
  payload.Text("sub", claims.sub);
  payload.Text("user_type", claims.user_type);
  payload.Number("ver", claims.ver);
  return payload.Take();
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
