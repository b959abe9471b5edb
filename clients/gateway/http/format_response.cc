#include "clients/gateway/http/format_response.h"

#include <algorithm>
#include <boost/beast/http/status.hpp>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/gateway/http/grammar.h"

namespace otpgate::gateway {
namespace {

namespace http = boost::beast::http;

bool IsOurs(absl::string_view name) {
  return absl::EqualsIgnoreCase(name, "date") || absl::EqualsIgnoreCase(name, "connection") ||
         absl::EqualsIgnoreCase(name, "content-length") ||
         absl::EqualsIgnoreCase(name, "transfer-encoding");
}

// RFC 9110, 6.4.1.
bool HasBody(int status) { return status != 204 && status != 304; }

std::string StatusLine(int status) {
  const auto reason = http::obsolete_reason(http::int_to_status(status));
  return absl::StrCat("HTTP/1.1 ", status, " ", absl::string_view(reason.data(), reason.size()),
                      "\r\n");
}

// IMF-fixdate of RFC 9110, 5.6.7.
std::string HttpDate(absl::Time now) {
  return absl::FormatTime("%a, %d %b %Y %H:%M:%S GMT", now, absl::UTCTimeZone());
}

absl::string_view ConnectionLine(const ResponseContext& context) {
  if (!context.keep_alive) return "Connection: close\r\n";
  return context.http11 ? "" : "Connection: keep-alive\r\n";
}

}  // namespace

bool IsWellFormed(const HttpResponse& response) {
  return response.status >= 200 && response.status <= 599 &&
         std::all_of(response.headers.begin(), response.headers.end(),
                     [](const HttpHeader& h) { return IsToken(h.name) && IsFieldValue(h.value); });
}

std::string FormatResponse(const HttpResponse& response, const ResponseContext& context,
                           absl::Time now) {
  std::string out = absl::StrCat(StatusLine(response.status), "Date: ", HttpDate(now), "\r\n",
                                 ConnectionLine(context));
  for (const HttpHeader& header : response.headers) {
    if (!IsOurs(header.name)) absl::StrAppend(&out, header.name, ": ", header.value, "\r\n");
  }
  if (HasBody(response.status)) {
    absl::StrAppend(&out, "Content-Length: ", response.body.size(), "\r\n");
  }
  absl::StrAppend(&out, "\r\n");
  if (HasBody(response.status) && !context.head_request) absl::StrAppend(&out, response.body);
  return out;
}

}  // namespace otpgate::gateway
