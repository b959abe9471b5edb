#ifndef OTPGATE_SERVER_APP_ENGINES_H_
#define OTPGATE_SERVER_APP_ENGINES_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/random.h"
#include "server/app/backend.h"
#include "server/domain/account_rules.h"
#include "server/domain/bucket_rules.h"
#include "server/domain/session_list_rules.h"
#include "server/domain/session_rules.h"
#include "server/domain/subject_rules.h"
#include "server/domain/user_rules.h"
#include "server/engine/engine.h"
#include "server/engine/engine_options.h"

namespace otpgate::app {

// The engines of one server: one per kind of guarded row, and one per kind of read. Those of
// subjects and sessions have as many workers as configured, the others one. Thread-safe but for
// Stop.
class Engines {
 public:
  // What the engines use; all outlive them.
  struct Parts {
    const engine::EngineOptions* options = nullptr;
    Backend* backend = nullptr;
    const Clock* clock = nullptr;
    Random* random = nullptr;
    const domain::SubjectRules* subject_rules = nullptr;
    const domain::SessionRules* session_rules = nullptr;
    // Called by the workers after every batch, with the name of its engine.
    std::function<void(absl::string_view engine, const engine::BatchReport&)> on_batch;
    // Called after on_batch, for subjects, sessions and accounts. May be empty.
    engine::OnBatch on_calls;
  };

  explicit Engines(const Parts& parts);

  engine::Engine<domain::SubjectRules>& subjects() { return *subjects_; }
  engine::Engine<domain::BucketRules>& buckets() { return *buckets_; }
  engine::Engine<domain::SessionRules>& sessions() { return *sessions_; }
  engine::Engine<domain::UserRules>& users() { return *users_; }
  engine::Engine<domain::AccountRules>& accounts() { return *accounts_; }
  engine::Engine<domain::SessionListRules>& session_lists() { return *session_lists_; }

  // The names of the engines, as in metrics.
  static std::vector<std::string> Names();
  struct Queue {
    std::string engine;
    size_t waiting = 0;
    absl::Duration oldest;  // how long the oldest command has waited
  };
  std::vector<Queue> Queues() const;

  // Answers every waiting command, then ends the workers. Idempotent; one thread.
  void Stop();

 private:
  const domain::BucketRules bucket_rules_ = {};
  const domain::UserRules user_rules_ = {};
  std::unique_ptr<engine::Engine<domain::SubjectRules>> subjects_;
  std::unique_ptr<engine::Engine<domain::BucketRules>> buckets_;
  std::unique_ptr<engine::Engine<domain::SessionRules>> sessions_;
  std::unique_ptr<engine::Engine<domain::UserRules>> users_;
  std::unique_ptr<engine::Engine<domain::AccountRules>> accounts_;
  std::unique_ptr<engine::Engine<domain::SessionListRules>> session_lists_;
};

}  // namespace otpgate::app

#endif  // OTPGATE_SERVER_APP_ENGINES_H_
