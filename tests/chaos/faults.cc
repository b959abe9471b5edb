#include "tests/chaos/faults.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <array>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "migrations/migrator/session.h"
#include "tests/support/contend.h"

namespace otpgate::chaos {
namespace {

constexpr size_t kMeanwhile = 40;  // calls

int AnyServer(const Target& target) {
  return static_cast<int>(target.dice() % static_cast<uint64_t>(target.fleet.size()));
}

// The servers' own, of this database.
constexpr absl::string_view kBackends =
    "SELECT pid FROM pg_stat_activity WHERE usename = 'otpgate_app' AND datname = "
    "current_database()";

// Until a server has given up a connection and made another one; half a minute at most.
void AwaitReplacement(const Target& target) {
  const auto since = target.fleet.database().Value("SELECT clock_timestamp()");
  const absl::Time end = absl::Now() + absl::Seconds(30);
  while (target.fleet.database()
             .Query(absl::StrCat(kBackends, " AND backend_start > '", since, "'"))
             .empty()) {
    ASSERT_LT(absl::Now(), end) << "nobody gives up the frozen connection";
    absl::SleepFor(absl::Milliseconds(20));
  }
}

// PostgreSQL goes on for a moment before it has seen a crash, and then ends every connection.
void AwaitEnd(migrator::Session& witness) {
  const absl::Time end = absl::Now() + absl::Minutes(1);
  while (witness.Query("witness", "SELECT 1").ok()) {
    ASSERT_LT(absl::Now(), end) << "PostgreSQL does not see the crash";
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
  return static_cast<pid_t>(std::atoi(rows[target.dice() % rows.size()][0].c_str()));
}

void KillServer(const Target& target) {
  const int server = AnyServer(target);
  target.fleet.Stop(server, SIGKILL);
  LetRun(target.history, kMeanwhile);
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
  LetRun(target.history, kMeanwhile);
  target.fleet.server(server).Signal(SIGCONT);
}

void KillBackend(const Target& target) {
  auto witness =
      migrator::Session::Connect(target.fleet.database().Socket(testing::PgRole::kSuperuser));
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
  testing::Contend(2, [&](int i) {
    // Each row of the newest, first locked first; a deadlock ends one of the two, or a server's.
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
