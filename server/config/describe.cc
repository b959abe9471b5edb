#include "server/config/describe.h"

#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "server/config/forms.h"

namespace otpgate::config {
namespace {

constexpr size_t kColumns = 100;

// Wraps `text` into lines that begin with "# ".
std::string Comment(absl::string_view text) {
  std::string out;
  std::string line = "#";
  for (const absl::string_view word : absl::StrSplit(text, ' ')) {
    if (line.size() + 1 + word.size() > kColumns) {
      absl::StrAppend(&out, line, "\n");
      line.assign(1, '#');
    }
    absl::StrAppend(&line, " ", word);
  }
  return absl::StrCat(out, line, "\n");
}

std::string Quoted(absl::string_view text) {
  return absl::StrCat("\"", absl::StrReplaceAll(text, {{"\\", "\\\\"}, {"\"", "\\\""}}), "\"");
}

// Whether the bounds say more than the value itself shows.
bool HasBounds(const Field& field) {
  return !std::holds_alternative<BoolField>(field) && Bounds(field) != PathForm().form;
}

std::string Capitalized(std::string text) {
  text[0] = absl::ascii_toupper(static_cast<unsigned char>(text[0]));
  return text;
}

std::string Default(const Key& key) { return FormatValue(key.field, Config()); }

constexpr absl::string_view kTomlHead =
    "# Configuration of otpgate-server, with all keys and their defaults.\n"
    "# Generated from the table of keys by the target config_examples.\n"
    "#\n"
    "# Values come from flags (--otp.ttl=5m), then the environment (OTPGATE_OTP_TTL=5m), then "
    "this\n"
    "# file (--config FILE or OTPGATE_CONFIG), then the defaults. Unknown keys are errors. "
    "Durations\n"
    "# are written 30s, 5m, 12h, 30d. `otpgate-server --check-config` shows what is in force.\n";

constexpr absl::string_view kTomlCallers =
    "\n# The services that may call this one. One table each; production needs one at least.\n"
    "# [[clients]]\n"
    "# 1 to 64 of [a-z0-9._-].\n"
    "# id = \"gateway\"\n"
    "# File with the MAC of the secret of this caller, which has 32 bytes at least:\n"
    "#   secret=$(openssl rand -base64 32)\n"
    "#   printf %s \"$secret\" | openssl dgst -sha256 -hmac \"$id\"\n"
    "# secret_mac_file = \"gateway.mac\"\n"
    "# Instead of a secret, or beside it: a URI or DNS name in the certificate of this caller, "
    "with\n"
    "# listen.client_certificates. The whole name, no pattern.\n"
    "# san = \"spiffe://example.com/gateway\"\n"
    "# What it may call: \"package.Service/Method\", \"package.Service/*\" or \"*\".\n"
    "# methods = [\"otpgate.v1.AuthService/*\"]\n"
    "# Whether it is believed about the address of the end user (x-otpgate-client-ip).\n"
    "# may_forward_client_ip = true\n";

constexpr absl::string_view kEnvHead =
    "# Environment of otpgate-server, with all variables and their defaults.\n"
    "# Generated from the table of keys by the target config_examples.\n"
    "#\n"
    "# A flag wins over a variable, a variable over the configuration file. Empty variables count "
    "as\n"
    "# not set, unknown OTPGATE_ variables are errors. Secrets are in files; these are their "
    "paths.\n"
    "\n"
    "# Path of the TOML file. The callers of the service are named there.\n"
    "# OTPGATE_CONFIG=\n";

}  // namespace

std::string Describe(const Key& key) {
  std::string text(key.doc);
  if (HasBounds(key.field)) absl::StrAppend(&text, " ", Capitalized(Bounds(key.field)), ".");
  if (key.production.refused != nullptr) {
    absl::StrAppend(&text, " In production it ", key.production.must, ".");
  }
  return text;
}

std::string TomlValue(const Key& key, absl::string_view text) {
  if (std::holds_alternative<BoolField>(key.field) || std::holds_alternative<IntField>(key.field)) {
    return std::string(text);
  }
  if (!std::holds_alternative<ListField>(key.field)) return Quoted(text);
  return absl::StrCat(
      "[",
      absl::StrJoin(absl::StrSplit(text, ','), ", ",
                    [](std::string* out, absl::string_view entry) { out->append(Quoted(entry)); }),
      "]");
}

std::string ExampleToml() {
  std::string out(kTomlHead);
  absl::string_view section;
  for (const Key& key : AllKeys()) {
    if (Section(key) != section) {
      section = Section(key);
      absl::StrAppend(&out, "\n[", section, "]\n");
    }
    absl::StrAppend(&out, "\n", Comment(Describe(key)), "# ", Leaf(key), " = ",
                    TomlValue(key, Default(key)), "\n");
  }
  return absl::StrCat(out, kTomlCallers);
}

std::string ExampleEnv() {
  std::string out(kEnvHead);
  for (const Key& key : AllKeys()) {
    std::string about = Describe(key);
    if (!key.older_env.empty()) absl::StrAppend(&about, " Also ", key.older_env, ".");
    absl::StrAppend(&out, "\n", Comment(about), "# ", EnvironmentName(key), "=", Default(key),
                    "\n");
  }
  return out;
}

}  // namespace otpgate::config
