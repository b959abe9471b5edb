#include "storage/postgres/connection_string.h"

#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace otpgate {
namespace {

std::vector<std::pair<std::string, std::string>> Defaults(const PgOptions& options) {
  return {{"client_encoding", "UTF8"},
          {"fallback_application_name", "otpgate"},
          {"connect_timeout", absl::StrCat(absl::ToInt64Seconds(options.connect_timeout))},
          {"keepalives_idle", "5"},
          {"keepalives_interval", "2"},
          {"keepalives_count", "3"},
          {"tcp_user_timeout", "5000"}};
}

bool IsUri(absl::string_view connection) {
  return absl::StartsWith(connection, "postgresql://") ||
         absl::StartsWith(connection, "postgres://");
}

}  // namespace

// Of two settings of one key libpq takes the last, so defaults stand first; in a URI parameters can
// only follow, so there they stand only for keys it does not name.
std::string WithDefaults(const PgOptions& options) {
  if (!IsUri(options.connection)) {
    std::string all;
    for (const auto& [key, value] : Defaults(options)) absl::StrAppend(&all, key, "=", value, " ");
    return all + options.connection;
  }
  std::string uri = options.connection;
  char separator = absl::StrContains(uri, '?') ? '&' : '?';
  for (const auto& [key, value] : Defaults(options)) {
    if (absl::StrContains(options.connection, absl::StrCat(key, "="))) continue;
    uri += absl::StrCat(std::string(1, separator), key, "=", value);
    separator = '&';
  }
  return uri;
}

}  // namespace otpgate
