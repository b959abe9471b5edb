#include "clients/gateway/basic_credentials.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/gateway/transcode/percent.h"

namespace otpgate::gateway {
namespace {

constexpr absl::string_view kBasic = "basic";

}  // namespace

bool IsBasic(absl::string_view authorization) {
  const size_t end = std::min(authorization.find_first_of(" \t"), authorization.size());
  return absl::EqualsIgnoreCase(authorization.substr(0, end), kBasic);
}

std::optional<BasicCredentials> ParseBasic(absl::string_view authorization) {
  std::string text;
  if (!IsBasic(authorization) ||
      !absl::Base64Unescape(authorization.substr(kBasic.size()), &text) || !IsCleanText(text)) {
    return std::nullopt;
  }
  const size_t colon = text.find(':');
  if (colon == 0 || colon == std::string::npos) return std::nullopt;
  return BasicCredentials{text.substr(0, colon), text.substr(colon + 1)};
}

std::string CallerAuthorization(const BasicCredentials& credentials) {
  return absl::StrCat("Basic ",
                      absl::Base64Escape(absl::StrCat(credentials.id, ":", credentials.secret)));
}

}  // namespace otpgate::gateway
