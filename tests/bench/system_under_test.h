#ifndef OTPGATE_TESTS_BENCH_SYSTEM_UNDER_TEST_H_
#define OTPGATE_TESTS_BENCH_SYSTEM_UNDER_TEST_H_

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tests/bench/database_under_test.h"
#include "tests/bench/grpc_transport.h"
#include "tests/support/pg_cluster.h"
#include "tests/support/server_process.h"
#include "tests/support/temp_folder.h"

namespace otpgate::bench {

struct CpuUsed {
  absl::Duration server;
  absl::Duration postgres;
};

// One server of a system.
struct Variant {
  bool batching = true;  // false: every batch is one command
  int64_t rows = 0;      // subjects in its database at the start; servers of one number share one
  std::vector<std::string> flags = {};  // of the server, on top
};

// Servers on one private PostgreSQL that keeps its promises over a power cut. All is as in
// production, but that codes come back in the answers and may be resent at once, and that nothing
// is cleaned up, so that the number of rows stays. One thread.
class SystemUnderTest {
 public:
  struct Options {
    std::string server_program;  // otpgate-bench-server
    std::vector<Variant> variants;
    std::string shared_buffers = "128MB";
    // Of PostgreSQL, on top.
    std::vector<std::pair<std::string, std::string>> settings = {};
  };
  static absl::StatusOr<std::unique_ptr<SystemUnderTest>> Start(const Options& options);

  // A server goes by the place of its variant.
  GrpcTransport& transport(size_t server) { return *servers_[server].transport; }
  int port(size_t server) const { return servers_[server].port; }
  pid_t pid(size_t server) const { return servers_[server].process->pid(); }
  DatabaseUnderTest& database(size_t server) { return *servers_[server].database; }
  const std::vector<std::unique_ptr<DatabaseUnderTest>>& databases() const { return databases_; }

  // To this server's database.
  std::string Connection(size_t server, testing::PgRole role) const {
    return cluster_->Socket(servers_[server].database->name(), role);
  }

  // So far. PostgreSQL without the backend that answers questions about this server's database.
  absl::StatusOr<CpuUsed> Used(size_t server);
  // The same status; a failure with what the server complained of lately, which is why as a rule.
  absl::Status WithComplaints(absl::Status status, size_t server) const;
  // {batches, commands in them} so far.
  absl::StatusOr<std::pair<int64_t, int64_t>> Batches(size_t server);
  // What PostgreSQL says about one of its settings to the role of the servers.
  absl::StatusOr<std::string> Setting(const std::string& name);

 private:
  struct Server {
    DatabaseUnderTest* database = nullptr;
    std::unique_ptr<testing::ServerProcess> process;
    int port = 0;
    std::unique_ptr<GrpcTransport> transport;
  };

  SystemUnderTest() = default;
  absl::Status StartPostgres(const Options& options);
  absl::StatusOr<DatabaseUnderTest*> DatabaseOf(int64_t rows);
  absl::Status StartServer(const std::string& program, const Variant& variant);

  // Servers end before what they use.
  const testing::KeyFiles keys_;
  const testing::TempFolder folder_;
  std::unique_ptr<testing::PgCluster> cluster_;
  std::vector<std::unique_ptr<DatabaseUnderTest>> databases_;
  pid_t postmaster_ = 0;
  std::vector<Server> servers_;
};

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_SYSTEM_UNDER_TEST_H_
