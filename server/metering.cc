#include "server/metering.h"

#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "server/domain/otp_policy.h"
#include "server/errors/reason.h"
#include "server/policies.h"
#include "server/runtime/status_macros.h"

namespace otpgate {
namespace {

constexpr char kHealthCheck[] = "grpc.health.v1.Health/Check";
constexpr char kClientQuota[] = "client_address";

// Each statement that writes subjects is put together from the parts it needs, and named after
// them.
constexpr char kWriteSubjects[] = "write_subjects";

std::vector<std::string> ReasonNames() {
  std::vector<std::string> names;
  for (int i = 1; ReasonName(static_cast<Reason>(i)) != ReasonName(Reason::kUnspecified); ++i) {
    names.emplace_back(ReasonName(static_cast<Reason>(i)));
  }
  return names;
}

std::vector<std::string> QuotaNames() {
  const OtpPolicy policy = OtpPolicyFrom(Config());
  std::vector<std::string> names = {kClientQuota, "resend_cooldown", "resends_per_code",
                                    policy.daily.name};
  for (const auto* windows : {&policy.send_windows, &policy.resend_windows}) {
    for (const SendWindow& window : *windows) names.push_back(window.name);
  }
  return names;
}

std::vector<std::string> StatementNames() {
  std::vector<std::string> names = {"BEGIN",
                                    "COMMIT",
                                    "ROLLBACK",
                                    "add_signing_key",
                                    "claim_outbox",
                                    "finish_lease",
                                    "list_sessions",
                                    "list_signing_keys",
                                    "load_account_views",
                                    "load_accounts",
                                    "load_buckets",
                                    "load_requests",
                                    "load_sessions",
                                    "load_subjects",
                                    "load_users",
                                    "ping",
                                    "renew_lease",
                                    "server_settings",
                                    "take_lease",
                                    "turn_outbox",
                                    "write_buckets",
                                    "write_sessions",
                                    "write_sessions_audited",
                                    kWriteSubjects,
                                    "write_users"};
  for (const CleanupKind kind : kCleanupKinds)
    names.push_back(absl::StrCat("clean_", NameOf(kind)));
  return names;
}

metrics::Vocabulary Words() {
  return {.engines = Engines::Names(),
          .statements = StatementNames(),
          .reasons = ReasonNames(),
          .quotas = QuotaNames(),
          .flows = {"signup", "login", "verify_phone", "verify_email"},
          .otp_events = {"created", "resent", "verified", "verification_failed", "key_unknown",
                         "request_refused", "resend_refused", "verification_refused"},
          .refreshes = {"rotated", "repeated", "reuse", "from_future", "superseded", "refused",
                        "unknown", "failed"}};
}

// "SIGNUP_OTP_CREATED" is "created" of "signup"; "OTP_REQUEST_REFUSED" is of the purpose's flow.
void CountCode(metrics::Metrics& metrics, Purpose purpose, absl::string_view event) {
  constexpr absl::string_view kOtp = "OTP_";
  const size_t at = event.find(kOtp);
  if (at == absl::string_view::npos) return;
  absl::string_view flow = event.substr(0, at);
  absl::ConsumeSuffix(&flow, "_");
  metrics.OtpEvent(flow.empty() ? std::string(NameOf(purpose)) : absl::AsciiStrToLower(flow),
                   absl::AsciiStrToLower(event.substr(at + kOtp.size())));
}

absl::string_view OutcomeOf(const absl::StatusOr<SessionReply>& told) {
  if (absl::IsUnauthenticated(told.status())) return "unknown";
  if (!told.ok()) return "failed";
  const SessionReply& reply = *told;
  if (reply.from_future) return "from_future";
  if (reply.event == "TOKEN_REUSE") return "reuse";
  if (reply.reason == Reason::kRequestSuperseded) return "superseded";
  if (!reply.ok()) return "refused";
  return reply.replayed ? "repeated" : "rotated";
}

void ReadCleanup(const CleanupJob& job, metrics::Readings& readings) {
  CleanupTally tally = job.Tally();
  for (const CleanupKind kind : kCleanupKinds) {
    metrics::Readings::Cleaned cleaned{std::string(NameOf(kind)), tally.removed[kind]};
    const auto held = tally.held.find(kind);
    if (held != tally.held.end()) cleaned.held = held->second;
    readings.cleaned.push_back(std::move(cleaned));
  }
  readings.cleanup_last_complete = tally.last_complete.value_or(absl::UnixEpoch());
  readings.cleanup_rounds = {{"complete", tally.complete},
                             {"cut_short", tally.cut_short},
                             {"held_back", tally.held_back},
                             {"failed", tally.failed}};
}

metrics::Readings Read(const Engines& engines, const delivery::Dispatcher& dispatcher,
                       const CleanupJob* cleanup) {
  metrics::Readings readings;
  for (Engines::Queue& queue : engines.Queues()) {
    readings.queues.push_back({std::move(queue.engine), queue.waiting, queue.oldest});
  }
  const delivery::Counts counts = dispatcher.counts();
  readings.messages = {{"taken", counts.taken},      {"taken_over", counts.taken_over},
                       {"sent", counts.sent},        {"dropped", counts.dropped},
                       {"retried", counts.retried},  {"failed", counts.failed},
                       {"lapsed", counts.lapsed},    {"fenced", counts.fenced},
                       {"not_kept", counts.not_kept}};
  readings.messages_waiting = dispatcher.waiting();
  if (cleanup != nullptr) ReadCleanup(*cleanup, readings);
  return readings;
}

}  // namespace

Metering::Metering(const MetricsConfig& config)
    : config_(config),
      metrics_(config.address.empty()
                   ? nullptr
                   : std::make_unique<metrics::Metrics>(Words(), OTPGATE_VERSION)) {}

BackendObserver Metering::ForBackend() const {
  if (metrics_ == nullptr) return {};
  return {
      .on_statement =
          [to = metrics_.get()](absl::string_view name, absl::Duration took) {
            to->StatementDone(absl::StartsWith(name, kWriteSubjects) ? kWriteSubjects : name, took);
          },
      .on_clock_offset = [to = metrics_.get()](absl::Duration offset) { to->ClockOffset(offset); }};
}

SubjectAnswers::OnEvent Metering::ForCodes() const {
  if (metrics_ == nullptr) return {};
  return [to = metrics_.get()](Purpose purpose, absl::string_view event, absl::string_view quota) {
    CountCode(*to, purpose, event);
    if (!quota.empty()) to->LimitHit(quota);
  };
}

SessionService::OnRefresh Metering::ForRefreshes() const {
  if (metrics_ == nullptr) return {};
  return [to = metrics_.get()](const absl::StatusOr<SessionReply>& reply) {
    to->Refreshed(OutcomeOf(reply));
  };
}

CallObserver Metering::ForCalls(const std::vector<UnaryMethod>& methods) const {
  if (metrics_ == nullptr) return {};
  metrics_->Expect(kHealthCheck);
  for (const UnaryMethod& method : methods) metrics_->Expect(method.name);
  return {.on_start = [to = metrics_.get()](absl::string_view method) { to->CallStarted(method); },
          .on_end =
              [to = metrics_.get()](const CallReport& report) {
                to->CallEnded(report.method, report.code, report.reason, report.took);
                // The limit per address stands before everything that has events.
                if (report.reason == ReasonName(Reason::kClientLimit)) to->LimitHit(kClientQuota);
              }};
}

void Metering::Count(absl::string_view engine, const BatchReport& report) const {
  if (metrics_ == nullptr) return;
  metrics_->BatchDone(engine, {.commands = report.commands,
                               .conflicts = report.lost,
                               .in_doubt = report.in_doubt,
                               .waited = report.waited});
}

absl::Status Metering::Serve(const Engines& engines, const delivery::Dispatcher& dispatcher,
                             const CleanupJob* cleanup, Log& log) {
  if (metrics_ == nullptr) return absl::OkStatus();
  metrics_->SetReadings(
      [&engines, &dispatcher, cleanup] { return Read(engines, dispatcher, cleanup); });
  OTPGATE_ASSIGN_OR_RETURN(page_, metrics::Page::Serve(*metrics_, config_.address));
  log.Info("METRICS_LISTENING", {{"address", config_.address}, {"port", page_->port()}});
  return absl::OkStatus();
}

}  // namespace otpgate
