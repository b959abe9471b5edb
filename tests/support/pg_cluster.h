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

namespace otpgate::support {

enum class PgRole {
  kSuperuser,
  kOwner,  // logs in as otpgate_migrator with SET ROLE otpgate_owner, which cannot log in
  kMigrator,
  kApp,
  kCleanup,
  kReadonly,
};

struct PgClusterOptions {
  bool fsync = false;  // true: as in production
  // More server settings, e.g. {"log_statement", "all"}.
  std::vector<std::pair<std::string, std::string>> settings = {};
};

// A private PostgreSQL 15 in a temporary folder, made by initdb, and run as user `postgres` when
// the test runs as root. It listens on a unix socket in a folder that only this user may enter, and
// on a free port of 127.0.0.1, which refuses the superuser. Stopped and removed with the object,
// and also when the test program crashes or is killed. Thread-safe, except for the calls that stop,
// start or promote it.
class PgCluster {
 public:
  static absl::StatusOr<std::unique_ptr<PgCluster>> Start(const PgClusterOptions& options = {});
  // A hot standby of `primary`, connected to its socket or, if a port is given, through the proxy
  // on this port of 127.0.0.1 to its SocketPath(). Returns when it accepts reads.
  static absl::StatusOr<std::unique_ptr<PgCluster>> Follow(const PgCluster& primary,
                                                           int proxy_port = 0);
  ~PgCluster();
  PgCluster(const PgCluster&) = delete;
  PgCluster& operator=(const PgCluster&) = delete;

  // libpq connection strings. A superuser is refused over TCP, for tests of that refusal.
  std::string Socket(const std::string& database, PgRole role) const;
  std::string Tcp(const std::string& database, PgRole role) const;

  // The same through a proxy on this port of 127.0.0.1, in front of SocketPath() or Port().
  std::string Via(int port, const std::string& database, PgRole role) const;

  // Where it listens, for a proxy: the path of the socket, and the port of 127.0.0.1.
  std::string SocketPath() const;
  int Port() const { return PortOf(port_); }

  // A new database with the whole schema, copied from a template that is migrated once, or an
  // empty one. Names begin with test_. See TestDatabase.
  absl::StatusOr<std::string> CreateDatabase();
  absl::StatusOr<std::string> CreateEmptyDatabase();
  // Ends its connections. Refuses names without test_.
  absl::Status DropDatabase(const std::string& name);

  // All files of the cluster, for tests that search what is stored on disk.
  std::string DataFolder() const { return folder_ + "/data"; }
  std::string LogFile() const { return folder_ + "/log"; }

  // Shuts down (open connections are ended), and starts with changed settings.
  absl::Status Restart(const std::vector<std::pair<std::string, std::string>>& settings = {});
  // Makes a standby a primary; returns when it accepts writes.
  absl::Status Promote();
  // Simulates a crash: SIGKILL to the postmaster; its other processes end by themselves.
  void KillPostmaster();
  // Shuts down; the cluster is unavailable until Launch.
  void Stop();
  // Starts after KillPostmaster or Stop, with recovery if necessary. Same port and socket.
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
  const support::Socket port_ = KeepPort();
  PgProcess process_;

  absl::Mutex mu_;
  bool template_made_ ABSL_GUARDED_BY(mu_) = false;
  int databases_made_ ABSL_GUARDED_BY(mu_) = 0;
};

// The shared cluster of this test program, started at the first use and stopped at exit. Ends the
// program with a message when PostgreSQL cannot be started.
PgCluster& SharedPgCluster();

}  // namespace otpgate::support

#endif  // OTPGATE_TESTS_SUPPORT_PG_CLUSTER_H_
