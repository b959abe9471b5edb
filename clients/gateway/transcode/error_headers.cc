#include "clients/gateway/transcode/error_headers.h"

#include <google/rpc/error_details.pb.h>

#include <algorithm>
#include <cstdint>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
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

// The name of the limit that was reached.
std::optional<std::string> QuotaOf(const google::rpc::Status& error) {
  const auto quota = FindDetail<google::rpc::QuotaFailure>(error);
  if (!quota || quota->violations().empty()) return std::nullopt;
  return StructuredString(quota->violations(0).subject());
}

// A positive number of ErrorInfo.metadata; none: it is missing, or none that others may read.
std::optional<int64_t> NumberIn(const google::rpc::ErrorInfo& info, const char* key) {
  const auto found = info.metadata().find(key);
  int64_t number = 0;
  const bool positive = found != info.metadata().end() &&
                        absl::SimpleAtoi(found->second, &number) && number > 0 &&
                        number <= 999'999'999'999'999;  // RFC 9651, 3.3.1
  return positive ? std::optional(number) : std::nullopt;
}

// `"subject_sends";q=3;w=900`
std::optional<std::string> Policy(const google::rpc::Status& error, const std::string& quota) {
  const auto info = FindDetail<google::rpc::ErrorInfo>(error);
  if (!info) return std::nullopt;
  const std::optional<int64_t> limit = NumberIn(*info, "quota_limit");
  if (!limit) return std::nullopt;
  const std::optional<int64_t> window = NumberIn(*info, "quota_window_seconds");
  return absl::StrCat(quota, ";q=", *limit, window ? absl::StrCat(";w=", *window) : "");
}

}  // namespace

std::vector<std::pair<std::string, std::string>> ErrorHeaders(const google::rpc::Status& error,
                                                              int http_status, bool token_sent) {
  std::vector<std::pair<std::string, std::string>> headers;
  const std::optional<int64_t> wait = SecondsToWait(error);
  if (wait) headers.emplace_back("Retry-After", absl::StrCat(*wait));
  const std::optional<std::string> quota = http_status == 429 ? QuotaOf(error) : std::nullopt;
  if (quota && wait) headers.emplace_back("RateLimit", absl::StrCat(*quota, ";r=0;t=", *wait));
  if (quota) {
    if (auto policy = Policy(error, *quota)) headers.emplace_back("RateLimit-Policy", *policy);
  }
  if (http_status == 401) {
    headers.emplace_back("WWW-Authenticate",
                         token_sent ? R"(Bearer realm="otpgate", error="invalid_token")"
                                    : R"(Bearer realm="otpgate")");
  }
  return headers;
}

}  // namespace otpgate::gateway
