#include "tests/support/proxy_message.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/strip.h"

namespace otpgate::support {

MessageMatch AnyMessage() {
  return [](const ProxyMessage&) { return true; };
}

MessageMatch Holds(std::string text) {
  return [text = std::move(text)](const ProxyMessage& message) {
    return absl::StrContains(message.body(), text);
  };
}

MessageMatch PgQuery(std::string sql) {
  sql.push_back('\0');
  return [sql = std::move(sql)](const ProxyMessage& message) {
    if (message.type == 'Q') return message.body() == sql;
    if (message.type != 'P') return false;
    // The body of a Parse begins with the name of the statement.
    const absl::string_view body = message.body();
    return absl::StartsWith(body.substr(body.find('\0') + 1), sql);
  };
}

MessageMatch PgDone(std::string tag) {
  tag.push_back('\0');
  return [tag = std::move(tag)](const ProxyMessage& message) {
    return message.type == 'C' && message.body() == tag;
  };
}

MessageMatch OfType(int type) {
  return [type](const ProxyMessage& message) { return message.type == type; };
}

}  // namespace otpgate::support
