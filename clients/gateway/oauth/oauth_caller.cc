#include "clients/gateway/oauth/oauth_caller.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "clients/gateway/basic_credentials.h"
#include "clients/gateway/transcode/percent.h"

namespace otpgate::gateway {
namespace {

// Whether a form encoder, a strict one or encodeURIComponent of JavaScript, may write this.
bool LooksEncoded(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isalnum(c) || absl::StrContains("*-._+%!'()~", c);
  });
}

std::optional<std::string> DecodeCredential(absl::string_view raw) {
  if (!LooksEncoded(raw)) return std::string(raw);
  std::optional<std::string> text = PercentDecode(raw, {.plus_is_space = true});
  return text && IsCleanText(*text) ? text : std::nullopt;
}

std::optional<BasicCredentials> OAuthCredentials(absl::string_view authorization) {
  const std::optional<BasicCredentials> raw = ParseBasic(authorization);
  if (!raw) return std::nullopt;
  const std::optional<std::string> id = DecodeCredential(raw->id);
  const std::optional<std::string> secret = DecodeCredential(raw->secret);
  // With a colon in it, the id would end elsewhere for the server.
  if (!id || !secret || absl::StrContains(*id, ':')) return std::nullopt;
  return BasicCredentials{*id, *secret};
}

}  // namespace

std::optional<OAuthRefusal> FindOAuthCaller(const HttpRequest& request, const OAuthForm& form,
                                            std::string& caller) {
  if (form.contains("client_secret") || form.contains("client_assertion")) {
    return OAuthRefusal{401, "invalid_client", "the only method is client_secret_basic"};
  }
  const std::string* authorization = request.Find("authorization");
  if (authorization == nullptr) return std::nullopt;
  const std::optional<BasicCredentials> credentials = OAuthCredentials(*authorization);
  if (!credentials) {
    return OAuthRefusal{401, "invalid_client", "the credentials must be those of Basic"};
  }
  const std::string client_id = ValueOf(form, "client_id");
  if (!client_id.empty() && client_id != credentials->id) {
    return OAuthRefusal{400, "invalid_request", "client_id contradicts the credentials"};
  }
  caller = CallerAuthorization(*credentials);
  return std::nullopt;
}

}  // namespace otpgate::gateway
