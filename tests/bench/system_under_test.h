#ifndef OTPGATE_TESTS_BENCH_SYSTEM_UNDER_TEST_H_
#define OTPGATE_TESTS_BENCH_SYSTEM_UNDER_TEST_H_

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "migrations/migrator/session.h"
#include "tests/bench/load.h"
#include "tests/support/pg_cluster.h"
#include "tests/support/server_process.h"
#include "tests/support/temp_folder.h"

namespace otpgate::bench {

struct CpuUsed {
  absl::Duration server;
  absl::Duration postgres;
};

// Rows that tell whether the operations had their effect.
struct RowCounts {
  int64_t subjects = 0;
  int64_t sessions = 0;
  int64_t rotations = 0;  // of refresh tokens
  int64_t sent = 0;       // messages that left
  int64_t dropped = 0;    // messages whose code was used before
};

// Two servers on one private PostgreSQL that keeps its promises over a power cut: one server forms
// batches, for the other every batch is one command. Otherwise both are as in production, but that
// codes come back in the answers. One thread.
class SystemUnderTest {
 public:
  // `server_program`: otpgate-bench-server.
  static absl::StatusOr<std::unique_ptr<SystemUnderTest>> Start(const std::string& server_program);

  LoadGenerator& load(bool batching) { return *ServerOf(batching).load; }
  int port(bool batching) { return ServerOf(batching).port; }

  // So far. PostgreSQL without the backend that answers this object's questions.
  absl::StatusOr<CpuUsed> Used(bool batching);
  // {batches, commands in them} so far.
  absl::StatusOr<std::pair<int64_t, int64_t>> Batches(bool batching);
  absl::StatusOr<RowCounts> Count();
  // Until every message has left. DEADLINE_EXCEEDED after half a minute.
  absl::Status AwaitDelivery();
  // What the database says about one of its settings to the role of the servers.
  absl::StatusOr<std::string> Setting(const std::string& name);

 private:
  struct Server {
    std::unique_ptr<testing::ServerProcess> process;
    std::unique_ptr<LoadGenerator> load;
    int port = 0;
  };

  SystemUnderTest() = default;
  absl::Status StartPostgres();
  absl::Status StartServer(const std::string& program, bool batching);
  Server& ServerOf(bool batching) { return batching ? batching_ : single_; }
  absl::StatusOr<int64_t> Number(const std::string& sql);

  // Servers end before what they use.
  const testing::KeyFiles keys_;
  const testing::TempFolder folder_;
  std::unique_ptr<testing::PgCluster> cluster_;
  std::string database_;
  std::unique_ptr<migrator::Session> monitor_;
  pid_t postmaster_ = 0;
  pid_t monitor_backend_ = 0;
  Server batching_;
  Server single_;
};

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_SYSTEM_UNDER_TEST_H_
