// Limits hold over servers, restarts and spoofed addresses.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/e2e/deployment.h"
#include "tests/support/contend.h"
#include "tests/support/program.h"
#include "tests/support/trials.h"

namespace otpgate::testing {
namespace {

constexpr char kSecret[] = "-secret-of-at-least-thirty-two-bytes";
constexpr int kSends = 3;  // the default, per 15 minutes

class LimitsTest : public ::testing::Test {
 protected:
  static int MessagesTo(const Deployment& deployment, const std::string& person) {
    return std::stoi(deployment.database().Value(
        absl::StrCat("SELECT count(*) FROM outbox WHERE identifier = '", person, "'")));
  }
};

TEST_F(LimitsTest, D1_NoMoreCodesThanAllowedOverTwoServers) {
  Deployment deployment({.servers = 2});
  for (int64_t trial = 0; trial < Trials(10); ++trial) {
    const std::string person = absl::StrCat("p", trial, "@example.com");
    std::atomic<int> sent = 0;
    std::atomic<int> refused = 0;
    Contend(64, [&](int i) {
      const auto answer = deployment.client(i).RequestOtp(person);
      sent += answer.ok();
      refused += answer.reason == "SEND_LIMIT" || answer.reason == "CONFLICT";
      EXPECT_TRUE(answer.reason != "SEND_LIMIT" || answer.retry_after > absl::Minutes(14));
    });
    EXPECT_EQ(sent + refused, 64);
    ASSERT_LE(sent, kSends);
    // Those that lost every round may try again.
    for (int i = 0; sent < kSends && i < kSends; ++i)
      sent += deployment.client(i).RequestOtp(person).ok();
    EXPECT_EQ(sent, kSends);
    EXPECT_EQ(deployment.client(0).RequestOtp(person).reason, "SEND_LIMIT");
    EXPECT_EQ(MessagesTo(deployment, person), kSends);
  }
}

TEST_F(LimitsTest, D1_D4_AnAddressHasOneBucketOverTwoServers) {
  constexpr int kBurst = 10;
  Deployment deployment(
      {.servers = 2,
       .flags = {absl::StrCat("--limits.ip_burst=", kBurst), "--limits.ip_interval=1h"}});
  std::atomic<int> admitted = 0;
  std::atomic<int> refused = 0;
  Contend(64, [&](int i) {
    // The same /64, and an IPv4 address in both its spellings.
    const std::string ip = i % 2 == 0 ? absl::StrCat("2001:db8::", i) : "2001:db8:0:0:ffff::1";
    const auto answer =
        deployment.client(i).RequestOtp(absl::StrCat("p", i, "@example.com"), {.client_ip = ip});
    admitted += answer.ok();
    refused += answer.reason == "CLIENT_LIMIT" || answer.reason == "CONFLICT";
  });
  EXPECT_EQ(admitted + refused, 64);
  EXPECT_LE(admitted, kBurst);
  EXPECT_GE(admitted, 1);
  for (const char* ip : {"203.0.113.7", "::ffff:203.0.113.7"}) {
    int ok = 0;
    for (int i = 0; i < kBurst; ++i) {
      ok += deployment.client(i)
                .RequestOtp(absl::StrCat(ip[0] == ':' ? "m" : "q", i, "@example.com"),
                            {.client_ip = ip})
                .ok();
    }
    EXPECT_EQ(ok, ip[0] == ':' ? 0 : kBurst);
  }
}

TEST_F(LimitsTest, D3_ARestartResetsNothing) {
  Deployment deployment({.servers = 1});
  for (int i = 0; i < kSends; ++i) {
    EXPECT_TRUE(deployment.client().RequestOtp("test@example.com").ok());
    deployment.server(0).Signal(SIGKILL);
    deployment.Replace(0);
  }
  EXPECT_EQ(deployment.client().RequestOtp("test@example.com").reason, "SEND_LIMIT");
}

TEST_F(LimitsTest, C6_AnUnknownAddressIsNotFlooded) {
  Deployment deployment({.servers = 2});
  int sent = 0;
  for (int i = 0; i < 1000; ++i) sent += deployment.client(i).RequestOtp("test@example.com").ok();
  EXPECT_EQ(sent, kSends);
  EXPECT_EQ(MessagesTo(deployment, "test@example.com"), kSends);
}

// Two callers with secrets; only the first may say who the end user is.
class CallersTest : public LimitsTest {
 protected:
  static std::string MacOf(const std::string& id, const std::string& secret) {
    const ProgramResult mac =
        RunProgram({"/usr/bin/openssl", "dgst", "-sha256", "-hmac", id}, {.input = secret});
    EXPECT_EQ(mac.exit_code, 0) << mac.err;
    return mac.out;
  }
  static CallOptions As(const std::string& id, const std::string& ip = {}) {
    return {.client_ip = ip,
            .caller = "Basic " + absl::Base64Escape(absl::StrCat(id, ":", id, kSecret))};
  }
  std::string Config() const {
    std::string text;
    for (const std::string id : {"gateway", "worker"}) {
      const std::string mac = folder_.Write(id + ".mac", MacOf(id, id + kSecret));
      absl::StrAppend(&text, "[[clients]]\nid = \"", id, "\"\nsecret_mac_file = \"", mac,
                      "\"\nmethods = [\"otpgate.v1.AuthService/*\"]\nmay_forward_client_ip = ",
                      id == "gateway" ? "true" : "false", "\n");
    }
    return folder_.Write("otpgate.toml", text);
  }

  const TempFolder folder_;
  Deployment deployment_{
      {.servers = 2,
       .flags = {"--config=" + Config(), "--limits.ip_burst=2", "--limits.ip_interval=1h"}}};
};

TEST_F(CallersTest, D5_OnlyWhoMayForwardIsBelievedAboutAddresses) {
  AuthClient& client = deployment_.client();
  int admitted = 0;
  for (int i = 0; i < 5; ++i) {
    admitted +=
        client.RequestOtp(absl::StrCat("g", i, "@example.com"), As("gateway", "203.0.113.7")).ok();
  }
  EXPECT_EQ(admitted, 2);
  // It can neither use up another one's bucket nor hide in many.
  for (int i = 0; i < 5; ++i) {
    const std::string person = absl::StrCat("w", i, "@example.com");
    EXPECT_TRUE(client.RequestOtp(person, As("worker", absl::StrCat("198.51.100.", i))).ok());
  }
  EXPECT_TRUE(client.RequestOtp("h@example.com", As("gateway", "198.51.100.1")).ok());
  EXPECT_EQ(deployment_.database().Value("SELECT count(*) FROM limits"), "2");
}

TEST_F(CallersTest, G4_ARequestIdOfAnotherCallerIsNotSeen) {
  AuthClient& client = deployment_.client();
  CallOptions mine = As("gateway");
  CallOptions theirs = As("worker");
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
  CallOptions wrong = As("gateway");
  wrong.caller = "Basic " + absl::Base64Escape("gateway:worker" + std::string(kSecret));
  for (const CallOptions& options : {wrong, As("nobody")}) {
    EXPECT_EQ(deployment_.client().RequestOtp("test@example.com", options).reason,
              "UNAUTHENTICATED");
  }
}

// A memory that grew with every address could be filled by anybody.
TEST_F(LimitsTest, D10_ManyAddressesCostNoMemory) {
  Deployment deployment(
      {.servers = 1, .flags = {"--limits.ip_burst=1", "--limits.ip_interval=1h"}});
  const auto resident = [&] {
    std::ifstream statm(absl::StrCat("/proc/", deployment.server(0).pid(), "/statm"));
    int64_t total = 0, pages = 0;
    statm >> total >> pages;
    return pages * sysconf(_SC_PAGESIZE);
  };
  const int64_t addresses = Trials(2000);
  const auto storm = [&](const std::string& block) {
    Contend(8, [&](int i) {
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
}  // namespace otpgate::testing
