#include "tests/chaos/faults.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/support/contend.h"

namespace otpgate::chaos {
namespace {

constexpr size_t kMeanwhile = 40;  // calls

int AnyServer(const Target& target) {
  return static_cast<int>(target.dice() % static_cast<uint64_t>(target.fleet.size()));
}

void AwaitDatabase(const Target& target) {
  const absl::Time end = absl::Now() + absl::Minutes(1);
  while (!target.fleet.database().Try("SELECT 1").ok()) {
    ASSERT_LT(absl::Now(), end) << "PostgreSQL does not recover";
    absl::SleepFor(absl::Milliseconds(5));
  }
}

}  // namespace

pid_t AnyBackend(const Target& target) {
  const auto rows = target.fleet.database().Query(
      "SELECT pid FROM pg_stat_activity WHERE usename = 'otpgate_app'"
      "   AND datname = current_database() ORDER BY pid");
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
  const pid_t backend = AnyBackend(target);
  if (backend > 0) kill(backend, SIGKILL);
  AwaitDatabase(target);
}

void TerminateBackends(const Target& target) {
  target.fleet.database().Query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'otpgate_app'"
      "   AND datname = current_database()");
}

void FreezeBackend(const Target& target) {
  const pid_t backend = AnyBackend(target);
  if (backend == 0) return;
  kill(backend, SIGSTOP);
  LetRun(target.history, kMeanwhile);
  kill(backend, SIGCONT);
}

void KillPostmaster(const Target& target) {
  target.fleet.cluster().KillPostmaster();
  const absl::Status launched = target.fleet.cluster().Launch();
  ASSERT_TRUE(launched.ok()) << launched;
}

void LockRows(const Target& target) {
  testing::Contend(2, [&](int) {
    // Each row of the newest, first locked first; a deadlock ends one of the two, or a server's.
    target.fleet.database()
        .Try(
            "DO $$ DECLARE one text; BEGIN"
            "  FOR one IN SELECT identifier FROM"
            "      (SELECT identifier FROM subjects ORDER BY updated_at DESC LIMIT 12) newest"
            "      ORDER BY random() LOOP"
            "    PERFORM 1 FROM subjects WHERE identifier = one FOR UPDATE;"
            "    PERFORM pg_sleep(0.02);"
            "  END LOOP; END $$")
        .IgnoreError();
  });
}

}  // namespace otpgate::chaos
