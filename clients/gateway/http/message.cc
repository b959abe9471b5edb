#include "clients/gateway/http/message.h"

#include <algorithm>

namespace otpgate::gateway {

const std::string* HttpRequest::Find(absl::string_view name) const {
  const auto found = std::find_if(headers.begin(), headers.end(),
                                  [name](const HttpHeader& header) { return header.name == name; });
  return found == headers.end() ? nullptr : &found->value;
}

size_t HttpRequest::Count(absl::string_view name) const {
  return std::count_if(headers.begin(), headers.end(),
                       [name](const HttpHeader& header) { return header.name == name; });
}

}  // namespace otpgate::gateway
