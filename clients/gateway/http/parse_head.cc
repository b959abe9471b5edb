#include "clients/gateway/http/parse_head.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <cstdint>
#include <limits>
#include <string>

#include "absl/strings/ascii.h"

namespace otpgate::gateway {
namespace {

namespace http = boost::beast::http;

// Of the string views of Beast.
template <class View>
std::string ToString(View view) {
  return std::string(view.data(), view.size());
}

HttpRequest FromBeast(const http::request<http::empty_body>& parsed) {
  HttpRequest request;
  request.method = ToString(parsed.method_string());
  request.target = ToString(parsed.target());
  const size_t mark = request.target.find('?');
  request.path = request.target.substr(0, mark);
  if (mark != std::string::npos) request.query = request.target.substr(mark + 1);
  for (const auto& field : parsed) {
    request.headers.push_back(
        {absl::AsciiStrToLower(ToString(field.name_string())), ToString(field.value())});
  }
  return request;
}

}  // namespace

std::optional<HttpRequest> ParseHead(absl::string_view head) {
  http::request_parser<http::empty_body> parser;
  // The limits of the server have been checked before.
  parser.header_limit(std::numeric_limits<uint32_t>::max());
  parser.body_limit(std::numeric_limits<uint64_t>::max());
  boost::system::error_code error;
  const size_t taken = parser.put(boost::asio::buffer(head.data(), head.size()), error);
  if (error || !parser.is_header_done() || taken != head.size()) return std::nullopt;
  return FromBeast(parser.get());
}

}  // namespace otpgate::gateway
