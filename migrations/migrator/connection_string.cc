#include "migrations/migrator/connection_string.h"

#include <libpq-fe.h>

#include <map>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "server/runtime/status_macros.h"

namespace otpgate::migrator {
namespace {

struct FreeOptions {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};
using Options = std::unique_ptr<PQconninfoOption, FreeOptions>;
using Pairs = std::map<std::string, std::string>;

// What the text says, without libpq's own defaults.
absl::StatusOr<Pairs> ReadPairs(const std::string& text) {
  const Options options(PQconninfoParse(text.c_str(), nullptr));
  if (options == nullptr) {
    return absl::InvalidArgumentError(
        "the connection string is neither key=value pairs nor a postgresql:// URI");
  }
  Pairs pairs;
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val != nullptr) pairs[option->keyword] = option->val;
  }
  return pairs;
}

// What libpq will use: environment and built-in defaults fill the gaps.
std::string Effective(const Pairs& pairs, const std::string& key) {
  if (const auto found = pairs.find(key); found != pairs.end()) return found->second;
  const Options defaults(PQconndefaults());
  for (const PQconninfoOption* option = defaults.get();
       option != nullptr && option->keyword != nullptr; ++option) {
    if (option->keyword == key && option->val != nullptr) return option->val;
  }
  return "";
}

std::string Display(const Pairs& pairs) {
  const std::string user = Effective(pairs, "user");
  const std::string database = Effective(pairs, "dbname");
  std::string host = Effective(pairs, "host");
  if (host.empty()) host = Effective(pairs, "hostaddr");
  const std::string port = Effective(pairs, "port");
  return absl::StrCat("database ", database.empty() ? user : database, " at ",
                      host.empty() ? "the local socket" : host, port.empty() ? "" : ":", port,
                      " as ", user);
}

std::string ToText(const Pairs& pairs) {
  std::string text;
  for (const auto& [key, value] : pairs) {
    const std::string quoted = absl::StrReplaceAll(value, {{"\\", "\\\\"}, {"'", "\\'"}});
    absl::StrAppend(&text, text.empty() ? "" : " ", key, "='", quoted, "'");
  }
  return text;
}

}  // namespace

absl::StatusOr<ConnectionString> ParseConnectionString(absl::string_view text) {
  OTPGATE_ASSIGN_OR_RETURN(Pairs pairs, ReadPairs(std::string(text)));
  pairs.insert({{"connect_timeout", "5"}, {"fallback_application_name", "otpgatectl"}});
  pairs["client_encoding"] = "UTF8";
  return ConnectionString{ToText(pairs), Display(pairs)};
}

absl::StatusOr<std::string> WithPassword(absl::string_view text, absl::string_view password) {
  OTPGATE_ASSIGN_OR_RETURN(Pairs pairs, ReadPairs(std::string(text)));
  pairs["password"] = std::string(password);
  return ToText(pairs);
}

absl::StatusOr<std::string> WithUser(absl::string_view text, absl::string_view user) {
  OTPGATE_ASSIGN_OR_RETURN(Pairs pairs, ReadPairs(std::string(text)));
  pairs["user"] = std::string(user);
  pairs.erase("password");
  return ToText(pairs);
}

}  // namespace otpgate::migrator
