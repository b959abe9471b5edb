#include "clients/gateway/cookies.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace otpgate::gateway {

std::vector<std::string> CookieValues(const HttpRequest& request, absl::string_view name) {
  std::vector<std::string> values;
  for (const HttpHeader& header : request.headers) {
    if (header.name != "cookie") continue;
    for (absl::string_view pair : absl::StrSplit(header.value, ';')) {
      pair = absl::StripAsciiWhitespace(pair);
      if (absl::ConsumePrefix(&pair, name) && absl::ConsumePrefix(&pair, "=")) {
        values.emplace_back(pair);
      }
    }
  }
  return values;
}

}  // namespace otpgate::gateway
