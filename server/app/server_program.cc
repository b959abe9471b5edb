#include "server/app/server_program.h"

#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "base/buffered_log_sink.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/log_fd_sink.h"
#include "base/text_file.h"
#include "server/app/start_check.h"
#include "server/config/load.h"
#include "server/rpc/library_log.h"
#include "server/rpc/listen_address.h"

namespace otpgate::app {
namespace {

constexpr int kFailed = 1;
constexpr int kUsage = 2;

int Fail(int code, const absl::Status& status) {
  std::fprintf(stderr, "otpgate-server: %s\n", std::string(status.message()).c_str());
  return code;
}

// The main thread takes the signals with sigwait. Call this first, so that every thread inherits
// the mask.
sigset_t BlockStopSignals() {
  signal(SIGPIPE, SIG_IGN);
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTERM);
  sigaddset(&stop, SIGINT);
  pthread_sigmask(SIG_BLOCK, &stop, nullptr);
  return stop;
}

// Debian's Abseil is built with deadlock detection, which takes one global lock for every lock of
// the process. Debug builds keep it.
void DisableDeadlockDetection() {
#ifdef NDEBUG
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
#endif
}

int Serve(const config::Config& config, AppExtras extras, const sigset_t& stop) {
  SystemClock clock;
  LogFdSink standard_error(STDERR_FILENO);
  BufferedLogSink sink(&standard_error);
  Log log(&sink, &clock, config.log_level);
  const rpc::GrpcLogRedirect grpc_log(&log);
  absl::StatusOr<std::unique_ptr<App>> app = App::Start(config, &log, std::move(extras));
  if (!app.ok()) {
    sink.Flush();
    return Fail(kFailed, app.status());
  }
  for (size_t i = 0; i < (*app)->ports().size(); ++i) {
    const std::string& address = config.listen.addresses[i];
    const bool tls = !config.listen.tls.directory.empty() && !rpc::IsUnixSocket(address);
    log.Info("LISTENING", {{"address", address}, {"port", (*app)->ports()[i]}, {"tls", tls}});
  }
  int signal_number = 0;
  sigwait(&stop, &signal_number);
  log.Info("STOPPING", {{"signal", signal_number}});
  (*app)->Stop();
  log.Info("STOPPED");
  return 0;
}

}  // namespace

int RunServerProgram(const std::vector<std::string>& args, AppExtras extras) {
  DisableDeadlockDetection();
  const sigset_t stop = BlockStopSignals();
  const absl::StatusOr<config::CommandLine> line = config::ParseCommandLine(args);
  if (!line.ok()) return Fail(kUsage, line.status());
  if (line->action == config::CommandLine::Action::kHelp) {
    std::fputs(config::HelpText().c_str(), stdout);
    return 0;
  }
  const absl::StatusOr<config::LoadedConfig> loaded =
      config::LoadConfig(*line, config::ProcessEnvironment(), ReadTextFile);
  if (!loaded.ok()) return Fail(kUsage, loaded.status());
  if (line->action == config::CommandLine::Action::kCheckConfig) {
    const absl::Status fit = CheckStart(loaded->config);
    if (!fit.ok()) return Fail(kFailed, fit);
    std::fputs(config::EffectiveText(*loaded).c_str(), stdout);
    return 0;
  }
  return Serve(loaded->config, std::move(extras), stop);
}

}  // namespace otpgate::app
