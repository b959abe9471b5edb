#include "server/app.h"

#include <unistd.h>

#include <atomic>
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
    cleanup_ = MakeCleanup(config_, *backend_, random_, clock_, *log_, is_serving_);
    OTPGATE_RETURN_IF_ERROR(metering_->Serve(*engines_, *dispatcher_, cleanup_.get(), *log_));
    OTPGATE_RETURN_IF_ERROR(StartServer(std::move(extras.methods)));
    OTPGATE_RETURN_IF_ERROR(StartWatch());
    if (cleanup_) cleanup_->Start();
    return absl::OkStatus();
  }

  const std::vector<int>& ports() const override { return server_->ports(); }

  // Watch and keys may sit in a question to the database; nobody waits for them before the drain.
  void Stop() override {
    if (server_) server_->Stop();
    watch_.reset();
    keys_.Stop();
    if (cleanup_) cleanup_->Stop();
    if (engines_) engines_->Stop();
    executor_.Stop();  // a task may have answered its call and still be on its way out of an engine
    if (dispatcher_) dispatcher_->Stop();
    metering_->Stop();
  }

 private:
  CodeDrawer::Parts DrawerParts() {
    return {.digits = config_.otp.digits,
            .random = &random_,
            .clock = &clock_,
            .secrets = keys_.secrets(),
            .seal = [this](const MessageId& id, const SubjectKey& subject, Purpose purpose,
                           absl::string_view code, absl::string_view locale) {
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
    for (const Channel channel : {Channel::kSms, Channel::kEmail}) {
      OTPGATE_ASSIGN_OR_RETURN(parts.senders[channel], MakeSender(config_.delivery));
    }
    courier_ = std::make_unique<delivery::Courier>(std::move(parts), delivery::Courier::Options());
    dispatcher_ = std::make_unique<delivery::Dispatcher>(
        delivery::Dispatcher::Parts{courier_.get(), &clock_, &random_, log_},
        delivery::Dispatcher::Options());
    dispatcher_->Start();
    return absl::OkStatus();
  }

  void StartEngines(OnBatch on_calls) {
    engines_ = std::make_unique<Engines>(
        Engines::Parts{.config = &config_.engine,
                       .backend = backend_.get(),
                       .clock = &clock_,
                       .random = &random_,
                       .subject_rules = &rules_,
                       .session_rules = &session_rules_,
                       .on_batch =
                           [this](absl::string_view engine, const BatchReport& report) {
                             Note(report);
                             metering_->Count(engine, report);
                           },
                       .on_calls = std::move(on_calls)});
  }

  void Note(const BatchReport& report) {
    if (report.refused_row) log_->Error("ROW_REFUSED_BY_SCHEMA", {{"commands", report.commands}});
    if (report.unreadable_row) log_->Error("ROW_NOT_UNDERSTOOD", {{"commands", report.commands}});
  }

  void StartService() {
    account_check_ =
        std::make_unique<AccountCheck>(&tokens_, &engines_->accounts(), &executor_, &clock_);
    if (config_.enable_rate_limit) {
      client_limiter_ = std::make_unique<ClientLimiter>(ClientLimitFrom(config_.limits),
                                                        &engines_->buckets(), &clock_);
    }
    service_ = std::make_unique<OtpService>(
        OtpService::Parts{.subjects = &engines_->subjects(),
                          .accounts = account_check_.get(),
                          .client_limiter = client_limiter_.get(),
                          .drawer = &drawer_,
                          .answers = &answers_,
                          .tokens = &tokens_,
                          .executor = &executor_,
                          .reveal_codes = config_.development.reveal_codes,
                          .on_message = [this](const MessageKey& key) { dispatcher_->Hand(key); }});
    session_service_ = std::make_unique<SessionService>(
        SessionService::Parts{.sessions = &engines_->sessions(),
                              .users = &engines_->users(),
                              .lists = &engines_->session_lists(),
                              .accounts = account_check_.get(),
                              .tokens = &tokens_,
                              .executor = &executor_,
                              .clock = &clock_,
                              .random = &random_,
                              .log = log_,
                              .on_refresh = metering_->ForRefreshes()});
  }

  absl::Status StartServer(std::vector<UnaryMethod> extra) {
    OTPGATE_ASSIGN_OR_RETURN(Callers callers, LoadCallers(config_));
    callers_ = std::make_unique<Callers>(std::move(callers));
    std::vector<UnaryMethod> methods =
        AuthMethods(UseCasesOf(service_.get(), keys_.keyset()), UseCasesOf(session_service_.get()),
                    ValidationLimitsFrom(config_));
    for (UnaryMethod& method : extra) methods.push_back(std::move(method));
    CallObserver observer = metering_->ForCalls(methods);
    OTPGATE_ASSIGN_OR_RETURN(
        server_, Server::Start(ServerOptionsFrom(config_.listen), std::move(methods),
                               {&clock_, &random_, log_, callers_.get(), std::move(observer)}));
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

  const Config config_;
  Log* const log_;
  const Clock& clock_;
  crypto::SystemRandom random_;
  const std::unique_ptr<Metering> metering_;
  const std::unique_ptr<Backend> backend_;
  KeyCare keys_;
  const TokenIssuer tokens_;
  const SubjectRules rules_;
  const SessionRules session_rules_;
  const CodeDrawer drawer_;
  const SubjectAnswers answers_;
  std::unique_ptr<delivery::Composer> composer_;
  std::unique_ptr<delivery::Courier> courier_;
  std::unique_ptr<delivery::Dispatcher> dispatcher_;
  Executor executor_;
  std::unique_ptr<Engines> engines_;
  std::unique_ptr<AccountCheck> account_check_;
  std::unique_ptr<ClientLimiter> client_limiter_;
  std::unique_ptr<OtpService> service_;
  std::unique_ptr<SessionService> session_service_;
  std::unique_ptr<Callers> callers_;
  std::unique_ptr<Server> server_;
  std::atomic<bool> is_serving_ = false;
  std::unique_ptr<DatabaseWatch> watch_;
  std::unique_ptr<CleanupJob> cleanup_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<App>> App::Start(const Config& config, Log* log, AppExtras extras) {
  crypto::SystemRandom random;
  // Outlives every app of the process.
  static const SystemClock clock{};
  SecretFiles files(config.secrets, random);
  const std::optional<Secrets> secrets = files.Read(clock.Now());
  OTPGATE_RETURN_IF_ERROR(files.problem());
  auto metering = std::make_unique<Metering>(config.metrics);
  OTPGATE_ASSIGN_OR_RETURN(std::unique_ptr<Backend> backend, MakeBackend(config, clock, *metering));
  auto app = std::make_unique<RunningApp>(config, log, clock, std::move(files), *secrets,
                                          std::move(metering), std::move(backend));
  OTPGATE_RETURN_IF_ERROR(app->Begin(std::move(extras)));
  return app;
}

}  // namespace otpgate
