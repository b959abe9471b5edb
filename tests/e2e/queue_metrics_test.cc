// The metrics of the queues while the database delays them.
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "migrations/migrator/connection.h"
#include "tests/e2e/deployment.h"
#include "tests/support/metrics_page.h"
#include "tests/support/status_matchers.h"

namespace otpgate::e2e {
namespace {

constexpr char kPerson[] = "held@example.com";

// Locks the row of a subject while it lives.
class HeldSubject {
 public:
  explicit HeldSubject(const support::TestDatabase& database) {
    auto connection = migrator::Connect(database.Socket(support::PgRole::kSuperuser));
    EXPECT_OK(connection);
    connection_ = *std::move(connection);
    Run("BEGIN");
    Run(absl::StrCat("SELECT 1 FROM subjects WHERE identifier = '", kPerson, "' FOR UPDATE"));
  }
  void Release() { Run("ROLLBACK"); }

 private:
  void Run(const std::string& sql) { EXPECT_OK(connection_->Query("hold", sql)); }

  std::unique_ptr<pg::Connection> connection_;
};

void WaitPatiently(const support::TestDatabase& database) {
  const std::string name = database.Value("SELECT quote_ident(current_database())");
  for (const char* timeout : {"lock_timeout", "statement_timeout"}) {
    EXPECT_OK(database.Try(
        absl::StrCat("ALTER ROLE otpgate_app IN DATABASE ", name, " SET ", timeout, " = '60s'")));
  }
}

TEST(QueueMetricsTest, AQueueThatStandsAndALostRoundAreSeen) {
  Deployment deployment({.servers = 2,
                         .flags = {"--metrics.address=127.0.0.1:0", "--database.answer_timeout=2m"},
                         .prepare = WaitPatiently});
  const std::vector<support::MetricsPage> pages = {support::MetricsPage(deployment.server(0)),
                                                   support::MetricsPage(deployment.server(1))};
  const auto asked = deployment.client(0).RequestOtp(kPerson);
  ASSERT_TRUE(asked.ok()) << asked.message;
  const auto guess_wrong = [&](int server) {
    const std::string wrong = support::WrongCode(asked.reply.development_code());
    EXPECT_EQ(deployment.client(server).VerifyOtp(asked.reply.handle(), wrong).reason,
              "OTP_INVALID");
  };

  HeldSubject held(deployment.database());
  std::vector<std::thread> guesses;
  for (int server : {0, 1}) guesses.emplace_back(guess_wrong, server);
  // Both calls have read the same version, and wait to write.
  EXPECT_TRUE(support::Eventually([&] {
    return deployment.database().Value(
               "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname "
               "= current_database()") == "2";
  }));
  guesses.emplace_back(guess_wrong, 0);
  pages[0].Expect("otpgate_queue_depth{engine=\"subjects\"}", 1);
  pages[0].ExpectAbove("otpgate_queue_age_seconds{engine=\"subjects\"}", 0);
  held.Release();
  for (std::thread& guess : guesses) guess.join();

  pages[0].Expect("otpgate_queue_depth{engine=\"subjects\"}", 0);
  pages[0].Expect("otpgate_queue_age_seconds{engine=\"subjects\"}", 0);
  EXPECT_TRUE(support::Eventually([&] {
    double lost = 0;
    for (const support::MetricsPage& page : pages) {
      lost += page.Samples()["otpgate_conflicts_total{engine=\"subjects\"}"];
    }
    return lost >= 1;
  }));
  EXPECT_EQ(deployment.database().Value("SELECT attempts FROM signup_otps"), "3");
}

}  // namespace
}  // namespace otpgate::e2e
