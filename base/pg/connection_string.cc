#include "base/pg/connection_string.h"

#include <libpq-fe.h>

#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/status_macros.h"

namespace otpgate::pg {
namespace {

struct FreeOptions {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};
using ConninfoOptions = std::unique_ptr<PQconninfoOption, FreeOptions>;

}  // namespace

absl::StatusOr<ConnectionString> ConnectionString::Parse(absl::string_view text) {
  const ConninfoOptions options(PQconninfoParse(std::string(text).c_str(), nullptr));
  if (options == nullptr) {
    return absl::InvalidArgumentError(
        "the connection string is neither key=value pairs nor a postgresql:// URI");
  }
  ConnectionString parsed;
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val != nullptr) parsed.Set(option->keyword, option->val);
  }
  return parsed;
}

std::string ConnectionString::ToText() const {
  std::string text;
  for (const auto& [key, value] : values_) {
    const std::string quoted = absl::StrReplaceAll(value, {{"\\", "\\\\"}, {"'", "\\'"}});
    absl::StrAppend(&text, text.empty() ? "" : " ", key, "='", quoted, "'");
  }
  return text;
}

// The value that libpq will use, from the string, the environment or its built-in defaults.
std::string ConnectionString::Effective(const std::string& key) const {
  if (const auto found = values_.find(key); found != values_.end()) return found->second;
  const ConninfoOptions defaults(PQconndefaults());
  for (const PQconninfoOption* option = defaults.get();
       option != nullptr && option->keyword != nullptr; ++option) {
    if (option->keyword == key && option->val != nullptr) return option->val;
  }
  return "";
}

std::string ConnectionString::Display() const {
  const std::string user = Effective("user");
  const std::string database = Effective("dbname");
  std::string host = Effective("host");
  if (host.empty()) host = Effective("hostaddr");
  const std::string port = Effective("port");
  return absl::StrCat("database ", database.empty() ? user : database, " at ",
                      host.empty() ? "the local socket" : host, port.empty() ? "" : ":", port,
                      " as ", user);
}

absl::StatusOr<std::string> WithPassword(absl::string_view text, absl::string_view password) {
  OTPGATE_ASSIGN_OR_RETURN(ConnectionString parsed, ConnectionString::Parse(text));
  parsed.Set("password", password);
  return parsed.ToText();
}

absl::StatusOr<std::string> WithUser(absl::string_view text, absl::string_view user) {
  OTPGATE_ASSIGN_OR_RETURN(ConnectionString parsed, ConnectionString::Parse(text));
  parsed.Set("user", user);
  parsed.Remove("password");
  return parsed.ToText();
}

}  // namespace otpgate::pg
