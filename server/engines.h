#ifndef OTPGATE_SERVER_ENGINES_H_
#define OTPGATE_SERVER_ENGINES_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/backend.h"
#include "server/config/config.h"
#include "server/domain/account_rules.h"
#include "server/domain/bucket_rules.h"
#include "server/domain/session_list_rules.h"
#include "server/domain/session_rules.h"
#include "server/domain/subject_rules.h"
#include "server/domain/user_rules.h"
#include "server/engine/engine.h"
#include "server/runtime/clock.h"
#include "server/runtime/random.h"

namespace otpgate {

// The engines of one server: one per kind of guarded row, and one per kind of reading. Codes and
// sessions have as many workers as the configuration says, the others one.
class Engines {
 public:
  // All outlive the engines.
  struct Parts {
    const EngineConfig* config = nullptr;
    Backend* backend = nullptr;
    const Clock* clock = nullptr;
    Random* random = nullptr;
    const SubjectRules* subject_rules = nullptr;
    const SessionRules* session_rules = nullptr;
    // Told of every batch that writes, with the name of its engine, by their workers.
    std::function<void(absl::string_view engine, const BatchReport&)> on_batch;
    OnBatch on_calls;  // of those of subjects, sessions and accounts, on top; may be empty
  };

  explicit Engines(const Parts& parts);

  Engine<SubjectRules>& subjects() { return *subjects_; }
  Engine<BucketRules>& buckets() { return *buckets_; }
  Engine<SessionRules>& sessions() { return *sessions_; }
  Engine<UserRules>& users() { return *users_; }
  Engine<AccountRules>& accounts() { return *accounts_; }
  Engine<SessionListRules>& session_lists() { return *session_lists_; }

  // The names of the engines.
  static std::vector<std::string> Names();
  struct Queue {
    std::string engine;
    size_t waiting = 0;
    absl::Duration oldest;  // how long that has waited
  };
  std::vector<Queue> Queues() const;

  // Answers everything that waits, then ends. Idempotent; one thread.
  void Stop();

 private:
  const BucketRules bucket_rules_ = {};
  const UserRules user_rules_ = {};
  std::unique_ptr<Engine<SubjectRules>> subjects_;
  std::unique_ptr<Engine<BucketRules>> buckets_;
  std::unique_ptr<Engine<SessionRules>> sessions_;
  std::unique_ptr<Engine<UserRules>> users_;
  std::unique_ptr<Engine<AccountRules>> accounts_;
  std::unique_ptr<Engine<SessionListRules>> session_lists_;
};

}  // namespace otpgate

#endif  // OTPGATE_SERVER_ENGINES_H_
