#include "clients/gateway/http/message.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace otpgate::gateway {

const std::string* HttpRequest::Find(absl::string_view name) const {
  const auto found = std::find_if(headers.begin(), headers.end(),
                                  [name](const HttpHeader& header) { return header.name == name; });
  return found == headers.end() ? nullptr : &found->value;
}

std::optional<std::string> HttpRequest::FindList(absl::string_view name) const {
  std::optional<std::string> list;
  for (const HttpHeader& header : headers) {
    if (header.name == name) list = list ? absl::StrCat(*list, ", ", header.value) : header.value;
  }
  return list;
}

size_t HttpRequest::Count(absl::string_view name) const {
  return std::count_if(headers.begin(), headers.end(),
                       [name](const HttpHeader& header) { return header.name == name; });
}

}  // namespace otpgate::gateway
