#ifndef OTPGATE_TESTS_CHAOS_FLEET_H_
#define OTPGATE_TESTS_CHAOS_FLEET_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "tests/support/auth_client.h"
#include "tests/support/server_process.h"
#include "tests/support/sockets.h"
#include "tests/support/test_database.h"

namespace otpgate::chaos {

// Servers of one deployment that come and go while clients call them, each on a port that stays its
// own. Thread-safe, but for Stop and Start, which one thread calls.
class Fleet {
 public:
  struct Options {
    int servers = 2;
    std::vector<std::string> flags = {};
    // As short as it may be.
    std::string answer_timeout = "2100ms";
    // The connection string of all servers; empty: the socket of the database.
    std::function<std::string(const testing::TestDatabase&)> connection = {};
    // Of server i, e.g. {"LD_PRELOAD=..."}.
    std::function<std::vector<std::string>(int i)> environment = {};
  };

  explicit Fleet(testing::PgCluster& cluster) : Fleet(cluster, Options()) {}
  Fleet(testing::PgCluster& cluster, Options options);
  ~Fleet();

  // Of server i modulo the number of servers; also while it is down.
  std::shared_ptr<testing::AuthClient> client(int i) const ABSL_LOCKS_EXCLUDED(mu_);
  const testing::ServerProcess& server(int i) const { return *servers_[i]; }
  int size() const { return options_.servers; }

  // Sends the signal, waits for the end; its exit code, or 128 + signal.
  int Stop(int i, int signal);
  // Another one in its place; returns once it listens.
  void Start(int i);
  // Until its health is this one (AuthClient::Health). False: not within a minute.
  [[nodiscard]] bool AwaitHealth(int i, absl::string_view health) const;
  [[nodiscard]] bool AwaitServing(int i) const { return AwaitHealth(i, "SERVING"); }

  // What tests look at and faults reach: the database the servers began with, or another one, as
  // after a fail-over, which must outlive its use here.
  const testing::TestDatabase& database() const { return *current_; }
  void LookAt(const testing::TestDatabase& database) { current_ = &database; }
  testing::PgCluster& cluster() const { return cluster_; }
  std::string MessagesFile() const { return folder_.Path("messages.jsonl"); }

 private:
  testing::PgCluster& cluster_;
  const testing::TestDatabase database_;
  const testing::TestDatabase* current_ = &database_;
  const testing::KeyFiles keys_;
  const testing::TempFolder folder_;
  const Options options_;
  std::vector<testing::Socket> ports_;
  std::vector<std::unique_ptr<testing::ServerProcess>> servers_;
  mutable absl::Mutex mu_;
  std::vector<std::shared_ptr<testing::AuthClient>> clients_ ABSL_GUARDED_BY(mu_);
};

}  // namespace otpgate::chaos

#endif  // OTPGATE_TESTS_CHAOS_FLEET_H_
