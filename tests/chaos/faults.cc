#include "tests/chaos/faults.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <array>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "migrations/migrator/connection.h"
#include "tests/support/contend.h"

namespace otpgate::chaos {
namespace {

constexpr size_t kCallsDuringFault = 40;

int AnyServer(const Target& target) {
  return static_cast<int>(target.choices() % static_cast<uint64_t>(target.fleet.size()));
}

// The connections of the servers to the database of the test.
constexpr absl::string_view kBackends =
    "SELECT pid FROM pg_stat_activity WHERE usename = 'otpgate_app' AND datname = "
    "current_database()";

// Waits until a server has replaced a connection, for half a minute at most.
void AwaitReplacement(const Target& target) {
  const auto since = target.fleet.database().Value("SELECT clock_timestamp()");
  const absl::Time end = absl::Now() + absl::Seconds(30);
  while (target.fleet.database()
             .Query(absl::StrCat(kBackends, " AND backend_start > '", since, "'"))
             .empty()) {
    ASSERT_LT(absl::Now(), end) << "no server replaces the frozen connection";
    absl::SleepFor(absl::Milliseconds(20));
  }
}

// Waits until PostgreSQL has noticed the crash of a backend, which makes it end every connection.
void AwaitEnd(pg::Connection& witness) {
  const absl::Time end = absl::Now() + absl::Minutes(1);
  while (witness.Query("witness", "SELECT 1").ok()) {
    ASSERT_LT(absl::Now(), end) << "PostgreSQL does not notice the crash";
    absl::SleepFor(absl::Milliseconds(5));
  }
}

void AwaitDatabase(const Target& target) {
  const absl::Time end = absl::Now() + absl::Minutes(1);
  while (!target.fleet.database().Try("SELECT 1").ok()) {
    ASSERT_LT(absl::Now(), end) << "PostgreSQL does not recover";
    absl::SleepFor(absl::Milliseconds(5));
  }
}

}  // namespace

pid_t AnyBackend(const Target& target, absl::string_view condition) {
  const auto rows =
      target.fleet.database().Query(absl::StrCat(kBackends, " AND ", condition, " ORDER BY pid"));
  if (rows.empty()) return 0;
  return static_cast<pid_t>(std::atoi(rows[target.choices() % rows.size()][0].c_str()));
}

void KillServer(const Target& target) {
  const int server = AnyServer(target);
  target.fleet.Stop(server, SIGKILL);
  LetRun(target.history, kCallsDuringFault);
  target.fleet.Start(server);
}

void RestartServer(const Target& target) {
  const int server = AnyServer(target);
  EXPECT_EQ(target.fleet.Stop(server, SIGTERM), 0);
  target.fleet.Start(server);
  EXPECT_TRUE(target.fleet.AwaitServing(server));
}

void FreezeServer(const Target& target) {
  const int server = AnyServer(target);
  target.fleet.server(server).Signal(SIGSTOP);
  LetRun(target.history, kCallsDuringFault);
  target.fleet.server(server).Signal(SIGCONT);
}

void KillBackend(const Target& target) {
  auto witness = migrator::Connect(target.fleet.database().Socket(support::PgRole::kSuperuser));
  ASSERT_TRUE(witness.ok()) << witness.status();
  const pid_t backend = AnyBackend(target);
  if (backend == 0 || kill(backend, SIGKILL) != 0) {
    ++target.missed;
    return;
  }
  AwaitEnd(**witness);
  AwaitDatabase(target);
}

void TerminateBackends(const Target& target) {
  const auto rows = target.fleet.database().Query(
      absl::StrCat("SELECT pg_terminate_backend(pid) FROM (", kBackends, ") all_of_them"));
  target.missed += rows.empty();
}

void FreezeBackend(const Target& target) {
  pid_t backend = 0;
  for (int i = 0; i < 1000 && backend == 0; ++i) backend = AnyBackend(target, "state <> 'idle'");
  if (backend == 0 || kill(backend, SIGSTOP) != 0) {
    ++target.missed;
    return;
  }
  AwaitReplacement(target);
  kill(backend, SIGCONT);
}

void KillPostmaster(const Target& target) {
  target.fleet.cluster().KillPostmaster();
  const absl::Status launched = target.fleet.cluster().Launch();
  ASSERT_TRUE(launched.ok()) << launched;
}

void LockRows(const Target& target) {
  std::array<absl::Status, 2> done;
  support::Contend(2, [&](int i) {
    // Locks the newest rows in random order. A deadlock aborts one of these two transactions, or
    // one of a server.
    done[i] = target.fleet.database().Try(
        "DO $$ DECLARE one text; BEGIN"
        "  FOR one IN SELECT identifier FROM"
        "      (SELECT identifier FROM subjects ORDER BY updated_at DESC LIMIT 12) newest"
        "      ORDER BY random() LOOP"
        "    PERFORM 1 FROM subjects WHERE identifier = one FOR UPDATE;"
        "    PERFORM pg_sleep(0.02);"
        "  END LOOP; END $$");
  });
  target.missed += !done[0].ok() && !done[1].ok();
}

}  // namespace otpgate::chaos
