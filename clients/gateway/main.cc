#include <grpcpp/channel.h>
#include <grpcpp/security/credentials.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <ctime>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "base/buffered_log_sink.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/log_fd_sink.h"
#include "base/status_macros.h"
#include "base/text_file.h"
#include "clients/gateway/basic_credentials.h"
#include "clients/gateway/command_line.h"
#include "clients/gateway/gateway.h"
#include "clients/gateway/grpc_backend.h"
#include "clients/gateway/http/server.h"
#include "clients/gateway/services.h"
#include "clients/gateway/tls_files.h"
#include "otpgate/client/channel.h"

namespace otpgate::gateway {
namespace {

constexpr int kFailure = 1;

absl::StatusOr<std::vector<std::shared_ptr<grpc::Channel>>> Channels(const Settings& settings) {
  client::ChannelOptions options;
  options.target = settings.server;
  options.plaintext_is_safe = settings.server_plaintext;
  options.own_connections = true;
  if (!settings.server_ca_file.empty()) {
    grpc::SslCredentialsOptions tls;
    OTPGATE_ASSIGN_OR_RETURN(tls.pem_root_certs, ReadTextFile(settings.server_ca_file));
    options.credentials = grpc::SslCredentials(tls);
  }
  std::vector<std::shared_ptr<grpc::Channel>> channels;
  for (int i = 0; i < settings.channels; ++i) {
    OTPGATE_ASSIGN_OR_RETURN(std::shared_ptr<grpc::Channel> channel, client::NewChannel(options));
    channels.push_back(std::move(channel));
  }
  return channels;
}

absl::StatusOr<GatewayOptions> OptionsFrom(const Settings& settings) {
  GatewayOptions options = settings.gateway;
  if (!settings.caller_id.empty()) {
    OTPGATE_ASSIGN_OR_RETURN(const std::string secret, ReadTextFile(settings.caller_secret_file));
    options.caller_authorization =
        CallerAuthorization({settings.caller_id, std::string(absl::StripAsciiWhitespace(secret))});
  }
  return options;
}

// Checks the certificate files every second until SIGTERM or SIGINT comes.
void WaitForSignal(const sigset_t& signals, TlsFiles* tls, Log& log) {
  const timespec second{.tv_sec = 1, .tv_nsec = 0};
  bool is_logged = false;
  while (sigtimedwait(&signals, nullptr, &second) < 0) {
    if (tls == nullptr) continue;
    const absl::Status status = tls->Reload();
    if (!status.ok() && !is_logged) {
      log.Error("TLS_FILES_REFUSED", {{"problem", status.message()}});
    }
    is_logged = !status.ok();
  }
}

absl::Status Run(const Settings& settings, const sigset_t& signals, Log& log) {
  OTPGATE_ASSIGN_OR_RETURN(const Transcoder transcoder, Transcoder::Create(PublicServices()));
  OTPGATE_ASSIGN_OR_RETURN(Cors cors, Cors::Create(settings.cors_origins));
  OTPGATE_ASSIGN_OR_RETURN(GatewayOptions options, OptionsFrom(settings));
  OTPGATE_ASSIGN_OR_RETURN(auto channels, Channels(settings));
  std::unique_ptr<TlsFiles> tls;
  if (!settings.tls_certificate_file.empty()) {
    OTPGATE_ASSIGN_OR_RETURN(tls,
                             TlsFiles::Open(settings.tls_certificate_file, settings.tls_key_file));
  }
  GatewayMetrics metrics;  // outlives the backend, whose end answers what is left
  std::shared_ptr<void> page;
  if (!settings.metrics_address.empty()) {
    OTPGATE_ASSIGN_OR_RETURN(page, metrics.Serve(settings.metrics_address));
  }
  GrpcBackend backend(std::move(channels));
  Gateway gateway(std::move(options), std::move(cors), &transcoder, &backend, &metrics, &log);
  OTPGATE_ASSIGN_OR_RETURN(const std::unique_ptr<HttpServer> server,
                           HttpServer::Start(settings.http, &gateway, tls.get()));
  metrics.SetStats([&server] { return server->stats(); });
  log.Info("LISTENING", {{"port", server->port()}, {"tls", tls != nullptr}});
  WaitForSignal(signals, tls.get(), log);
  log.Info("STOPPING");
  server->Drain(settings.drain);
  metrics.SetStats(nullptr);
  return absl::OkStatus();
}

int Main(int argc, char** argv) {
  const std::variant<Settings, Exit> parsed = ParseCommandLine(argc, argv);
  if (const auto* exit = std::get_if<Exit>(&parsed)) {
    std::fputs(exit->text.c_str(), exit->code == 0 ? stdout : stderr);
    return exit->code;
  }
  // Before any thread starts, so that all of them have these signals blocked.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  const auto& settings = std::get<Settings>(parsed);
  const SystemClock clock;
  // Never waits for the reader: lines that find no room are dropped and counted.
  LogFdSink standard_error(STDERR_FILENO, /*max_wait=*/absl::ZeroDuration());
  BufferedLogSink sink(&standard_error);
  Log log(&sink, &clock, settings.log_level);
  const absl::Status status = Run(settings, signals, log);
  if (status.ok()) return 0;
  sink.Flush();
  std::fprintf(stderr, "otpgate-gateway: %s\n", std::string(status.message()).c_str());
  return kFailure;
}

}  // namespace
}  // namespace otpgate::gateway

int main(int argc, char** argv) { return otpgate::gateway::Main(argc, argv); }
