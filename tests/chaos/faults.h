#ifndef OTPGATE_TESTS_CHAOS_FAULTS_H_
#define OTPGATE_TESTS_CHAOS_FAULTS_H_

#include <sys/types.h>

#include "absl/strings/string_view.h"
#include "tests/chaos/trial.h"

// Faults of processes, see Fault in trial.h. Target::choices picks the process.
namespace otpgate::chaos {

// The PostgreSQL process behind a connection of the servers for which an SQL condition on
// pg_stat_activity holds; 0: there is none at the moment.
pid_t AnyBackend(const Target& target, absl::string_view condition = "true");

// Sends SIGKILL to a server and starts another one in its place a little later.
void KillServer(const Target& target);
// Sends SIGTERM to a server and starts another one in its place, as in a rolling restart.
void RestartServer(const Target& target);
// Sends SIGSTOP to a server, and SIGCONT a little later.
void FreezeServer(const Target& target);

// Sends SIGKILL to the process of one connection: PostgreSQL ends all connections and recovers.
void KillBackend(const Target& target);
// Ends all connections of the servers with pg_terminate_backend.
void TerminateBackends(const Target& target);
// Sends SIGSTOP to the process of a busy connection, and SIGCONT once a server has replaced the
// connection.
void FreezeBackend(const Target& target);
// Sends SIGKILL to PostgreSQL's main process and starts it again, as a supervisor does.
void KillPostmaster(const Target& target);

// Locks rows in random order from two other connections for a while.
void LockRows(const Target& target);

}  // namespace otpgate::chaos

#endif  // OTPGATE_TESTS_CHAOS_FAULTS_H_
