#include "clients/gateway/transcode/error_headers.h"

#include <google/rpc/error_details.pb.h>

#include <algorithm>
#include <cstdint>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace otpgate::gateway {
namespace {

template <class Detail>
std::optional<Detail> FindDetail(const google::rpc::Status& error) {
  Detail found;
  for (const google::protobuf::Any& detail : error.details()) {
    if (detail.UnpackTo(&found)) return found;
  }
  return std::nullopt;
}

// Whole seconds, so that waiting that long is enough.
std::optional<int64_t> SecondsToWait(const google::rpc::Status& error) {
  const auto retry = FindDetail<google::rpc::RetryInfo>(error);
  if (!retry) return std::nullopt;
  const google::protobuf::Duration& delay = retry->retry_delay();
  return std::max<int64_t>(1, delay.seconds() + (delay.nanos() > 0 ? 1 : 0));
}

// A string of RFC 9651, 3.3.3; none if it has other characters than those of ASCII.
std::optional<std::string> StructuredString(const std::string& text) {
  if (!std::all_of(text.begin(), text.end(), absl::ascii_isprint)) return std::nullopt;
  return absl::StrCat("\"", absl::StrReplaceAll(text, {{"\\", "\\\\"}, {"\"", "\\\""}}), "\"");
}

std::optional<std::string> RateLimit(const google::rpc::Status& error, int64_t wait) {
  const auto quota = FindDetail<google::rpc::QuotaFailure>(error);
  if (!quota || quota->violations().empty()) return std::nullopt;
  const auto name = StructuredString(quota->violations(0).subject());
  if (!name) return std::nullopt;
  return absl::StrCat(*name, ";r=0;t=", wait);
}

}  // namespace

std::vector<std::pair<std::string, std::string>> ErrorHeaders(const google::rpc::Status& error,
                                                              int http_status, bool token_sent) {
  std::vector<std::pair<std::string, std::string>> headers;
  const std::optional<int64_t> wait = SecondsToWait(error);
  if (wait) headers.emplace_back("Retry-After", absl::StrCat(*wait));
  if (wait && http_status == 429) {
    if (auto limit = RateLimit(error, *wait)) headers.emplace_back("RateLimit", *std::move(limit));
  }
  if (http_status == 401) {
    headers.emplace_back("WWW-Authenticate",
                         token_sent ? R"(Bearer realm="otpgate", error="invalid_token")"
                                    : R"(Bearer realm="otpgate")");
  }
  return headers;
}

}  // namespace otpgate::gateway
