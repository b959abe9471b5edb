// A primary dies and its standby takes over. What a standby did not get is lost: a used code is
// pending again, an ended session alive. A synchronous standby gets all; after an asynchronous one
// `otpgatectl force-logout --all --before TIME` ends whatever could come back.
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/chaos/faults.h"
#include "tests/chaos/trial.h"
#include "tests/support/program.h"
#include "tests/support/tcp_proxy.h"
#include "tests/support/trials.h"

namespace otpgate::chaos {
namespace {

using testing::AuthClient;
using testing::PgCluster;
using testing::PgRole;
using testing::TestDatabase;

std::unique_ptr<PgCluster> NewPrimary() {
  auto cluster = PgCluster::Start({.fsync = true, .settings = {{"wal_keep_size", "256MB"}}});
  EXPECT_TRUE(cluster.ok()) << cluster.status();
  return *std::move(cluster);
}

// As an operator would write it: both places, and whichever takes writes.
std::string Both(const PgCluster& one, const PgCluster& two) {
  const auto folder = [](const PgCluster& cluster) {
    const std::string path = cluster.SocketPath();
    return path.substr(0, path.rfind('/'));
  };
  return absl::StrCat("host=", folder(one), ",", folder(two), " port=", one.Port(), ",", two.Port(),
                      " user=otpgate_app target_session_attrs=read-write");
}

class FailoverTest : public ::testing::Test {
 protected:
  FailoverTest()
      : primary_(NewPrimary()), proxy_(primary_->SocketPath(), testing::Framing::kBytes) {
    const TestDatabase first(*primary_);  // the template is made before it is copied
    auto standby = PgCluster::Follow(*primary_, proxy_.port());
    EXPECT_TRUE(standby.ok()) << standby.status();
    standby_ = *std::move(standby);
    fleet_ = std::make_unique<Fleet>(
        *primary_, Fleet::Options{.servers = 2, .connection = [this](const TestDatabase& database) {
                                    return absl::StrCat(Both(*primary_, *standby_),
                                                        " dbname=", database.name());
                                  }});
    copy_ = std::make_unique<TestDatabase>(*standby_, fleet_->database());
  }

  void FailOver() {
    primary_->KillPostmaster();
    const absl::Status promoted = standby_->Promote();
    ASSERT_TRUE(promoted.ok()) << promoted;
    fleet_->LookAt(*copy_);
    for (int i : {0, 1}) ASSERT_TRUE(fleet_->AwaitServing(i));
  }
  void AwaitCaughtUp() {
    const absl::Time end = absl::Now() + absl::Seconds(30);
    while (fleet_->database().Value("SELECT count(*) FROM pg_stat_replication"
                                    " WHERE replay_lsn = pg_current_wal_lsn()") != "1") {
      ASSERT_LT(absl::Now(), end) << "the standby does not follow";
    }
  }
  // From now on the standby gets nothing.
  void OpenGap() {
    AwaitCaughtUp();
    proxy_.Refuse(true);
    proxy_.CutAll();
  }

  const std::unique_ptr<PgCluster> primary_;
  testing::TcpProxy proxy_;
  std::unique_ptr<PgCluster> standby_;
  std::unique_ptr<Fleet> fleet_;
  std::unique_ptr<TestDatabase> copy_;
};

TEST_F(FailoverTest, I2_I4_ASynchronousStandbyLosesNothing) {
  const TestDatabase& database = fleet_->database();
  database.Query("ALTER SYSTEM SET synchronous_standby_names = '*'");
  database.Query("SELECT pg_reload_conf()");
  const absl::Time end = absl::Now() + absl::Seconds(30);
  while (database.Value("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'") !=
         "1") {
    ASSERT_LT(absl::Now(), end);
  }
  RunTrial(*fleet_, [this](const Target&) { FailOver(); },
           {.name = "fail-over to a synchronous standby", .faults = 1});
}

// Somebody who signed in before the gap and out in it, and whose other code was used in it.
struct Person {
  std::string identifier;
  std::string token;  // of the session that was ended
  std::string used_handle, used_code;
  std::string replaced_token;
};

class AsynchronousFailoverTest : public FailoverTest {
 protected:
  AuthClient& client(int i) { return *fleet_->client(i); }

  v1::VerifyOtpResponse SignIn(const std::string& identifier) {
    const auto asked = client(0).RequestOtp(identifier);
    const auto in = client(1).VerifyOtp(asked.reply.handle(), asked.reply.development_code());
    EXPECT_TRUE(in.ok()) << in.message;
    return in.reply;
  }
  Person Before(const std::string& name) {
    Person person{.identifier = name + "@example.com",
                  .token = SignIn(name + "@example.com").refresh_token(),
                  .used_handle = {},
                  .used_code = {},
                  .replaced_token = SignIn(name + "2@example.com").refresh_token()};
    const auto asked = client(0).RequestOtp(person.identifier);
    person.used_handle = asked.reply.handle();
    person.used_code = asked.reply.development_code();
    return person;
  }
  void InTheGap(const Person& person) {
    EXPECT_TRUE(client(0).RevokeToken(person.token).ok());
    EXPECT_TRUE(client(1).VerifyOtp(person.used_handle, person.used_code).ok());
    EXPECT_TRUE(client(0).RefreshToken(person.replaced_token).ok());
  }
  // Whether the standby lets this person do again what was over.
  bool SessionIsBack(const Person& person) { return client(0).RefreshToken(person.token).ok(); }
  bool CodeIsBack(const Person& person) {
    return client(1).VerifyOtp(person.used_handle, person.used_code).ok();
  }
  bool ReplacedTokenIsBack(const Person& person) {
    return client(0).RefreshToken(person.replaced_token).ok();
  }

  testing::ProgramResult ForceLogout(const std::string& before) {
    return testing::RunProgram({OTPGATECTL, "force-logout", "--all", "--before", before, "--yes",
                                "--database", copy_->Socket(PgRole::kApp)});
  }
};

TEST_F(AsynchronousFailoverTest, I4_ForceLogoutBeforeATimeClosesTheGap) {
  const Person told = Before("told");
  const Person untold = Before("untold");  // shows that there is something to close
  OpenGap();
  InTheGap(told);
  InTheGap(untold);
  const std::string lost = SignIn("lost@example.com").refresh_token();
  FailOver();
  EXPECT_TRUE(SessionIsBack(untold));
  EXPECT_TRUE(CodeIsBack(untold));
  EXPECT_TRUE(ReplacedTokenIsBack(untold));

  const absl::Time now = absl::Now();
  const auto ahead =
      absl::FormatTime(absl::RFC3339_full, now + absl::Hours(2), absl::UTCTimeZone());
  EXPECT_EQ(ForceLogout(ahead).exit_code, 2) << "a slip of the pen";
  EXPECT_EQ(ForceLogout("yesterday").exit_code, 2);
  EXPECT_TRUE(client(0).RequestOtp("since@example.com").ok()) << "nothing happened yet";
  const auto done = ForceLogout(absl::FormatTime(absl::RFC3339_full, now, absl::UTCTimeZone()));
  ASSERT_EQ(done.exit_code, 0) << done.out << done.err;

  EXPECT_FALSE(SessionIsBack(told));
  EXPECT_FALSE(CodeIsBack(told));
  EXPECT_FALSE(ReplacedTokenIsBack(told));
  EXPECT_FALSE(client(0).RefreshToken(lost).ok());
  EXPECT_TRUE(client(1).RefreshToken(SignIn(told.identifier).refresh_token()).ok());
  EXPECT_EQ(copy_->Value("SELECT count(*) FROM signup_otps WHERE identifier = 'since@example.com'"
                         " AND expires_at > now()"),
            "1")
      << "asked for since";
}

}  // namespace
}  // namespace otpgate::chaos
