#include "server/app.h"

#include <unistd.h>

#include <map>
#include <string>
#include <utility>

#include "server/auth/account_check.h"
#include "server/auth/client_limiter.h"
#include "server/auth/code_drawer.h"
#include "server/auth/otp_service.h"
#include "server/auth/session_service.h"
#include "server/auth/subject_answers.h"
#include "server/auth/token_issuer.h"
#include "server/backend.h"
#include "server/cleanup_setup.h"
#include "server/crypto/system_random.h"
#include "server/database_watch.h"
#include "server/delivery/console_sender.h"
#include "server/delivery/dispatcher.h"
#include "server/delivery/file_sender.h"
#include "server/engines.h"
#include "server/key_care.h"
#include "server/metering.h"
#include "server/policies.h"
#include "server/rpc/handlers/otp_service_use_cases.h"
#include "server/rpc/server.h"
#include "server/runtime/status_macros.h"
#include "server/secrets.h"
#include "server/validation/phone.h"

namespace otpgate {
namespace {

// Two threads keep one busy core each with signatures; more only take turns.
constexpr size_t kSigningThreads = 2;

absl::StatusOr<std::unique_ptr<Backend>> MakeBackend(const Config& config, const Clock& clock,
                                                     const Metering& metering) {
  if (!config.use_database) return MakeMemoryBackend(clock);
  return MakePostgresBackend(config, clock, metering.ForBackend());
}

absl::StatusOr<std::unique_ptr<delivery::Sender>> MakeSender(const DeliveryConfig& config) {
  if (config.sender == SenderKind::kConsole) {
    return std::make_unique<delivery::ConsoleSender>(STDOUT_FILENO);
  }
  return delivery::FileSender::Open(config.file_path);
}

// Members in the order of their dependence; they end in the opposite one.
class RunningApp final : public App {
 public:
  RunningApp(const Config& config, Log* log, const Clock& clock, SecretFiles files,
             const Secrets& secrets, std::unique_ptr<Metering> metering,
             std::unique_ptr<Backend> backend)
      : config_(config),
        log_(log),
        clock_(clock),
        metering_(std::move(metering)),
        backend_(std::move(backend)),
        keys_({.clock = &clock,
               .random = &random_,
               .log = log,
               .rotate_signing_key = config.tokens.rotate_signing_key,
               .interval = config.secrets.reload_interval},
              std::move(files), secrets, backend_->MakeSigningKeys()),
        tokens_(TokenPolicyFrom(config.tokens), keys_.keyset(), keys_.secrets()),
        rules_(OtpPolicyFrom(config), MatchesByMac(keys_.secrets())),
        session_rules_(SessionPolicyFrom(config.sessions)),
        drawer_(DrawerParts()),
        answers_(log, metering_->ForCodes()),
        executor_(kSigningThreads) {}
  ~RunningApp() override { Stop(); }

  absl::Status Begin(AppExtras extras) {
    WarmUpPhoneNumbers();
    OTPGATE_RETURN_IF_ERROR(StartDelivery());
    StartEngines(std::move(extras.on_calls));
    StartService();
    OTPGATE_RETURN_IF_ERROR(metering_->Serve(*engines_, *dispatcher_, *log_));
    OTPGATE_RETURN_IF_ERROR(StartServer(std::move(extras.methods)));
    OTPGATE_RETURN_IF_ERROR(StartWatch());
    cleanup_ = StartCleanup(config_.cleanup, *backend_, random_, clock_, *log_);
    return absl::OkStatus();
  }

  const std::vector<int>& ports() const override { return server_->ports(); }

  // Watch and keys may sit in a question to the database; nobody waits for them before the drain.
  void Stop() override {
    if (server_) server_->Stop();
    watch_.reset();
    cleanup_.reset();
