#ifndef OTPGATE_SERVER_ENGINE_PENDING_H_
#define OTPGATE_SERVER_ENGINE_PENDING_H_

#include <atomic>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "storage/types.h"

namespace otpgate {

// Until when a command is worth evaluating. Looked at when its turn comes in a queue, and only
// then: a command once taken by a batch runs to its end.
struct Patience {
  absl::Duration deadline = absl::InfiniteDuration();  // Clock::Steady()
  std::shared_ptr<const std::atomic<bool>> cancelled;  // null: cannot be cancelled

  // CANCELLED, DEADLINE_EXCEEDED  nobody waits any more
  absl::Status Check(absl::Duration steady_now) const {
    if (cancelled != nullptr && cancelled->load(std::memory_order_relaxed)) {
      return absl::CancelledError("cancelled");
    }
    if (steady_now >= deadline) return absl::DeadlineExceededError("waited too long");
    return absl::OkStatus();
  }
};

// A write whose COMMIT got no answer.
template <class Rules>
struct Attempt {
  Version expected = 0;
  Version version = 0;
  typename Rules::Reply reply;
};

// A command on its way, with whoever waits for it. The answer is given exactly once:
//   RESOURCE_EXHAUSTED  the queue is full, or what waits there does so for too long; not evaluated
//   DEADLINE_EXCEEDED, CANCELLED  not evaluated
//   ABORTED      lost every round or its row is held by somebody else; nothing changed
//   UNAVAILABLE  the store is not well; nothing changed
//   UNKNOWN      the change may have happened
//   INTERNAL     the store refused the row: our fault; nothing changed
template <class Rules>
struct Pending {
  using Answer = std::function<void(absl::StatusOr<typename Rules::Reply>)>;

  typename Rules::Command command;
  Answer answer;
  Patience patience;
  int rounds = 0;   // lost conflicts
  int repeats = 0;  // rolled back because something expired before COMMIT
  std::vector<Attempt<Rules>> doubts = {};
  absl::Duration queued_at = {};  // Clock::Steady(), set by the engine

  // Ends without an effect, unless an earlier write may still take hold.
  void Refuse(absl::Status status) {
    if (!doubts.empty()) status = absl::UnknownError("the outcome is unknown");
    answer(std::move(status));
  }
};

template <class Rules>
using PendingList = std::vector<Pending<Rules>>;

}  // namespace otpgate

#endif  // OTPGATE_SERVER_ENGINE_PENDING_H_
