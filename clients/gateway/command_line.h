#ifndef OTPGATE_CLIENTS_GATEWAY_COMMAND_LINE_H_
#define OTPGATE_CLIENTS_GATEWAY_COMMAND_LINE_H_

#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "base/log.h"
#include "clients/gateway/gateway.h"
#include "clients/gateway/http/options.h"

namespace otpgate::gateway {

// What the command line, the environment and the file of --config say.
struct Settings {
  HttpServerOptions http;
  std::string tls_certificate_file;  // PEM, the own certificate first; empty: plaintext
  std::string tls_key_file;
  bool allow_plaintext = false;  // on an address that other machines reach
  absl::Duration drain = absl::Seconds(10);
  std::string metrics_address;  // "127.0.0.1:9465"; empty: no metrics
  LogLevel log_level = Log::kDefaultLevel;

  std::string server = "127.0.0.1:50051";  // a gRPC target, see client::ChannelOptions
  std::string server_ca_file;              // PEM; empty: plaintext, to this machine only
  bool server_plaintext = false;           // plaintext to other machines, where a mesh encrypts
  int channels = 2;                        // connections to each server

  std::string caller_id;  // of a [[clients]] entry of the server; empty: no credentials
  std::string caller_secret_file;
  std::vector<std::string> cors_origins;
  GatewayOptions gateway;  // without caller_authorization, which is in the file
};

// The end of the program before it began: after --help, or for a mistake.
struct Exit {
  int code = 0;      // 0, or 2: usage
  std::string text;  // for standard output (0) or standard error
};

// Reads the command line and checks it as a whole. What a flag does not say, its variable in the
// environment does ("--call-timeout": OTPGATE_GATEWAY_CALL_TIMEOUT; an empty one says nothing), and
// then the file. Thread-safe while nobody changes the environment.
std::variant<Settings, Exit> ParseCommandLine(int argc, const char* const* argv);

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_COMMAND_LINE_H_
