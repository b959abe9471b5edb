#ifndef OTPGATE_TESTS_SUPPORT_PG_CLUSTER_H_
#define OTPGATE_TESTS_SUPPORT_PG_CLUSTER_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "tests/support/pg_process.h"
#include "tests/support/sockets.h"

namespace otpgate::testing {

enum class PgRole {
  kSuperuser,
  kOwner,  // signs in as otpgate_migrator and acts as otpgate_owner, which cannot sign in
  kMigrator,
  kApp,
  kCleanup,
  kReadonly,
};

struct PgClusterOptions {
  bool fsync = false;  // on: as in production
  // Server settings on top, e.g. {"log_statement", "all"}.
  std::vector<std::pair<std::string, std::string>> settings = {};
};

// A private PostgreSQL 15 in a temporary folder, made by initdb, run as user `postgres` when the
// test runs as root. Reached by a unix socket in a folder that only this user may enter, and, all
// but the superuser, on a free port of 127.0.0.1. Gone with the object, and also when the test
// program crashes or is killed. Thread-safe, but for the four calls that stop and start it.
class PgCluster {
 public:
  static absl::StatusOr<std::unique_ptr<PgCluster>> Start(const PgClusterOptions& options = {});
  // A hot standby of a cluster: follows what it commits, over its socket or, when one is given, a
  // proxy on this port of 127.0.0.1 that leads to its SocketPath(). Returns when it takes reads.
  static absl::StatusOr<std::unique_ptr<PgCluster>> Follow(const PgCluster& primary,
                                                           int proxy_port = 0);
  ~PgCluster();
  PgCluster(const PgCluster&) = delete;
  PgCluster& operator=(const PgCluster&) = delete;

  // libpq connection strings. A superuser who comes over TCP is refused: to be seen failing.
  std::string Socket(const std::string& database, PgRole role) const;
  std::string Tcp(const std::string& database, PgRole role) const;

  // The same through a proxy on this port of 127.0.0.1 that leads to SocketPath() or Port().
  std::string Via(int port, const std::string& database, PgRole role) const;

  // Where it listens, for a proxy: a path, and a port of 127.0.0.1.
  std::string SocketPath() const;
  int Port() const { return PortOf(port_); }

  // A new database with the whole schema, copied from a template that is migrated once, or an
  // empty one. Names begin with test_. See TestDatabase.
  absl::StatusOr<std::string> CreateDatabase();
  absl::StatusOr<std::string> CreateEmptyDatabase();
  // Cuts its sessions. Refuses other names.
  absl::Status DropDatabase(const std::string& name);

  // What a thief of the disk would get.
  std::string DataFolder() const { return folder_ + "/data"; }
  std::string LogFile() const { return folder_ + "/log"; }

  // Stops in order (open sessions are cut), and starts with changed settings.
  absl::Status Restart(const std::vector<std::pair<std::string, std::string>>& settings = {});
  // Makes a standby a primary; returns when it takes writes.
  absl::Status Promote();
  // SIGKILL to the postmaster, as a crash; its other processes end by themselves.
  void KillPostmaster();
  // In order; then the cluster is away until Launch.
  void Stop();
  // After KillPostmaster or Stop: with recovery, if need be. Same port and socket.
  absl::Status Launch();

 private:
  PgCluster(std::string folder, PgClusterOptions options);
  absl::Status Init();
  absl::Status Configure();
  absl::Status Admin(const std::string& sql);
  std::string NewName();
  absl::Status EnsureTemplate() ABSL_LOCKS_EXCLUDED(mu_);

  const std::string folder_;
  PgClusterOptions options_;
  const testing::Socket port_ = KeepPort();
  PgProcess process_;

  absl::Mutex mu_;
  bool template_made_ ABSL_GUARDED_BY(mu_) = false;
  int databases_made_ ABSL_GUARDED_BY(mu_) = 0;
};

// The one cluster of this test program, started at its first use and stopped at exit. Ends the
// program with a message when PostgreSQL cannot be started.
PgCluster& SharedPgCluster();

}  // namespace otpgate::testing

#endif  // OTPGATE_TESTS_SUPPORT_PG_CLUSTER_H_
