#ifndef OTPGATE_SERVER_CONFIG_CONFIG_H_
#define OTPGATE_SERVER_CONFIG_CONFIG_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "server/runtime/log.h"

// The configuration as plain values. The initialisers are the defaults; keys.h documents, names and
// bounds each one. No value is a secret: secrets are in files, and these are their paths.
//
// There is no key for fixed test codes, in no environment.
namespace otpgate {

enum class Environment { kDevelopment, kProduction };
enum class SenderKind { kConsole, kFile };
enum class ClientCertificates { kOff, kOptional, kRequired };

// At most `count` within any `window`. Written "3/15m".
struct Rate {
  int count = 0;
  absl::Duration window;

  friend bool operator==(const Rate&, const Rate&) = default;
};

struct ListenConfig {
  std::vector<std::string> addresses = {"127.0.0.1:50051"};
  std::string tls_directory;
  ClientCertificates client_certificates = ClientCertificates::kOff;
  bool plaintext_is_safe = false;
  int threads = 0;  // one for every two processors
  absl::Duration default_deadline = absl::Seconds(10);
  absl::Duration max_deadline = absl::Seconds(30);
  int max_message_bytes = 64 * 1024;
  int max_metadata_bytes = 16 * 1024;
  int max_streams = 1000;
  int max_buffer_bytes = 256 << 20;
  absl::Duration max_connection_age = absl::Minutes(30);
  absl::Duration drain_delay = absl::ZeroDuration();
  absl::Duration drain_timeout = absl::Seconds(10);
  absl::Duration drain_quiet = absl::Seconds(2);
};

struct EngineConfig {
  int workers = 2;
  int batch = 256;
  int queue = 4096;
  int queue_per_key = 64;
  absl::Duration queue_wait = absl::Seconds(1);
};

struct DatabaseConfig {
  std::string url;
  std::string password_file;
  bool prepared_statements = true;
  absl::Duration connect_timeout = absl::Seconds(2);
  absl::Duration answer_timeout = absl::Seconds(3);
  absl::Duration health_interval = absl::Seconds(1);
  absl::Duration max_clock_offset = absl::Minutes(1);
};

struct SecretsConfig {
  std::string pepper_file;
  std::string handle_key_file;
  std::string refresh_key_file;
  std::string master_key_file;
  absl::Duration reload_interval = absl::Seconds(2);
};

struct OtpConfig {
  int digits = 6;
  absl::Duration ttl = absl::Minutes(5);
  absl::Duration verify_phone_ttl = absl::Minutes(5);
  absl::Duration verify_email_ttl = absl::Minutes(10);
  int max_attempts = 5;
  int wait_from_failures = 20;
  absl::Duration first_wait = absl::Seconds(30);
  absl::Duration longest_wait = absl::Hours(1);
  int disable_at_failures = 100;
};

struct LimitsConfig {
  Rate sends = {3, absl::Minutes(15)};
  Rate phone_sends = {3, absl::Minutes(30)};
  Rate resends = {3, absl::Minutes(5)};
  int resends_per_code = 3;
  absl::Duration resend_cooldown = absl::Seconds(30);
  int messages_per_day = 10;
  absl::Duration ip_interval = absl::Seconds(6);
  int ip_burst = 20;
  bool personal_numbers_only = true;
};

struct SessionsConfig {
  absl::Duration absolute = absl::Hours(24 * 30);
  absl::Duration idle = absl::Hours(24 * 14);
  absl::Duration refresh_grace = absl::Seconds(10);
};

struct TokensConfig {
  std::string issuer = "otpgate";
  std::vector<std::string> live_audiences = {"otpgate"};
  std::vector<std::string> demo_audiences = {"otpgate-demo"};
  absl::Duration access_ttl = absl::Minutes(15);
  absl::Duration rotate_signing_key = absl::Hours(24 * 90);
};

struct DeliveryConfig {
  SenderKind sender = SenderKind::kConsole;
  std::string file_path;
  std::string brand = "otpgate";
  std::string host = "localhost";
};

// Written out in storage/cleanup.h.
struct CleanupConfig {
  bool enabled = true;
  absl::Duration interval = absl::Minutes(1);
  absl::Duration lease = absl::Seconds(30);
  int share = 20;
  absl::Duration codes = absl::Hours(24);
  absl::Duration messages = absl::Hours(24 * 7);
  absl::Duration sessions = absl::Hours(24);
  absl::Duration audit = absl::Hours(24 * 400);
  std::string user = "otpgate_cleanup";
  std::string password_file;
};

struct LogConfig {
  LogLevel level = LogLevel::kInfo;
};

struct MetricsConfig {
  std::string address;
  bool plaintext_is_safe = false;
};

struct DevelopmentConfig {
  bool reveal_codes = false;
};

// One [[clients]] table: a service that may call this one.
struct ClientConfig {
  std::string id;
  std::string secret_mac_file;
  std::vector<std::string> methods;
  bool may_forward_client_ip = false;
  std::string san;  // of its certificate
};

struct Config {
  Environment environment = Environment::kDevelopment;
  bool use_database = true;
  bool enable_rate_limit = true;
  bool enable_real_otp = false;
  ListenConfig listen;
  EngineConfig engine;
  DatabaseConfig database;
  SecretsConfig secrets;
  OtpConfig otp;
  LimitsConfig limits;
  SessionsConfig sessions;
  TokensConfig tokens;
  DeliveryConfig delivery;
  CleanupConfig cleanup;
  LogConfig log;
  MetricsConfig metrics;
  DevelopmentConfig development;
  std::vector<ClientConfig> clients;
};

}  // namespace otpgate

#endif  // OTPGATE_SERVER_CONFIG_CONFIG_H_
