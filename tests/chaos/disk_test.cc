// Disks that are full or fail: nothing is granted that is not stored, and the service recovers once
// there is space again.
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/chaos/faults.h"
#include "tests/chaos/trial.h"
#include "tests/support/program.h"
#include "tests/support/trials.h"

namespace otpgate::chaos {
namespace {

using support::PgCluster;

bool Mounts(const std::string& folder) {
  // In a mount namespace of this process and its children, so that the mount ends with them.
  return unshare(CLONE_NEWNS) == 0 &&
         mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
         mount("none", folder.c_str(), "tmpfs", 0, "size=192m,mode=755") == 0;
}

// A cluster on a small disk of its own, which only this thread and its children see.
class DiskTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_NE(mkdtemp(folder_.data()), nullptr);
    mounted_ = Mounts(folder_);
    if (!mounted_) GTEST_SKIP() << "may not mount a small disk: " << std::strerror(errno);
    ASSERT_EQ(setenv("TMPDIR", folder_.c_str(), 1), 0);
    auto cluster = support::PgCluster::Start(
        {.fsync = true, .settings = {{"min_wal_size", "32MB"}, {"max_wal_size", "32MB"}}});
    unsetenv("TMPDIR");
    ASSERT_TRUE(cluster.ok()) << cluster.status();
    cluster_ = *std::move(cluster);
  }
  void TearDown() override {
    cluster_.reset();
    EXPECT_TRUE(!mounted_ || umount2(folder_.c_str(), MNT_DETACH) == 0);
    rmdir(folder_.c_str());
  }

  // Writes until the disk is full.
  void Fill() {
    std::ofstream out(Ballast(), std::ios::app | std::ios::binary);
    const std::string block(64 << 10, 'x');
    while (out << block << std::flush) {
    }
  }
  void MakeRoom() { unlink(Ballast().c_str()); }

  // Restarts the cluster if it has ended, as a supervisor does.
  void Recover(const support::TestDatabase& database) {
    const absl::Time end = absl::Now() + absl::Seconds(3);
    while (absl::Now() < end) {
      if (database.Try("SELECT 1").ok()) return;
      absl::SleepFor(absl::Milliseconds(50));
    }
    cluster_->KillPostmaster();
    const absl::Status launched = cluster_->Launch();
    ASSERT_TRUE(launched.ok()) << launched;
  }

  std::unique_ptr<support::PgCluster> cluster_;

 private:
  std::string Ballast() const { return folder_ + "/ballast"; }

  std::string folder_ = "/tmp/otpgate-disk-XXXXXX";
  bool mounted_ = false;
};

TEST_F(DiskTest, I7_AFullDiskGrantsNothingAndIsForgotten) {
  Fleet fleet(*cluster_);
  const auto full = [this](const Target& target) {
    Fill();
    // New WAL segments need space as well; without it PostgreSQL ends at once.
    const bool log_too = target.choices() % 2 == 0;
    for (int i = 0; log_too && i < 4; ++i) {
      target.fleet.database().Try("SELECT pg_switch_wal()").IgnoreError();
    }
    LetRun(target.history, 80);
    MakeRoom();
    Recover(target.fleet.database());
  };
  RunTrial(fleet, full, {.name = "disk full", .faults = support::Trials(4)});
}

TEST_F(DiskTest, I2_I7_ADiskThatFailsAtACommit) {
  if (access("/usr/bin/strace", X_OK) != 0) GTEST_SKIP() << "needs the package strace";
  Fleet fleet(*cluster_);
  int64_t failed = 0;
  const auto fail = [&failed, this](const Target& target) {
    const pid_t backend = AnyBackend(target);
    const auto traced = support::RunProgram(
        {"/usr/bin/timeout", "2", "/usr/bin/strace", "-qq", "-e", "trace=fdatasync", "-e",
         "inject=fdatasync:error=EIO:when=1", "-p", absl::StrCat(backend)});
    failed += traced.err.find("INJECTED") != std::string::npos;
    Recover(target.fleet.database());
  };
  RunTrial(fleet, fail, {.name = "fdatasync fails", .faults = support::Trials(4)});
  if (failed == 0) GTEST_SKIP() << "may not trace PostgreSQL";
}

}  // namespace
}  // namespace otpgate::chaos
