#ifndef OTPGATE_SERVER_CONFIG_CONFIG_H_
#define OTPGATE_SERVER_CONFIG_CONFIG_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "base/log.h"
#include "base/pg/connection.h"
#include "server/domain/bucket_limit.h"
#include "server/domain/otp_policy.h"
#include "server/engine/engine_options.h"
#include "server/jobs/cleanup_options.h"
#include "server/rpc/server_options.h"
#include "server/service/token_policy.h"
#include "server/validation/validation_limits.h"

// The configuration as plain values: the options of each part of the server, and values that belong
// to no part. The initialisers, there and here, are the only defaults; keys.h has name, bounds and
// documentation of each value. No value is a secret: secrets are in files, and the values are their
// paths.
//
// No key sets a fixed test code, in any environment.
namespace otpgate::config {

enum class Environment { kDevelopment, kProduction };
enum class SenderKind { kConsole, kFile };

// The database and how its health is watched.
struct DatabaseConfig {
  pg::ConnectionOptions postgres;
  std::string password_file;  // first line: the password for `postgres`; empty: none
  absl::Duration answer_timeout = absl::Seconds(3);
  absl::Duration health_interval = absl::Seconds(1);
  absl::Duration max_clock_offset = absl::Minutes(1);
};

// The key files, and how often keys are reloaded and rotated.
struct SecretsConfig {
  std::string pepper_file;
  std::string handle_key_file;
  std::string refresh_key_file;
  std::string master_key_file;
  absl::Duration reload_interval = absl::Seconds(2);
  absl::Duration rotate_signing_key = absl::Hours(24 * 90);
};

// How messages are sent, and what they say about the operator.
struct DeliveryConfig {
  SenderKind sender = SenderKind::kConsole;
  std::string file_path;
  std::string brand = "otpgate";
  std::string host = "localhost";
};

// This server's part in the cleanup of the fleet.
struct CleanupConfig {
  bool enabled = true;
  jobs::CleanupOptions job;
  std::string user = "otpgate_cleanup";  // the database user that may delete rows
  std::string password_file;             // of that user; empty: the one of DatabaseConfig
};

// Where metrics are served.
struct MetricsConfig {
  std::string address;  // empty: nowhere
  bool plaintext_is_safe = false;
};

// One [[clients]] table: a service that may call this one.
struct CallerConfig {
  std::string id;
  std::string secret_mac_file;
  std::vector<std::string> methods;
  bool may_forward_client_ip = false;
  std::string san;  // of its certificate
};

struct Config {
  Environment environment = Environment::kDevelopment;
  bool use_database = true;
  bool enable_real_otp = false;
  bool reveal_codes = false;
  LogLevel log_level = Log::kDefaultLevel;
  rpc::ServerOptions listen;
  validation::ValidationLimits validation;
  engine::EngineOptions engine;
  DatabaseConfig database;
  SecretsConfig secrets;
  domain::OtpPolicy otp;              // includes the policy of sessions
  domain::BucketLimit address_limit;  // on each end user address
  service::TokenPolicy tokens;
  DeliveryConfig delivery;
  CleanupConfig cleanup;
  MetricsConfig metrics;
  std::vector<CallerConfig> callers;
};

}  // namespace otpgate::config

#endif  // OTPGATE_SERVER_CONFIG_CONFIG_H_
