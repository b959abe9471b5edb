#ifndef OTPGATE_TESTS_CHAOS_FAULTS_H_
#define OTPGATE_TESTS_CHAOS_FAULTS_H_

#include <sys/types.h>

#include "absl/strings/string_view.h"
#include "tests/chaos/trial.h"

// Faults of processes. Whichever is hit is drawn.
namespace otpgate::chaos {

// The process of a connection of the servers that fulfils a condition on pg_stat_activity; 0: they
// have none at the moment.
pid_t AnyBackend(const Target& target, absl::string_view condition = "true");

// SIGKILL; another server takes its place.
void KillServer(const Target& target);
// SIGTERM, and another one, as in a rolling restart.
void RestartServer(const Target& target);
// SIGSTOP while the others go on, then SIGCONT.
void FreezeServer(const Target& target);

// SIGKILL to the process of one connection: PostgreSQL ends all of them and recovers by itself.
void KillBackend(const Target& target);
// pg_terminate_backend of all connections of the servers.
void TerminateBackends(const Target& target);
// SIGSTOP to the process of a connection at work, until a server has given it up and made another
// one; then SIGCONT.
void FreezeBackend(const Target& target);
// SIGKILL; it is launched again, as by a supervisor.
void KillPostmaster(const Target& target);

// Somebody else's transactions lock rows in random order for a while, in two connections.
void LockRows(const Target& target);

}  // namespace otpgate::chaos

#endif  // OTPGATE_TESTS_CHAOS_FAULTS_H_
