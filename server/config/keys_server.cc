#include "server/config/forms.h"
#include "server/config/keys.h"

namespace otpgate::config {

std::vector<Key> GeneralKeys() {
  return {
      {"environment", Choice<&Config::environment>({"development", "production"}),
       "Production refuses everything that is only fit for development; development has a built-in "
       "caller."},
      {"use_database",
       BoolField{kAt<&Config::use_database>},
       "Keep state in PostgreSQL. Off: in memory, gone with the process.",
       {[](const Config& c) { return !c.use_database; }, "must be true"},
       "USE_DATABASE"},
      {"enable_rate_limit",
       BoolField{kAt<&Config::otp, &domain::OtpPolicy::limits_enabled>},
       "Apply the [limits]. Limits on guesses stay on either way.",
       {[](const Config& c) { return !c.otp.limits_enabled; }, "must be true"},
       "ENABLE_RATE_LIMIT"},
      {"enable_real_otp",
       BoolField{kAt<&Config::enable_real_otp>},
       "The sender set in delivery.sender reaches people. With the file sender it says that "
       "something else takes the messages from there.",
       {[](const Config& c) { return !c.enable_real_otp; }, "must be true"},
       "ENABLE_REAL_OTP"},
      {"log.level", Choice<&Config::log_level>({"debug", "info", "warning", "error"}),
       "Log lines below this level are dropped."},
      {"metrics.address",
       TextField{kAt<&Config::metrics, &MetricsConfig::address>, MetricsAddressForm()},
       "Where GET /metrics is served for Prometheus, in plain HTTP and to everybody who can "
       "connect: \"127.0.0.1:9464\". Port 0 picks a free one. Empty: nowhere."},
      {"metrics.plaintext_is_safe",
       BoolField{kAt<&Config::metrics, &MetricsConfig::plaintext_is_safe>},
       "Allow a metrics.address that other machines can reach, because only those that may read "
       "the metrics do."},
      {"development.reveal_codes",
       BoolField{kAt<&Config::reveal_codes>},
       "Return codes in the answers of RequestOtp and ResendOtp.",
       {[](const Config& c) { return c.reveal_codes; }, "must be false"}},
  };
}

std::vector<Key> ServerKeys() {
  constexpr int kMegabyte = 1 << 20;
  return {
      {"listen.addresses",
       ListField{kAt<&Config::listen, &rpc::ServerOptions::addresses>, ListenAddressForm()},
       "Where gRPC is served. Port 0 picks a free one. Addresses that other machines can reach "
       "need listen.tls_directory."},
      {"listen.tls_directory",
       TextField{kAt<&Config::listen, &rpc::ServerOptions::tls, &rpc::TlsOptions::directory>,
                 PathForm()},
       "Directory with tls.crt and tls.key in PEM. With it all addresses but unix sockets speak "
       "TLS 1.2 or 1.3 only. Changed files are used for new connections within seconds; files that "
       "do not fit are logged and the old ones stay in use. Empty: plaintext."},
      {"listen.client_certificates",
       Choice<&Config::listen, &rpc::ServerOptions::tls, &rpc::TlsOptions::client_certificates>(
           {"off", "optional", "required"}),
       "Whether callers are asked for a certificate, which ca.crt in listen.tls_directory must "
       "have issued. It may identify a caller: see san in [[clients]]."},
      {"listen.plaintext_is_safe",
       BoolField{kAt<&Config::listen, &rpc::ServerOptions::plaintext_is_safe>},
       "Allow plaintext on addresses that other machines can reach, because something else "
       "encrypts all of it on its way here: a service mesh or a proxy on this machine."},
      {"listen.threads",
       IntField{kAt<&Config::listen, &rpc::ServerOptions::threads>, 0, 64, "threads"},
       "Threads that serve the network. 0: one for every two processors. More threads than "
       "processors to spare cost every call time, because it is handed from one to the other."},
      {"listen.default_deadline",
       DurationField{kAt<&Config::listen, &rpc::ServerOptions::default_deadline>,
                     absl::Milliseconds(100), absl::Minutes(5)},
       "Time for a call that names no deadline."},
      {"listen.max_deadline",
       DurationField{kAt<&Config::listen, &rpc::ServerOptions::max_deadline>,
                     absl::Milliseconds(100), absl::Minutes(5)},
       "Longest time for any call, whatever deadline it names."},
      {"listen.max_message_bytes",
       IntField{kAt<&Config::listen, &rpc::ServerOptions::max_message_bytes>, 4096, 4 * kMegabyte,
                "bytes"},
       "Largest request that is read."},
      {"listen.max_metadata_bytes",
       IntField{kAt<&Config::listen, &rpc::ServerOptions::max_metadata_bytes>, 4096, kMegabyte,
                "bytes"},
       "All headers of a call together."},
      {"listen.max_streams",
       IntField{kAt<&Config::listen, &rpc::ServerOptions::max_streams>, 1, 100000, "calls"},
       "Calls at the same time on one connection."},
      {"listen.max_buffer_bytes",
       IntField{kAt<&Config::listen, &rpc::ServerOptions::max_buffer_bytes>, 16 * kMegabyte,
                1024 * kMegabyte, "bytes"},
       "Buffers of all connections together."},
      {"listen.max_connection_age",
       DurationField{kAt<&Config::listen, &rpc::ServerOptions::max_connection_age>,
                     absl::Seconds(1), absl::Hours(24)},
       "After this time clients are asked to connect anew, so that load balancers can rebalance."},
      {"listen.drain_delay",
       DurationField{kAt<&Config::listen, &rpc::ServerOptions::drain_delay>, absl::ZeroDuration(),
                     absl::Minutes(5)},
       "On SIGTERM: time between reporting NOT_SERVING and refusing new calls."},
      {"listen.drain_timeout",
       DurationField{kAt<&Config::listen, &rpc::ServerOptions::drain_timeout>, absl::ZeroDuration(),
                     absl::Minutes(5)},
       "On SIGTERM: time for accepted calls to end before they are cancelled; before that, as long "
       "for calls to stop coming, see drain_quiet."},
      {"listen.drain_quiet",
       DurationField{kAt<&Config::listen, &rpc::ServerOptions::drain_quiet>, absl::ZeroDuration(),
                     absl::Minutes(1)},
       "On SIGTERM, while clients watch health: calls are taken until none has come for so long, "
       "for drain_timeout at most."},
      {"engine.workers",
       IntField{kAt<&Config::engine, &engine::EngineOptions::workers>, 1, 64, "workers"},
       "Database workers; each has a thread and a connection of its own. More only help where the "
       "database has idle cores: fewer form larger batches, which cost less."},
      {"engine.batch",
       IntField{kAt<&Config::engine, &engine::EngineOptions::queue, &engine::QueueLimits::batch>, 1,
                256, "commands"},
       "Most commands in one transaction."},
      {"engine.queue",
       IntField{kAt<&Config::engine, &engine::EngineOptions::queue, &engine::QueueLimits::capacity>,
                1, 65536, "commands"},
       "Commands that may wait for one worker; more are refused at once."},
      {"engine.queue_per_key",
       IntField{kAt<&Config::engine, &engine::EngineOptions::queue, &engine::QueueLimits::per_key>,
                1, 64, "commands"},
       "Of these, commands on one identifier or address."},
      {"engine.queue_wait",
       DurationField{
           kAt<&Config::engine, &engine::EngineOptions::queue, &engine::QueueLimits::wait>,
           absl::Milliseconds(10), absl::Minutes(1)},
       "Once the oldest command has waited for so long, and a full batch waits on more than a few "
       "identifiers (a quarter of a batch), more are refused at once: a server that has fallen "
       "behind serves few calls in time instead of all of them late."},
  };
}

}  // namespace otpgate::config
