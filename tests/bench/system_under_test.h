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

// How one server of a system differs from the others.
struct Variant {
  bool batching = true;  // false: every batch is one command
  int64_t rows = 0;  // stored subjects at the start; servers with the same number share a database
  std::vector<std::string> flags = {};  // further flags of the server
};

// Servers on one private PostgreSQL with fsync. They run as in production, except that answers
// contain the codes, that codes may be resent at once, and that nothing is cleaned up, so that the
// number of rows does not change. One thread.
class SystemUnderTest {
 public:
  struct Options {
    std::string server_program;  // otpgate-bench-server
    std::vector<Variant> variants;
    std::string shared_buffers = "128MB";
    // Further settings of PostgreSQL.
    std::vector<std::pair<std::string, std::string>> settings = {};
  };
  static absl::StatusOr<std::unique_ptr<SystemUnderTest>> Start(const Options& options);

  // A server is named by the index of its variant.
  GrpcTransport& transport(size_t server) { return *servers_[server].transport; }
  int port(size_t server) const { return servers_[server].port; }
  pid_t pid(size_t server) const { return servers_[server].process->pid(); }
  DatabaseUnderTest& database(size_t server) { return *servers_[server].database; }
  const std::vector<std::unique_ptr<DatabaseUnderTest>>& databases() const { return databases_; }

  // A connection string for the database of a server.
  std::string Connection(size_t server, support::PgRole role) const {
    return cluster_->Socket(servers_[server].database->name(), role);
  }

  // CPU time since the start, without the backend that the bench itself uses.
  absl::StatusOr<CpuUsed> Used(size_t server);
  // Adds the newest errors in the server's log to a failure, because they usually explain it.
  absl::Status WithServerErrors(absl::Status status, size_t server) const;
  // {batches, commands in them} since the start.
  absl::StatusOr<std::pair<int64_t, int64_t>> Batches(size_t server);
  // A setting of PostgreSQL as it is in effect for the role of the servers.
  absl::StatusOr<std::string> Setting(const std::string& name);

 private:
  struct Server {
    DatabaseUnderTest* database = nullptr;
    std::unique_ptr<support::ServerProcess> process;
    int port = 0;
    std::unique_ptr<GrpcTransport> transport;
  };

  SystemUnderTest() = default;
  absl::Status StartPostgres(const Options& options);
  absl::StatusOr<DatabaseUnderTest*> DatabaseOf(int64_t rows);
  absl::Status StartServer(const std::string& program, const Variant& variant);

  // In this order, so that servers end before what they use.
  const support::KeyFiles keys_;
  const support::TempFolder folder_;
  std::unique_ptr<support::PgCluster> cluster_;
  std::vector<std::unique_ptr<DatabaseUnderTest>> databases_;
  pid_t postmaster_ = 0;
  std::vector<Server> servers_;
};

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_SYSTEM_UNDER_TEST_H_
