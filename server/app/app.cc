#include "server/app/app.h"

#include <unistd.h>

#include <atomic>
#include <map>
#include <string>
#include <utility>

#include "base/crypto/system_random.h"
#include "base/status_macros.h"
#include "server/app/backend.h"
#include "server/app/database_watch.h"
#include "server/app/engines.h"
#include "server/app/key_manager.h"
#include "server/app/secret_files.h"
#include "server/app/server_metrics.h"
#include "server/delivery/console_sender.h"
#include "server/delivery/dispatcher.h"
#include "server/delivery/file_sender.h"
#include "server/jobs/cleanup_job.h"
#include "server/jobs/lease_keeper.h"
#include "server/rpc/handlers/auth_methods.h"
#include "server/rpc/server.h"
#include "server/service/account_check.h"
#include "server/service/address_limiter.h"
#include "server/service/otp_factory.h"
#include "server/service/otp_service.h"
#include "server/service/session_service.h"
#include "server/service/subject_event_log.h"
#include "server/service/token_issuer.h"
#include "server/validation/phone.h"

namespace otpgate::app {
namespace {

// Each thread can fill one core with signatures; more than two only take turns.
constexpr size_t kSigningThreads = 2;

absl::StatusOr<std::unique_ptr<Backend>> MakeBackend(const config::Config& config,
                                                     const Clock& clock,
                                                     const ServerMetrics& server_metrics) {
  if (!config.use_database) return MakeMemoryBackend(clock);
  return MakePostgresBackend(config, clock, server_metrics.ForBackend());
}

absl::StatusOr<std::unique_ptr<delivery::Sender>> MakeSender(const config::DeliveryConfig& config) {
  switch (config.sender) {
    case config::SenderKind::kConsole:
      return std::make_unique<delivery::ConsoleSender>(STDOUT_FILENO);
    case config::SenderKind::kFile:
      return delivery::FileSender::Open(config.file_path);
  }
  return absl::InvalidArgumentError("unknown delivery.sender");
}

// This server's part in the cleanup of the fleet, not yet started; null when it has none.
// `is_serving`: whether the database answered the last ping and the clocks agreed. All arguments
// but the configuration outlive it.
std::unique_ptr<jobs::CleanupJob> MakeCleanup(const config::Config& all, Backend& backend,
                                              Random& random, const Clock& clock, Log& log,
                                              const std::atomic<bool>& is_serving) {
  const config::CleanupConfig& config = all.cleanup;
  if (!config.enabled) return nullptr;
  return std::make_unique<jobs::CleanupJob>(
      jobs::CleanupJob::Parts{.cleaner = backend.MakeCleaner(),
                              .leases = backend.MakeJobLeases(),
                              .holder = jobs::HolderName(random),
                              .clock = &clock,
                              .log = &log,
                              .may_run = [&is_serving] { return is_serving.load(); }},
      WithClockOff(config.job, all.database.max_clock_offset));
}

// Each member is declared after those that it uses, so that they are destroyed in reverse.
class RunningApp final : public App {
 public:
  RunningApp(const config::Config& config, Log* log, const Clock& clock, SecretFiles files,
             const Secrets& secrets, std::unique_ptr<ServerMetrics> server_metrics,
             std::unique_ptr<Backend> backend)
      : config_(config),
        log_(log),
        clock_(clock),
        server_metrics_(std::move(server_metrics)),
        backend_(std::move(backend)),
        keys_({.clock = &clock,
               .random = &random_,
               .log = log,
               .rotate_signing_key = config.secrets.rotate_signing_key,
               .interval = config.secrets.reload_interval},
              std::move(files), secrets, backend_->MakeSigningKeys()),
        tokens_(config.tokens, keys_.keyset(), keys_.secrets()),
        subject_rules_(config.otp, service::MatchesByMac(keys_.secrets())),
        session_rules_(config.otp.session),
        otp_factory_(OtpFactoryParts()),
        event_log_(log, server_metrics_->ForCodes()),
        executor_(kSigningThreads) {}
  ~RunningApp() override { Stop(); }

  absl::Status Begin(AppExtras extras) {
    validation::WarmUpPhoneNumbers();
    OTPGATE_RETURN_IF_ERROR(StartDelivery());
    StartEngines(std::move(extras.on_calls));
    StartService();
    cleanup_ = MakeCleanup(config_, *backend_, random_, clock_, *log_, is_serving_);
    OTPGATE_RETURN_IF_ERROR(server_metrics_->Serve(*engines_, *dispatcher_, cleanup_.get(), *log_));
    OTPGATE_RETURN_IF_ERROR(StartServer(std::move(extras.methods)));
    OTPGATE_RETURN_IF_ERROR(StartWatch());
    if (cleanup_) cleanup_->Start();
    return absl::OkStatus();
  }

  const std::vector<int>& ports() const override { return server_->ports(); }

  // The server drains first, because stopping the watch or the keys may wait for the database.
  void Stop() override {
    if (server_) server_->Stop();
    watch_.reset();
    keys_.Stop();
    if (cleanup_) cleanup_->Stop();
    if (engines_) engines_->Stop();
    executor_.Stop();  // its tasks may still use an engine after they answered
    if (dispatcher_) dispatcher_->Stop();
    server_metrics_->Stop();
  }

 private:
  service::OtpFactory::Parts OtpFactoryParts() {
    return {
        .digits = config_.validation.code_digits,
        .random = &random_,
        .clock = &clock_,
        .secrets = keys_.secrets(),
        .seal = [this](const MessageId& id, const storage::SubjectKey& subject,
                       storage::Purpose purpose, absl::string_view code, absl::string_view locale) {
          return keys_.messages()->Seal({.id = id, .subject = subject, .purpose = purpose},
                                        {std::string(code), std::string(locale)});
        }};
  }

  absl::Status StartDelivery() {
    OTPGATE_ASSIGN_OR_RETURN(
        delivery::Templates templates,
        delivery::Templates::Create({config_.delivery.brand, config_.delivery.host}));
    composer_ = std::make_unique<delivery::Composer>(keys_.messages(), std::move(templates));
    delivery::Courier::Parts parts{.outbox = backend_->MakeOutbox(),
                                   .senders = {},
                                   .composer = composer_.get(),
                                   .clock = &clock_,
                                   .random = &random_,
                                   .log = log_};
    for (const storage::Channel channel : {storage::Channel::kSms, storage::Channel::kEmail}) {
      OTPGATE_ASSIGN_OR_RETURN(parts.senders[channel], MakeSender(config_.delivery));
    }
    courier_ = std::make_unique<delivery::Courier>(std::move(parts), delivery::Courier::Options());
    dispatcher_ = std::make_unique<delivery::Dispatcher>(
        delivery::Dispatcher::Parts{courier_.get(), &clock_, &random_, log_},
        delivery::Dispatcher::Options());
    dispatcher_->Start();
    return absl::OkStatus();
  }

  void StartEngines(engine::OnBatch on_calls) {
    engines_ = std::make_unique<Engines>(
        Engines::Parts{.options = &config_.engine,
                       .backend = backend_.get(),
                       .clock = &clock_,
                       .random = &random_,
                       .subject_rules = &subject_rules_,
                       .session_rules = &session_rules_,
                       .on_batch =
                           [this](absl::string_view engine, const engine::BatchReport& report) {
                             Note(report);
                             server_metrics_->Count(engine, report);
                           },
                       .on_calls = std::move(on_calls)});
  }

  void Note(const engine::BatchReport& report) {
    if (report.refused_row) log_->Error("ROW_REFUSED_BY_SCHEMA", {{"commands", report.commands}});
    if (report.unreadable_row) log_->Error("ROW_NOT_UNDERSTOOD", {{"commands", report.commands}});
  }

  void StartService() {
    account_check_ = std::make_unique<service::AccountCheck>(&tokens_, &engines_->accounts(),
                                                             &executor_, &clock_);
    if (config_.otp.limits_enabled) {
      address_limiter_ = std::make_unique<service::AddressLimiter>(config_.address_limit,
                                                                   &engines_->buckets(), &clock_);
    }
    otps_ = service::NewOtpService(
        {.subjects = &engines_->subjects(),
         .accounts = account_check_.get(),
         .address_limiter = address_limiter_.get(),
         .otp_factory = &otp_factory_,
         .event_log = &event_log_,
         .tokens = &tokens_,
         .executor = &executor_,
         .reveal_codes = config_.reveal_codes,
         .on_message = [this](const storage::MessageKey& key) { dispatcher_->Enqueue(key); }});
    sessions_ = service::NewSessionService({.sessions = &engines_->sessions(),
                                            .users = &engines_->users(),
                                            .lists = &engines_->session_lists(),
                                            .accounts = account_check_.get(),
                                            .tokens = &tokens_,
                                            .executor = &executor_,
                                            .clock = &clock_,
                                            .random = &random_,
                                            .log = log_,
                                            .on_refresh = server_metrics_->ForRefreshes()});
  }

  absl::Status StartServer(std::vector<rpc::UnaryMethod> extra) {
    OTPGATE_ASSIGN_OR_RETURN(rpc::Callers callers, LoadCallers(config_));
    callers_ = std::make_unique<rpc::Callers>(std::move(callers));
    std::vector<rpc::UnaryMethod> methods =
        rpc::AuthMethods(otps_.get(), sessions_.get(), config_.validation);
    for (rpc::UnaryMethod& method : extra) methods.push_back(std::move(method));
    rpc::CallObserver observer = server_metrics_->ForCalls(methods);
    OTPGATE_ASSIGN_OR_RETURN(server_, rpc::Server::Start(config_.listen, std::move(methods),
                                                         {&clock_, &random_, log_, callers_.get(),
                                                          std::move(observer)}));
    return absl::OkStatus();
  }

  absl::Status StartWatch() {
    watch_ = std::make_unique<DatabaseWatch>(
        DatabaseWatch::Parts{.prepare = [this] { return Prepare(); },
                             .ping = [this] { return Ping(); },
                             .set_serving =
                                 [this](bool serving) {
                                   is_serving_ = serving;
                                   server_->SetServing(serving);
                                 },
                             .log = log_,
                             .interval = config_.database.health_interval});
    return watch_->Start();
  }

  absl::Status Prepare() {
    OTPGATE_RETURN_IF_ERROR(backend_->Check());
    return keys_.Begin();
  }

  absl::Status Ping() {
    OTPGATE_RETURN_IF_ERROR(backend_->Ping());
    return keys_.health();
  }

  const config::Config config_;
  Log* const log_;
  const Clock& clock_;
  crypto::SystemRandom random_;
  const std::unique_ptr<ServerMetrics> server_metrics_;
  const std::unique_ptr<Backend> backend_;
  KeyManager keys_;
  const service::TokenIssuer tokens_;
  const domain::SubjectRules subject_rules_;
  const domain::SessionRules session_rules_;
  const service::OtpFactory otp_factory_;
  const service::SubjectEventLog event_log_;
  std::unique_ptr<delivery::Composer> composer_;
  std::unique_ptr<delivery::Courier> courier_;
  std::unique_ptr<delivery::Dispatcher> dispatcher_;
  runtime::Executor executor_;
  std::unique_ptr<Engines> engines_;
  std::unique_ptr<service::AccountCheck> account_check_;
  std::unique_ptr<service::AddressLimiter> address_limiter_;
  std::unique_ptr<service::OtpApi> otps_;
  std::unique_ptr<service::SessionApi> sessions_;
  std::unique_ptr<rpc::Callers> callers_;
  std::unique_ptr<rpc::Server> server_;
  std::atomic<bool> is_serving_ = false;
  std::unique_ptr<DatabaseWatch> watch_;
  std::unique_ptr<jobs::CleanupJob> cleanup_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<App>> App::Start(const config::Config& config, Log* log,
                                                AppExtras extras) {
  crypto::SystemRandom random;
  // Static, because it must outlive every app of the process.
  static const SystemClock clock{};
  SecretFiles files(config.secrets, random);
  const std::optional<Secrets> secrets = files.Read(clock.Now());
  OTPGATE_RETURN_IF_ERROR(files.problem());
  auto server_metrics = std::make_unique<ServerMetrics>(config.metrics);
  OTPGATE_ASSIGN_OR_RETURN(std::unique_ptr<Backend> backend,
                           MakeBackend(config, clock, *server_metrics));
  auto app = std::make_unique<RunningApp>(config, log, clock, std::move(files), *secrets,
                                          std::move(server_metrics), std::move(backend));
  OTPGATE_RETURN_IF_ERROR(app->Begin(std::move(extras)));
  return app;
}

}  // namespace otpgate::app
