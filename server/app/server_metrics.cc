#include "server/app/server_metrics.h"

#include <iterator>
#include <string>
#include <utility>

#include "base/status_macros.h"
#include "server/domain/events.h"
#include "server/domain/quotas.h"
#include "server/errors/reason.h"
#include "storage/postgres/statement_names.h"

namespace otpgate::app {
namespace {

constexpr char kHealthCheck[] = "grpc.health.v1.Health/Check";

std::vector<std::string> ReasonNames() {
  std::vector<std::string> names;
  for (const errors::ReasonFacts& facts : errors::kReasons) {
    if (facts.reason != errors::Reason::kUnspecified) names.emplace_back(facts.name);
  }
  return names;
}

template <class Labels>
std::vector<std::string> NamesOf(const Labels& labels) {
  std::vector<std::string> names;
  for (const auto& label : labels) names.emplace_back(label.name);
  return names;
}

metrics::Vocabulary LabelValues() {
  return {.engines = Engines::Names(),
          .statements = storage::postgres::StatementNames(),
          .reasons = ReasonNames(),
          .quotas = {std::begin(domain::kQuotas), std::end(domain::kQuotas)},
          .flows = NamesOf(domain::kOtpFlows),
          .otp_events = NamesOf(domain::kOtpSteps),
          .refreshes = NamesOf(domain::kRefreshOutcomes)};
}

void CountCode(metrics::Metrics& metrics, storage::Purpose purpose, domain::Event event) {
  const domain::EventFacts& facts = FactsOf(event);
  if (facts.step == domain::OtpStep::kNone) return;
  metrics.OtpEvent(facts.flow == domain::OtpFlow::kNone ? NameOf(purpose) : NameOf(facts.flow),
                   NameOf(facts.step));
}

void ReadCleanup(const jobs::CleanupJob& job, metrics::Readings& readings) {
  jobs::CleanupTally tally = job.Tally();
  for (const storage::CleanupKind kind : storage::kCleanupKinds) {
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
                       const jobs::CleanupJob* cleanup) {
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

ServerMetrics::ServerMetrics(const config::MetricsConfig& config)
    : config_(config),
      metrics_(config.address.empty()
                   ? nullptr
                   : std::make_unique<metrics::Metrics>(LabelValues(), OTPGATE_VERSION)) {}

BackendObserver ServerMetrics::ForBackend() const {
  if (metrics_ == nullptr) return {};
  return {
      .on_statement =
          [to = metrics_.get()](absl::string_view name, absl::Duration took) {
            to->StatementDone(storage::postgres::ReportedName(name), took);
          },
      .on_clock_offset = [to = metrics_.get()](absl::Duration offset) { to->ClockOffset(offset); }};
}

service::SubjectEventLog::OnEvent ServerMetrics::ForCodes() const {
  if (metrics_ == nullptr) return {};
  return [to = metrics_.get()](storage::Purpose purpose, domain::Event event,
                               absl::string_view quota) {
    CountCode(*to, purpose, event);
    if (!quota.empty()) to->LimitHit(quota);
  };
}

service::OnRefresh ServerMetrics::ForRefreshes() const {
  if (metrics_ == nullptr) return {};
  return [to = metrics_.get()](domain::RefreshOutcome outcome) { to->Refreshed(NameOf(outcome)); };
}

rpc::CallObserver ServerMetrics::ForCalls(const std::vector<rpc::UnaryMethod>& methods) const {
  if (metrics_ == nullptr) return {};
  metrics_->Expect(kHealthCheck);
  for (const rpc::UnaryMethod& method : methods) metrics_->Expect(method.name);
  return {.on_start = [to = metrics_.get()](absl::string_view method) { to->CallStarted(method); },
          .on_end =
              [to = metrics_.get()](const rpc::CallReport& report) {
                to->CallEnded(report.method, report.code, report.reason, report.took);
                // A call refused by the limit per address has no event, so ForCodes misses it.
                if (report.reason == errors::ReasonName(errors::Reason::kClientLimit))
                  to->LimitHit(domain::kEndUserAddressQuota);
              }};
}

void ServerMetrics::Count(absl::string_view engine, const engine::BatchReport& report) const {
  if (metrics_ == nullptr) return;
  metrics_->BatchDone(engine, {.commands = report.commands,
                               .conflicts = report.lost,
                               .in_doubt = report.in_doubt,
                               .waited = report.waited});
}

absl::Status ServerMetrics::Serve(const Engines& engines, const delivery::Dispatcher& dispatcher,
                                  const jobs::CleanupJob* cleanup, Log& log) {
  if (metrics_ == nullptr) return absl::OkStatus();
  metrics_->SetReadings(
      [&engines, &dispatcher, cleanup] { return Read(engines, dispatcher, cleanup); });
  OTPGATE_ASSIGN_OR_RETURN(page_, metrics::Page::Serve(*metrics_, config_.address));
  log.Info("METRICS_LISTENING", {{"address", config_.address}, {"port", page_->port()}});
  return absl::OkStatus();
}

}  // namespace otpgate::app
