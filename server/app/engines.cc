#include "server/app/engines.h"

#include <utility>

namespace otpgate::app {
namespace {

template <class Rules, class MakeStore>
std::unique_ptr<engine::Engine<Rules>> Writing(const Engines::Parts& parts, size_t workers,
                                               const Rules& rules, const MakeStore& make_store,
                                               const engine::OnBatch& on_batch) {
  return std::make_unique<engine::Engine<Rules>>(
      workers, parts.options->queue, *parts.clock,
      [&](engine::Pause pause) -> std::unique_ptr<engine::Runner<Rules>> {
        return std::make_unique<engine::WriteRunner<Rules>>(
            rules, make_store(), *parts.clock, *parts.random, std::move(pause), on_batch);
      });
}

template <class Rules, class MakeReader>
std::unique_ptr<engine::Engine<Rules>> Reading(const Engines::Parts& parts,
                                               const MakeReader& make_reader,
                                               const engine::OnBatch& on_batch) {
  return std::make_unique<engine::Engine<Rules>>(
      1, parts.options->queue, *parts.clock, [&](const engine::Pause&) {
        return std::make_unique<engine::ReadRunner<Rules>>(make_reader(), *parts.clock, on_batch);
      });
}

constexpr char kSubjects[] = "subjects";
constexpr char kSessions[] = "sessions";
constexpr char kBuckets[] = "buckets";
constexpr char kUsers[] = "users";
constexpr char kAccounts[] = "accounts";
constexpr char kSessionLists[] = "session_lists";

engine::OnBatch Both(engine::OnBatch first, engine::OnBatch second) {
  if (!second) return first;
  return [first = std::move(first), second = std::move(second)](const engine::BatchReport& report) {
    first(report);
    second(report);
  };
}

}  // namespace

Engines::Engines(const Parts& parts) {
  const size_t workers = parts.options->workers;
  Backend& backend = *parts.backend;
  const auto on_batch = [&parts](absl::string_view engine) -> engine::OnBatch {
    return [engine, call = parts.on_batch](const engine::BatchReport& report) {
      call(engine, report);
    };
  };
  subjects_ = Writing(
      parts, workers, *parts.subject_rules, [&] { return backend.MakeSubjects(); },
      Both(on_batch(kSubjects), parts.on_calls));
  sessions_ = Writing(
      parts, workers, *parts.session_rules, [&] { return backend.MakeSessions(); },
      Both(on_batch(kSessions), parts.on_calls));
  buckets_ = Writing(
      parts, 1, bucket_rules_, [&] { return backend.MakeBuckets(); }, on_batch(kBuckets));
  users_ = Writing(
      parts, 1, user_rules_, [&] { return backend.MakeUsers(); }, on_batch(kUsers));
  accounts_ = Reading<domain::AccountRules>(
      parts, [&] { return backend.MakeAccounts(); }, Both(on_batch(kAccounts), parts.on_calls));
  session_lists_ = Reading<domain::SessionListRules>(
      parts, [&] { return backend.MakeSessionLists(); }, on_batch(kSessionLists));
}

std::vector<std::string> Engines::Names() {
  return {kSubjects, kSessions, kBuckets, kUsers, kAccounts, kSessionLists};
}

std::vector<Engines::Queue> Engines::Queues() const {
  const auto queue = [](const char* name, const auto& engine) {
    return Queue{name, engine->waiting(), engine->oldest()};
  };
  return {queue(kSubjects, subjects_), queue(kSessions, sessions_),
          queue(kBuckets, buckets_),   queue(kUsers, users_),
          queue(kAccounts, accounts_), queue(kSessionLists, session_lists_)};
}

void Engines::Stop() {
  subjects_->Stop();
  sessions_->Stop();
  buckets_->Stop();
  users_->Stop();
  accounts_->Stop();
  session_lists_->Stop();
}

}  // namespace otpgate::app
