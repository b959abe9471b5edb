// A primary is killed and its standby takes over. What was not replicated is lost: a used code is
// pending again, an ended session is active again. A synchronous standby loses nothing. After
// fail-over to an asynchronous one, `otpgatectl force-logout --all --before TIME` ends everything
// that may have come back.
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

using support::AuthClient;
using support::PgCluster;
using support::PgRole;
using support::TestDatabase;

std::unique_ptr<support::PgCluster> NewPrimary() {
  auto cluster =
      support::PgCluster::Start({.fsync = true, .settings = {{"wal_keep_size", "256MB"}}});
  EXPECT_TRUE(cluster.ok()) << cluster.status();
  return *std::move(cluster);
}

// The connection string an operator would use: both clusters, and whichever accepts writes.
std::string Both(const support::PgCluster& one, const support::PgCluster& two) {
  const auto folder = [](const support::PgCluster& cluster) {
    const std::string path = cluster.SocketPath();
    return path.substr(0, path.rfind('/'));
  };
  return absl::StrCat("host=", folder(one), ",", folder(two), " port=", one.Port(), ",", two.Port(),
                      " user=otpgate_app target_session_attrs=read-write");
}

class FailoverTest : public ::testing::Test {
 protected:
  FailoverTest()
      : primary_(NewPrimary()), proxy_(primary_->SocketPath(), support::Framing::kBytes) {
    // Creates the template before the standby copies it.
    const support::TestDatabase first(*primary_);
    auto standby = support::PgCluster::Follow(*primary_, proxy_.port());
    EXPECT_TRUE(standby.ok()) << standby.status();
    standby_ = *std::move(standby);
    fleet_ = std::make_unique<Fleet>(
        *primary_,
        Fleet::Options{.servers = 2, .connection = [this](const support::TestDatabase& database) {
                         return absl::StrCat(Both(*primary_, *standby_),
                                             " dbname=", database.name());
                       }});
    copy_ = std::make_unique<support::TestDatabase>(*standby_, fleet_->database());
  }

  void FailOver() {
    primary_->KillPostmaster();
    const absl::Status promoted = standby_->Promote();
    ASSERT_TRUE(promoted.ok()) << promoted;
    fleet_->UseDatabase(*copy_);
    for (int i : {0, 1}) ASSERT_TRUE(fleet_->AwaitServing(i));
  }
  void AwaitCaughtUp() {
    const absl::Time end = absl::Now() + absl::Seconds(30);
    while (fleet_->database().Value("SELECT count(*) FROM pg_stat_replication"
                                    " WHERE replay_lsn = pg_current_wal_lsn()") != "1") {
      ASSERT_LT(absl::Now(), end) << "the standby does not follow";
    }
  }
  // From now on nothing is replicated to the standby.
  void StopReplication() {
    AwaitCaughtUp();
    proxy_.Refuse(true);
    proxy_.CutAll();
  }

  const std::unique_ptr<support::PgCluster> primary_;
  support::TcpProxy proxy_;
  std::unique_ptr<support::PgCluster> standby_;
  std::unique_ptr<Fleet> fleet_;
  std::unique_ptr<support::TestDatabase> copy_;
};

TEST_F(FailoverTest, I2_I4_ASynchronousStandbyLosesNothing) {
  const support::TestDatabase& database = fleet_->database();
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

// A person who signed in before replication stopped. Afterwards that session was ended, another
// code was used, and the token of another session was replaced.
struct Person {
  std::string identifier;
  std::string token;  // of the session that was ended
  std::string used_handle, used_code;
  std::string replaced_token;
};

class AsynchronousFailoverTest : public FailoverTest {
 protected:
  support::AuthClient& client(int i) { return *fleet_->client(i); }

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
  void ActUnreplicated(const Person& person) {
    EXPECT_TRUE(client(0).RevokeToken(person.token).ok());
    EXPECT_TRUE(client(1).VerifyOtp(person.used_handle, person.used_code).ok());
    EXPECT_TRUE(client(0).RefreshToken(person.replaced_token).ok());
  }
  // Whether the lost sign-out, code use or refresh can be done again after the fail-over.
  bool SessionIsBack(const Person& person) { return client(0).RefreshToken(person.token).ok(); }
  bool CodeIsBack(const Person& person) {
    return client(1).VerifyOtp(person.used_handle, person.used_code).ok();
  }
  bool ReplacedTokenIsBack(const Person& person) {
    return client(0).RefreshToken(person.replaced_token).ok();
  }

  support::ProgramResult ForceLogout(const std::string& before) {
    return support::RunProgram({OTPGATECTL, "force-logout", "--all", "--before", before, "--yes",
                                "--database", copy_->Socket(support::PgRole::kApp)});
  }
};

TEST_F(AsynchronousFailoverTest, I4_ForceLogoutBeforeATimeClosesTheGap) {
  const Person told = Before("told");
  const Person untold = Before("untold");  // shows that what is lost really comes back
  StopReplication();
  ActUnreplicated(told);
  ActUnreplicated(untold);
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
