#ifndef OTPGATE_TESTS_CHAOS_HISTORY_H_
#define OTPGATE_TESTS_CHAOS_HISTORY_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace otpgate::chaos {

enum class Op { kRequest, kVerify, kRefresh, kUse, kSignOut };

// kRefused: an answer that promises that nothing was granted.
// kUnknown: no answer, or OUTCOME_UNKNOWN; the call may have happened or not, or may yet happen.
enum class Outcome { kOk, kRefused, kUnknown };

// One call of a client as that client saw it.
struct Call {
  Op op = Op::kRequest;
  // Canonical identifier. kSignOut: empty means everybody. A detected replay is recorded as
  // kSignOut.
  std::string person = {};
  std::string request_id = {};  // a repeat has the same
  std::string given = {};       // kVerify: the handle; kRefresh, kUse: the refresh token
  bool right = false;           // kVerify: with the right code
  std::string session = {};     // kVerify: the session it opened; kRefresh, kUse: of the token
  std::string got = {};         // kRequest: the handle; kVerify, kRefresh: the refresh token
  bool active = false;          // kUse: the token is valid
  Outcome outcome = Outcome::kUnknown;
  std::string reason = {};              // kRefused
  std::optional<int> remaining = {};    // kVerify, refused: attempts left
  absl::Duration start = {}, end = {};  // by the steady clock of this process
};

// The calls of all clients, in the order of the answers. Thread-safe.
class History {
 public:
  void Add(Call call) ABSL_LOCKS_EXCLUDED(mu_) {
    absl::MutexLock lock(&mu_);
    calls_.push_back(std::move(call));
  }
  std::vector<Call> Calls() const ABSL_LOCKS_EXCLUDED(mu_) {
    absl::MutexLock lock(&mu_);
    return calls_;
  }
  size_t size() const ABSL_LOCKS_EXCLUDED(mu_) {
    absl::MutexLock lock(&mu_);
    return calls_.size();
  }
  // Blocks until `more` further calls have ended, or until `limit` has passed.
  void AwaitMore(size_t more, absl::Duration limit) const ABSL_LOCKS_EXCLUDED(mu_) {
    absl::MutexLock lock(&mu_);
    const size_t wanted = calls_.size() + more;
    const auto there = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) { return calls_.size() >= wanted; };
    mu_.AwaitWithTimeout(absl::Condition(&there), limit);
  }

 private:
  mutable absl::Mutex mu_;
  std::vector<Call> calls_ ABSL_GUARDED_BY(mu_);
};

}  // namespace otpgate::chaos

#endif  // OTPGATE_TESTS_CHAOS_HISTORY_H_
