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

// Servers of one deployment that can be stopped and started while clients call them. Each keeps its
// port. Thread-safe, except that only one thread may call Stop, Start and UseDatabase.
class Fleet {
 public:
  struct Options {
    int servers = 2;
    std::vector<std::string> flags = {};
    // Just above the statement_timeout of the servers' role (2 s), which it must exceed.
    std::string answer_timeout = "2100ms";
    // The connection string of all servers; empty: the socket of the database.
    std::function<std::string(const support::TestDatabase&)> connection = {};
    // Environment variables of server i, e.g. {"LD_PRELOAD=..."}.
    std::function<std::vector<std::string>(int i)> environment = {};
  };

  explicit Fleet(support::PgCluster& cluster) : Fleet(cluster, Options()) {}
  Fleet(support::PgCluster& cluster, Options options);
  ~Fleet();

  // A client of server i modulo the number of servers; also while that server is down.
  std::shared_ptr<support::AuthClient> client(int i) const ABSL_LOCKS_EXCLUDED(mu_);
  const support::ServerProcess& server(int i) const { return *servers_[i]; }
  int size() const { return options_.servers; }

  // Sends the signal and waits until the server ends. Returns its exit code, or 128 + signal.
  int Stop(int i, int signal);
  // Starts another server in its place and waits until it listens.
  void Start(int i);
  // Waits until the health of server i is `health` (AuthClient::Health). False: not within a
  // minute.
  [[nodiscard]] bool AwaitHealth(int i, absl::string_view health) const;
  [[nodiscard]] bool AwaitServing(int i) const { return AwaitHealth(i, "SERVING"); }

  // The database that faults and checks use: at first the one of the servers; after UseDatabase, as
  // after a fail-over, another one, which must outlive the fleet's use of it.
  const support::TestDatabase& database() const { return *current_; }
  void UseDatabase(const support::TestDatabase& database) { current_ = &database; }
  support::PgCluster& cluster() const { return cluster_; }
  std::string MessagesFile() const { return folder_.Path("messages.jsonl"); }

 private:
  support::PgCluster& cluster_;
  const support::TestDatabase database_;
  const support::TestDatabase* current_ = &database_;
  const support::KeyFiles keys_;
  const support::TempFolder folder_;
  const Options options_;
  std::vector<support::Socket> ports_;
  std::vector<std::unique_ptr<support::ServerProcess>> servers_;
  mutable absl::Mutex mu_;
  std::vector<std::shared_ptr<support::AuthClient>> clients_ ABSL_GUARDED_BY(mu_);
};

}  // namespace otpgate::chaos

#endif  // OTPGATE_TESTS_CHAOS_FLEET_H_
