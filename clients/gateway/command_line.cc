#include "clients/gateway/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>
#include <sstream>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "clients/gateway/oauth/metadata.h"

namespace otpgate::gateway {
namespace {

constexpr int kUsage = 2;

// "trusted-proxies" -> "OTPGATE_GATEWAY_TRUSTED_PROXIES".
std::string EnvironmentName(const std::string& option) {
  return absl::StrCat("OTPGATE_GATEWAY_",
                      absl::AsciiStrToUpper(absl::StrReplaceAll(option, {{"-", "_"}})));
}

// Empty: not set.
std::string FromEnvironment(const std::string& option) {
  const char* value = std::getenv(EnvironmentName(option).c_str());
  return value == nullptr ? "" : value;
}

// The library lets the file win over the environment; for the server it is the other way round.
class FileBelowEnvironment final : public CLI::ConfigTOML {
 public:
  std::vector<CLI::ConfigItem> from_config(std::istream& in) const override {
    std::vector<CLI::ConfigItem> read = CLI::ConfigTOML::from_config(in);
    read.erase(std::remove_if(
                   read.begin(), read.end(),
                   [](const CLI::ConfigItem& item) { return !FromEnvironment(item.name).empty(); }),
               read.end());
    return read;
  }
};

void AddConfigFile(CLI::App& app) {
  const std::string file = FromEnvironment("config");
  app.set_config("--config", file, "TOML file with the same names without dashes in front",
                 /*config_required=*/!file.empty());
  app.config_formatter(std::make_shared<FileBelowEnvironment>());
}

void NameInEnvironment(CLI::App& app) {
  for (CLI::Option* option : app.get_options()) {
    const std::string& name = option->get_lnames().front();
    if (name != "help") option->envname(EnvironmentName(name));
  }
  app.footer("Flags win over the environment, and the environment over the file.");
}

// An option with a duration such as 500ms, 10s or 2m.
void AddDuration(CLI::App& app, const char* name, absl::Duration& value, const char* help) {
  app.add_option_function<std::string>(
         name,
         [&value](const std::string& text) {
           absl::Duration parsed;
           if (!absl::ParseDuration(text, &parsed) || parsed <= absl::ZeroDuration() ||
               parsed > absl::Hours(1)) {
             throw CLI::ValidationError("must be a duration up to 1h, such as 10s");
           }
           value = parsed;
         },
         absl::StrCat(help, " [", absl::FormatDuration(value), "]"))
      ->type_name("DURATION");
}

CLI::Validator LogLevels() {
  const std::map<std::string, LogLevel> levels = {{"debug", LogLevel::kDebug},
                                                  {"info", LogLevel::kInfo},
                                                  {"warning", LogLevel::kWarning},
                                                  {"error", LogLevel::kError}};
  return CLI::CheckedTransformer(levels).description("");
}

void AddFrontOptions(CLI::App& app, Settings& out) {
  app.add_option("--listen", out.http.address, "IP address and port to serve; port 0: a free one")
      ->capture_default_str();
  app.add_option("--threads", out.http.threads, "threads that serve the network")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  app.add_option("--max-connections", out.http.max_connections, "open connections of clients")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  CLI::Option* certificate =
      app.add_option("--tls-certificate", out.tls_certificate_file,
                     "PEM file with the certificate chain; reread every second");
  CLI::Option* key = app.add_option("--tls-key", out.tls_key_file, "PEM file with its key");
  certificate->needs(key);
  key->needs(certificate);
  app.add_flag("--allow-plaintext", out.allow_plaintext,
               "serve without TLS on an address that other machines reach, behind a proxy that "
               "has TLS");
  app.add_option("--trusted-proxies", out.gateway.trusted_proxies,
                 "proxies in front that append to X-Forwarded-For")
      ->check(CLI::Range(0, 16))
      ->capture_default_str();
  app.add_option(
         "--cors-origin", out.cors_origins,
         "web origin that may read answers, such as https://app.example.com; repeatable, or "
         "several with commas")
      ->delimiter(',');
  app.add_option("--metrics", out.metrics_address,
                 "IP address and port of GET /metrics, in plain HTTP; none: no metrics");
  app.add_option("--log-level", out.log_level,
                 "the least level of log lines: debug, info, warning or error [info]")
      ->type_name("LEVEL")
      ->transform(LogLevels());
  app.add_option("--issuer", out.gateway.issuer,
                 "public URL of the gateway, such as https://auth.example.com: tokens.issuer of "
                 "the server; with it there is metadata for OAuth clients");
  AddDuration(app, "--drain", out.drain, "time for requests in progress after SIGTERM");
}

void AddBackOptions(CLI::App& app, Settings& out) {
  app.add_option("--server", out.server, "gRPC target of the servers")->capture_default_str();
  app.add_option("--server-ca", out.server_ca_file,
                 "PEM file with the certificate authority of the servers; none: plaintext");
  app.add_flag("--server-plaintext", out.server_plaintext,
               "plaintext to servers on other machines, where a service mesh encrypts");
  app.add_option("--channels", out.channels, "connections to each server")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  CLI::Option* id = app.add_option("--caller-id", out.caller_id,
                                   "id of the gateway in [[clients]] of the server");
  CLI::Option* secret =
      app.add_option("--caller-secret-file", out.caller_secret_file, "file with its secret");
  id->needs(secret);
  secret->needs(id);
  AddDuration(app, "--call-timeout", out.gateway.call_timeout, "time for one call; then 504");
}

bool IsLoopback(const std::string& address) {
  return absl::StartsWith(address, "127.") || absl::StartsWith(address, "[::1]:");
}

std::string ProblemOf(const Settings& settings) {
  if (settings.tls_key_file.empty() && !settings.allow_plaintext &&
      !IsLoopback(settings.http.address)) {
    return absl::StrCat("--listen ", settings.http.address,
                        " can be reached by other machines: give --tls-certificate and --tls-key, "
                        "or --allow-plaintext where a proxy in front has TLS");
  }
  if (!settings.gateway.issuer.empty()) {
    const absl::Status issuer = CheckIssuer(settings.gateway.issuer);
    if (!issuer.ok()) return absl::StrCat("--issuer: ", issuer.message());
  }
  return std::string(CheckOptions(settings.http).message());
}

}  // namespace

std::variant<Settings, Exit> ParseCommandLine(int argc, const char* const* argv) {
  Settings settings;
  CLI::App app("Serves the API of otpgate as REST: HTTP/1.1 and JSON in front of gRPC.",
               "otpgate-gateway");
  AddConfigFile(app);
  AddFrontOptions(app, settings);
  AddBackOptions(app, settings);
  NameInEnvironment(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::ostringstream out, problem;
    const int code = app.exit(error, out, problem);
    return code == 0 ? Exit{0, out.str()} : Exit{kUsage, problem.str()};
  }
  const std::string problem = ProblemOf(settings);
  if (!problem.empty()) return Exit{kUsage, absl::StrCat("otpgate-gateway: ", problem, "\n")};
  return settings;
}

}  // namespace otpgate::gateway
