#ifndef OTPGATE_SERVER_ENGINE_PENDING_H_
#define OTPGATE_SERVER_ENGINE_PENDING_H_

#include <atomic>
#include <memory>
#include <utility>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "storage/types.h"

namespace otpgate::engine {

// How long a command is worth evaluating: until its deadline, or until it is cancelled. The engine
// checks it when it takes the command from the queue and not later: a command that is part of a
// batch runs to its end.
struct Cancellation {
  absl::Duration deadline = absl::InfiniteDuration();  // as Clock::Steady()
  std::shared_ptr<const std::atomic<bool>> cancelled;  // null: cannot be cancelled

  // CANCELLED, DEADLINE_EXCEEDED: nobody waits for the answer any more.
  absl::Status Check(absl::Duration steady_now) const {
    if (cancelled != nullptr && cancelled->load(std::memory_order_relaxed)) {
      return absl::CancelledError("cancelled");
    }
    if (steady_now >= deadline) return absl::DeadlineExceededError("waited too long");
    return absl::OkStatus();
  }
};

// A write whose COMMIT got no answer: it may have happened, or may still happen.
template <class Rules>
struct UncertainWrite {
  storage::Version expected = 0;  // the version it read
  storage::Version version = 0;   // the version it wrote
  typename Rules::Reply reply;    // the answer if it happened
};

// A queued command and the callback that takes its answer, called exactly once. Errors:
//   RESOURCE_EXHAUSTED  the queue is full, or its commands wait for too long; not evaluated
//   DEADLINE_EXCEEDED, CANCELLED  not evaluated
//   ABORTED      lost every round, or another transaction locks the row; nothing changed
//   UNAVAILABLE  the store is not available; nothing changed
//   UNKNOWN      the change may have happened
//   INTERNAL     the store refused the row or cannot read it: a bug or damage; nothing changed
template <class Rules>
struct Pending {
  using Answer = absl::AnyInvocable<void(absl::StatusOr<typename Rules::Reply>)>;

  typename Rules::Command command;
  Answer answer;
  Cancellation cancellation;
  int rounds = 0;   // lost conflicts
  int repeats = 0;  // rolled back because something expired before COMMIT
  std::vector<UncertainWrite<Rules>> uncertain_writes = {};
  absl::Duration queued_at = {};  // as Clock::Steady(), set by the engine

  // Answers with `status`, or with UNKNOWN if an earlier write may have happened.
  void Refuse(absl::Status status) {
    if (!uncertain_writes.empty()) status = absl::UnknownError("the outcome is unknown");
    answer(std::move(status));
  }
};

template <class Rules>
using PendingList = std::vector<Pending<Rules>>;

}  // namespace otpgate::engine

#endif  // OTPGATE_SERVER_ENGINE_PENDING_H_
