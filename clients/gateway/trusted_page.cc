#include "clients/gateway/trusted_page.h"

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace otpgate::gateway {

bool IsTrustedOrigin(absl::string_view origin, const HttpRequest& request, const Cors& cors) {
  const std::string* host = request.Find("host");
  return cors.Allows(origin) ||
         (host != nullptr && absl::EqualsIgnoreCase(origin, absl::StrCat("https://", *host)));
}

bool IsTrustedPage(const HttpRequest& request, const Cors& cors) {
  const std::string* site = request.Find("sec-fetch-site");
  if (site != nullptr) return *site == "same-origin" || cors.Allows(request);
  const std::string* origin = request.Find("origin");
  return origin != nullptr && IsTrustedOrigin(*origin, request, cors);
}

}  // namespace otpgate::gateway
