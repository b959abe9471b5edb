#include "server/engines.h"

#include <utility>

#include "server/policies.h"

namespace otpgate {
namespace {

template <class Rules, class MakeStore>
std::unique_ptr<Engine<Rules>> Writing(const Engines::Parts& parts, size_t workers,
                                       const Rules& rules, const MakeStore& make_store,
                                       const OnBatch& on_batch) {
  return std::make_unique<Engine<Rules>>(workers, QueueLimitsFrom(*parts.config), *parts.clock,
                                         [&](Pause pause) -> std::unique_ptr<Runner<Rules>> {
                                           return std::make_unique<WriteRunner<Rules>>(
                                               rules, make_store(), *parts.clock, *parts.random,
                                               std::move(pause), on_batch);
                                         });
}

template <class Rules, class MakeReader>
std::unique_ptr<Engine<Rules>> Reading(const Engines::Parts& parts, const MakeReader& make_reader) {
  return std::make_unique<Engine<Rules>>(
      1, QueueLimitsFrom(*parts.config), *parts.clock,
      [&](const Pause&) { return std::make_unique<ReadRunner<Rules>>(make_reader()); });
}

OnBatch Both(OnBatch first, OnBatch second) {
  if (!second) return first;
  return [first = std::move(first), second = std::move(second)](const BatchReport& report) {
    first(report);
    second(report);
  };
}

}  // namespace

Engines::Engines(const Parts& parts) {
  const auto workers = static_cast<size_t>(parts.config->workers);
  Backend& backend = *parts.backend;
  const auto on_batch = parts.on_batch;
  subjects_ = Writing(
      parts, workers, *parts.subject_rules, [&] { return backend.MakeSubjects(); },
      Both(on_batch, parts.on_subjects));
  sessions_ = Writing(
      parts, workers, *parts.session_rules, [&] { return backend.MakeSessions(); }, on_batch);
  buckets_ = Writing(
      parts, 1, bucket_rules_, [&] { return backend.MakeBuckets(); }, on_batch);
  users_ = Writing(
      parts, 1, user_rules_, [&] { return backend.MakeUsers(); }, on_batch);
  accounts_ = Reading<AccountRules>(parts, [&] { return backend.MakeAccounts(); });
  session_lists_ = Reading<SessionListRules>(parts, [&] { return backend.MakeSessionLists(); });
}

void Engines::Stop() {
  subjects_->Stop();
  sessions_->Stop();
  buckets_->Stop();
  users_->Stop();
  accounts_->Stop();
  session_lists_->Stop();
}

}  // namespace otpgate
