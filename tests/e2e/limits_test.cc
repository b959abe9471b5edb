// Limits are exact across servers, restarts and spoofed addresses.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/e2e/caller_files.h"
#include "tests/e2e/deployment.h"
#include "tests/support/contend.h"
#include "tests/support/trials.h"

namespace otpgate::e2e {
namespace {

constexpr int kContenders = 64;
constexpr int kSends = 3;  // limits.sends, by default per 15 minutes

// The number of calls by outcome.
struct Tally {
  std::atomic<int> admitted = 0;
  std::atomic<int> limited = 0;
  std::atomic<int> conflicts = 0;  // lost every round to the other server; nothing was changed
  std::atomic<int> others = 0;

  template <class Reply>
  void Add(const support::Answer<Reply>& answer, const std::string& limit) {
    ++(answer.ok()                   ? admitted
       : answer.reason == limit      ? limited
       : answer.reason == "CONFLICT" ? conflicts
                                     : others);
  }
  int all() const { return admitted + limited + conflicts + others; }
};

class LimitsTest : public ::testing::Test {
 protected:
  void Start(std::vector<std::string> flags = {}) {
    deployment_.emplace(Deployment::Options{.servers = 2, .flags = std::move(flags)});
  }
  support::AuthClient& client(int i = 0) { return deployment_->client(i); }
  std::string Value(const std::string& sql) { return deployment_->database().Value(sql); }
  std::string Of(const std::string& what, const std::string& identifier) {
    return Value(absl::StrCat("SELECT ", what, " WHERE identifier = '", identifier, "'"));
  }
  // Calls one by one until the limit refuses, to use up permits that conflicts left over.
  void Exhaust(const std::string& limit, Tally& tally,
               const std::function<support::Answer<v1::RequestOtpResponse>(int)>& call) {
    const int before = tally.limited;
    for (int i = 0; i < kContenders && tally.limited == before; ++i) tally.Add(call(i), limit);
  }
  void ExpectAllAgree(const std::string& identifier) {
    const std::string sends = absl::StrCat(kSends);
    EXPECT_EQ(Of("cardinality(recent_sends) FROM subjects", identifier), sends);
    EXPECT_EQ(Of("count(*) FROM outbox", identifier), sends);
    EXPECT_EQ(Of("count(DISTINCT otp_id) FROM outbox", identifier), sends);
    EXPECT_EQ(Of("count(*) FROM signup_otps", identifier), "1");
  }

  std::optional<Deployment> deployment_;
};

TEST_F(LimitsTest, D1_ThreeOfManyConcurrentSendsAreAdmitted) {
  Start();
  for (int64_t trial = 0; trial < support::Trials(20); ++trial) {
    const std::string person = trial % 2 == 0 ? absl::StrCat("p", trial, "@example.com")
                                              : absl::StrCat("+1415555", 2000 + trial);
    SCOPED_TRACE(person);
    Tally tally;
    const auto ask = [&](int i) { return client(i).RequestOtp(person); };
    support::Contend(kContenders, [&](int i) { tally.Add(ask(i), "SEND_LIMIT"); });
    ASSERT_EQ(tally.all(), kContenders);
    EXPECT_LE(tally.admitted, kSends);
    Exhaust("SEND_LIMIT", tally, ask);
    ASSERT_EQ(tally.admitted, kSends);
    ASSERT_EQ(tally.others, 0);
    ExpectAllAgree(person);
  }
}

TEST_F(LimitsTest, D1_D4_AnAddressIsAdmittedItsBurstInEverySpelling) {
  constexpr int kBurst = 7;
  Start({absl::StrCat("--limits.ip_burst=", kBurst), "--limits.ip_interval=1d"});
  const std::vector<std::function<std::string(int)>> addresses = {
      [](int i) { return absl::StrCat("2001:db8:0:1::", absl::Hex(i + 1)); },
      [](int i) { return i % 2 == 0 ? "203.0.113.7" : "::ffff:203.0.113.7"; }};
  for (const auto& address : addresses) {
    SCOPED_TRACE(address(0));
    Tally tally;
    const auto ask = [&](int i) {
      return client(i).RequestOtp(absl::StrCat("a", i, "@example.com"), {.client_ip = address(i)});
    };
    support::Contend(kContenders, [&](int i) { tally.Add(ask(i), "CLIENT_LIMIT"); });
    EXPECT_LE(tally.admitted, kBurst);
    Exhaust("CLIENT_LIMIT", tally, ask);
    EXPECT_EQ(tally.admitted, kBurst);
    EXPECT_EQ(tally.others, 0);
  }
  EXPECT_EQ(Value("SELECT count(*) FROM limits"), absl::StrCat(addresses.size()));
  EXPECT_EQ(Value("SELECT count(*) FROM outbox"), absl::StrCat(kBurst * addresses.size()));
}

TEST_F(LimitsTest, D3_AKilledServerForgetsNoLimit) {
  Start({"--limits.ip_burst=3", "--limits.ip_interval=1d"});
  const support::CallOptions from{.client_ip = "203.0.113.7"};
  for (int i = 0; i < kSends; ++i) ASSERT_TRUE(client(i).RequestOtp("p@example.com", from).ok());
  for (int server = 0; server < deployment_->servers(); ++server) {
    deployment_->server(server).Signal(SIGKILL);
    deployment_->Replace(server);
    const auto again = client(server).RequestOtp("p@example.com");
    EXPECT_EQ(again.reason, "SEND_LIMIT");
    EXPECT_GT(again.retry_after, absl::Minutes(14));
    EXPECT_LE(again.retry_after, absl::Minutes(15));
    EXPECT_EQ(client(server).RequestOtp("other@example.com", from).reason, "CLIENT_LIMIT");
  }
  ExpectAllAgree("p@example.com");
}

// Refused calls do not extend the window: a permit returns when the oldest send leaves it.
TEST_F(LimitsTest, D3_RefusedTrafficExtendsNoWindow) {
  Start();
  for (int i = 0; i < kSends; ++i) ASSERT_TRUE(client(i).RequestOtp("p@example.com").ok());
  const std::string sends = Of("recent_sends FROM subjects", "p@example.com");
  for (int i = 0; i < 200; ++i) {
    ASSERT_EQ(client(i).RequestOtp("p@example.com").reason, "SEND_LIMIT");
  }
  EXPECT_EQ(Of("recent_sends FROM subjects", "p@example.com"), sends);
  deployment_->database().Query(
      "UPDATE subjects SET recent_sends[1] = recent_sends[1] - 900 * 1000000::bigint");
  EXPECT_TRUE(client(0).RequestOtp("p@example.com").ok());
  EXPECT_EQ(client(1).RequestOtp("p@example.com").reason, "SEND_LIMIT");
}

int LinesTo(const std::string& path, const std::string& identifier) {
  std::ifstream file(path);
  int count = 0;
  for (std::string line; std::getline(file, line);) {
    count += absl::StrContains(line, absl::StrCat("\"to\":\"", identifier, "\""));
  }
  return count;
}

// Waits until every message was sent or dropped.
void AwaitEmptyOutbox(const support::TestDatabase& database) {
  const absl::Time until = absl::Now() + absl::Minutes(1);
  while (database.Value("SELECT count(*) FROM outbox WHERE state = 'pending'") != "0") {
    ASSERT_LT(absl::Now(), until);
  }
}

TEST_F(LimitsTest, C6_AStrangersAddressIsSentNoMoreThanTheCap) {
  Start({"--limits.resend_cooldown=0s"});
  constexpr int kResends = 3;  // limits.resends, by default per 5 minutes
  const std::string victim = "victim@example.com";
  constexpr int kThreads = 10;
  const int calls = static_cast<int>(support::Trials(100));
  support::Contend(kThreads, [&](int thread) {
    for (int i = 0; i < calls; ++i) {
      const int number = thread * calls + i;
      const support::CallOptions from{.client_ip =
                                          absl::StrCat("2001:db8:1:", absl::Hex(number), "::1")};
      const auto asked = client(number).RequestOtp(victim, from);
      if (asked.ok()) client(number + 1).ResendOtp(asked.reply.handle(), from);
    }
  });
  AwaitEmptyOutbox(deployment_->database());
  const int sent = LinesTo(deployment_->MessagesFile(), victim);
  EXPECT_GE(sent, 1);
  EXPECT_LE(sent, kSends + kResends);
  EXPECT_EQ(Of("cardinality(recent_sends) FROM subjects", victim), absl::StrCat(kSends));
  EXPECT_LE(std::stoi(Of("count(*) FROM outbox", victim)), kSends + kResends);
}

// Two calling services with secrets; only the first may forward addresses of end users.
class CallersTest : public ::testing::Test {
 protected:
  static support::CallOptions As(const std::string& id, const std::string& ip = {}) {
    return {.client_ip = ip, .caller = CallerFiles::HeaderOf(id)};
  }

  const CallerFiles callers_{{{"gateway", true}, {"worker"}}};
  Deployment deployment_{
      {.servers = 2, .flags = {callers_.Flag(), "--limits.ip_burst=2", "--limits.ip_interval=1h"}}};
};

TEST_F(CallersTest, D5_OnlyWhoMayForwardIsBelievedAboutAddresses) {
  support::AuthClient& client = deployment_.client();
  int admitted = 0;
  for (int i = 0; i < 5; ++i) {
    admitted +=
        client.RequestOtp(absl::StrCat("g", i, "@example.com"), As("gateway", "203.0.113.7")).ok();
  }
  EXPECT_EQ(admitted, 2);
  // Another header does not select another bucket.
  support::CallOptions hidden = As("gateway", "203.0.113.7");
  hidden.forwarded_for = "198.51.100.9";
  EXPECT_EQ(client.RequestOtp("x@example.com", hidden).reason, "CLIENT_LIMIT");
  // A caller without the right can neither use up the bucket of an address nor spread over many.
  for (int i = 0; i < 5; ++i) {
    const std::string person = absl::StrCat("w", i, "@example.com");
    support::CallOptions spoofed = As("worker", absl::StrCat("198.51.100.", i));
    spoofed.forwarded_for = "203.0.113.7";
    EXPECT_TRUE(client.RequestOtp(person, spoofed).ok());
  }
  EXPECT_EQ(
      deployment_.database().Value("SELECT count(*) FROM audit_events WHERE caller = 'worker' "
                                   "AND ip <> ''"),
      "0");
  EXPECT_TRUE(client.RequestOtp("h@example.com", As("gateway", "198.51.100.1")).ok());
  EXPECT_EQ(deployment_.database().Value("SELECT count(*) FROM limits"), "2");
}

TEST_F(CallersTest, G4_ARequestIdOfAnotherCallerIsNotSeen) {
  support::AuthClient& client = deployment_.client();
  support::CallOptions mine = As("gateway");
  support::CallOptions theirs = As("worker");
  mine.request_id = theirs.request_id = "7f1d3c2e-9a4b-4c5d-8e6f-0123456789ab";
  const auto first = client.RequestOtp("test@example.com", mine);
  const auto second = client.RequestOtp("test@example.com", theirs);
  ASSERT_TRUE(first.ok() && second.ok()) << first.message;
  EXPECT_NE(first.reply.handle(), second.reply.handle());
  const auto verified =
      client.VerifyOtp(second.reply.handle(), second.reply.development_code(), theirs);
  ASSERT_TRUE(verified.ok());
  const auto stolen =
      client.VerifyOtp(second.reply.handle(), second.reply.development_code(), mine);
  EXPECT_EQ(stolen.reason, "OTP_INVALID");
  EXPECT_EQ(stolen.reply.refresh_token(), "");
}

TEST_F(CallersTest, AWrongSecretIsUnauthenticated) {
  support::CallOptions wrong = As("gateway");
  wrong.caller = CallerFiles::HeaderOf("gateway", CallerFiles::SecretOf("worker"));
  for (const support::CallOptions& options : {wrong, As("nobody")}) {
    EXPECT_EQ(deployment_.client().RequestOtp("test@example.com", options).reason,
              "UNAUTHENTICATED");
  }
}

// If memory grew with every address, anybody could exhaust it.
TEST_F(LimitsTest, D10_ManyAddressesCostNoMemory) {
  Deployment deployment(
      {.servers = 1, .flags = {"--limits.ip_burst=1", "--limits.ip_interval=1h"}});
  const auto resident = [&] {
    std::ifstream statm(absl::StrCat("/proc/", deployment.server(0).pid(), "/statm"));
    int64_t total = 0, pages = 0;
    statm >> total >> pages;
    return pages * sysconf(_SC_PAGESIZE);
  };
  const int64_t addresses = support::Trials(2000);
  const auto storm = [&](const std::string& block) {
    support::Contend(8, [&](int i) {
      for (int64_t n = 0; n < addresses / 8; ++n) {
        const std::string ip = absl::StrCat(block, ":", absl::Hex(n), ":", absl::Hex(i), "::1");
        for (int twice = 0; twice < 2; ++twice) {
          deployment.client().RequestOtp(absl::StrCat("p", n, "-", i, "@example.com"),
                                         {.client_ip = ip});
        }
      }
    });
  };
  storm("2001:1");
  const int64_t before = resident();
  storm("2001:2");
  storm("2001:3");
  EXPECT_LT(resident() - before, int64_t{8} << 20);
}

}  // namespace
}  // namespace otpgate::e2e
