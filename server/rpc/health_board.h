#ifndef OTPGATE_SERVER_RPC_HEALTH_BOARD_H_
#define OTPGATE_SERVER_RPC_HEALTH_BOARD_H_

#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"

namespace otpgate::rpc {

// grpc.health.v1.HealthCheckResponse.ServingStatus.
enum class Health { kServing = 1, kNotServing = 2, kServiceUnknown = 3 };

// The health of this server's services, and those who watch it. All services, and "" for the server
// as a whole, have the same state, which starts as not serving. Thread-safe.
class HealthBoard {
 public:
  class Watcher {
   public:
    // Called under the lock of the board: must not block or call the board.
    virtual void OnHealth(Health health) = 0;
    // The server stops; no call follows.
    virtual void OnClosed() = 0;

   protected:
    ~Watcher() = default;
  };

  explicit HealthBoard(const std::vector<std::string>& services)
      : services_(services.begin(), services.end()) {
    services_.emplace("");
  }

  Health Of(absl::string_view service) const ABSL_LOCKS_EXCLUDED(mu_);

  void SetServing(bool serving) ABSL_LOCKS_EXCLUDED(mu_);
  // Not serving from now on; SetServing has no effect any more.
  void Retire() ABSL_LOCKS_EXCLUDED(mu_);
  // Calls OnClosed of present and future watchers.
  void Close() ABSL_LOCKS_EXCLUDED(mu_);

  // Tells `watcher` the current health and then each change, until Unwatch returns.
  void Watch(absl::string_view service, Watcher* watcher) ABSL_LOCKS_EXCLUDED(mu_);
  void Unwatch(Watcher* watcher) ABSL_LOCKS_EXCLUDED(mu_);
  bool watched() const ABSL_LOCKS_EXCLUDED(mu_) {
    absl::MutexLock lock(&mu_);
    return !watchers_.empty();
  }

 private:
  void Set(bool serving) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  Health Current() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
    return serving_ ? Health::kServing : Health::kNotServing;
  }

  absl::flat_hash_set<std::string> services_;  // constant
  mutable absl::Mutex mu_;
  bool serving_ ABSL_GUARDED_BY(mu_) = false;
  bool retired_ ABSL_GUARDED_BY(mu_) = false;
  bool closed_ ABSL_GUARDED_BY(mu_) = false;
  // Whether the service of a watcher is one of ours.
  absl::flat_hash_map<Watcher*, bool> watchers_ ABSL_GUARDED_BY(mu_);
};

}  // namespace otpgate::rpc

#endif  // OTPGATE_SERVER_RPC_HEALTH_BOARD_H_
