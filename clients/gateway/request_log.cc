#include "clients/gateway/request_log.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "absl/types/span.h"

namespace otpgate::gateway {
namespace {

constexpr std::array<absl::string_view, 8> kMethods = {"",       "GET", "HEAD",  "POST",
                                                       "DELETE", "PUT", "PATCH", "OPTIONS"};

LogLevel LevelOf(const AnsweredRequest& answered) {
  if (answered.status == 500) return LogLevel::kError;
  const bool probe = answered.path == "/healthz" || answered.path == "/readyz";
  return probe ? LogLevel::kDebug : LogLevel::kInfo;
}

}  // namespace

void LogAnswer(const AnsweredRequest& answered, Log& log) {
  // A method is any text of the client.
  const bool known = std::find(kMethods.begin(), kMethods.end(), answered.method) != kMethods.end();
  const LogField fields[] = {{"method", known ? answered.method : "other"},
                             {"rpc", answered.rpc},
                             {"status", answered.status},
                             {"duration_us", absl::ToInt64Microseconds(answered.took)},
                             {"x_request_id", answered.x_request_id},
                             {"peer", answered.address}};
  const size_t shown = std::size(fields) - (answered.status == 401 ? 0 : 1);
  log.Write(LevelOf(answered), "HTTP", absl::MakeConstSpan(fields, shown));
}

}  // namespace otpgate::gateway
