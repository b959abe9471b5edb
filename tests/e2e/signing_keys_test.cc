// Signing keys change while two servers and local verifiers run: valid tokens are never refused,
// and those of a retired key are refused everywhere.
#include <algorithm>
#include <atomic>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "base/crypto/base64url.h"
#include "otpgate/client.h"
#include "tests/e2e/admin_program.h"
#include "tests/e2e/sessions_fixture.h"
#include "tests/support/rpc_server.h"
#include "tests/support/trials.h"

namespace otpgate::e2e {
namespace {

using client::TokenVerifier;

class SigningKeysTest : public SessionsFixture {
 protected:
  explicit SigningKeysTest(std::vector<std::string> flags = {"--enable_rate_limit=false",
                                                             "--database.health_interval=1m",
                                                             "--secrets.reload_interval=100ms"})
      : SessionsFixture({.servers = 2, .flags = std::move(flags)}) {}

  static std::string KidOf(const std::string& token) {
    const std::string header = token.substr(0, token.find('.'));
    return nlohmann::json::parse(*crypto::Base64UrlDecode(header))["kid"];
  }
  bool Publishes(int server, const std::string& kid) {
    const auto keys = client(server).GetJwks().reply.keys();
    return std::any_of(keys.begin(), keys.end(),
                       [&](const v1::Jwk& key) { return key.kid() == kid; });
  }
  // Adds a key that both servers publish but do not use yet.
  std::string Rotate() {
    const std::string master = deployment_.keys().Path("master");
    const std::string out = admin_.Run({"keys", "rotate", "--master-key-file", master});
    std::string kid = nlohmann::json::parse(out)["kid"];
    for (int i : {0, 1}) {
      EXPECT_TRUE(support::Eventually([&] { return Publishes(i, kid); }));
    }
    return kid;
  }
  // Lets time pass until both servers sign with this key.
  void Take(const std::string& kid) {
    Sql("UPDATE signing_keys SET active_from = now() WHERE kid = '" + kid + "'");
    for (int i : {0, 1}) {
      std::string token = SignIn(NextPerson()).refresh_token();
      EXPECT_TRUE(support::Eventually([&] {
        const auto next = client(i).RefreshToken(token).reply;
        token = next.refresh_token();
        return KidOf(next.access_token()) == kid;
      }));
    }
  }
  // A local verifier with the keys of a server; counts its fetches in `fetches`.
  std::unique_ptr<client::TokenVerifier> Verifier(int server, std::atomic<int>* fetches = nullptr) {
    const auto channel = client::NewChannel(
        {.target = absl::StrCat("127.0.0.1:", deployment_.server(server).port())});
    auto fetch = client::FetchJwksFrom(std::make_shared<client::AuthClient>(*channel));
    return std::make_unique<client::TokenVerifier>(
        [fetch, fetches] {
          if (fetches != nullptr) ++*fetches;
          return fetch();
        },
        client::TokenVerifier::Options{});
  }

  const AdminProgram admin_{deployment_};
};

TEST_F(SigningKeysTest, E9_NoGoodTokenIsRefusedWhileKeysRotate) {
  const Tokens oldest = SignIn(NextPerson());
  std::atomic<bool> stop = false;
  std::atomic<int64_t> checked = 0;
  // These verifiers fetch their keys before a token is signed with the next key.
  std::vector<std::unique_ptr<client::TokenVerifier>> verifiers;
  std::atomic<int> fetches = 0;
  absl::Mutex mu;
  const auto live = [&](int thread) {
    std::string token = SignIn(absl::StrCat("load", thread, "@example.com")).refresh_token();
    for (int round = thread; !stop; ++round) {
      const auto next = client(round).RefreshToken(token);
      ASSERT_TRUE(next.ok()) << next.reason;
      token = next.reply.refresh_token();
      EXPECT_TRUE(IsActive(next.reply.access_token(), round + 1));
      const absl::MutexLock lock(&mu);
      for (const auto& verifier : verifiers) {
        const auto claims = verifier->Verify(next.reply.access_token());
        EXPECT_TRUE(claims.ok()) << claims.status();
      }
      ++checked;
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) threads.emplace_back(live, i);
  std::string kid;
  for (int64_t trial = 0; trial < support::Trials(2); ++trial) {
    kid = Rotate();
    const std::string access = SignIn(NextPerson()).access_token();
    {
      const absl::MutexLock lock(&mu);
      verifiers.clear();
      fetches = 0;
      for (int i : {0, 1}) verifiers.push_back(Verifier(i, &fetches));
      for (const auto& verifier : verifiers) EXPECT_TRUE(verifier->Verify(access).ok());
    }
    Take(kid);
    const int64_t then = checked;
    EXPECT_TRUE(support::Eventually([&] { return checked > then + 20 || HasFailure(); }));
    EXPECT_EQ(fetches, 2) << "once each: no token named a key that was not published before";
  }
  stop = true;
  for (std::thread& thread : threads) thread.join();
  EXPECT_TRUE(IsActive(oldest.access_token())) << "its key is published until it has expired";
}

TEST_F(SigningKeysTest, E9_M4_TokensOfARetiredKeyAreRefusedByAllAndSessionsGoOn) {
  const Tokens before = SignIn(NextPerson());
  const std::string old_kid = KidOf(before.access_token());
  Take(Rotate());
  admin_.Run({"keys", "retire", old_kid, "--yes"});
  for (int i : {0, 1}) {
    EXPECT_TRUE(support::Eventually([&] { return !IsActive(before.access_token(), i); }));
    EXPECT_FALSE(Publishes(i, old_kid));
    EXPECT_EQ(client(i).GetCurrentUser(Bearer(before.access_token())).reason, "UNAUTHENTICATED");
    EXPECT_TRUE(absl::IsUnauthenticated(Verifier(i)->Verify(before.access_token()).status()));
    EXPECT_TRUE(IsActive(before.refresh_token(), i));
  }
  const auto after = client(0).RefreshToken(before.refresh_token());
  ASSERT_TRUE(after.ok()) << after.reason;
  EXPECT_TRUE(IsActive(after.reply.access_token(), 1));
  EXPECT_TRUE(Verifier(1)->Verify(after.reply.access_token()).ok());
}

// With the default intervals, except that no health check runs during a test.
class CompromisedKeyTest : public SigningKeysTest {
 protected:
  CompromisedKeyTest() : SigningKeysTest({"--database.health_interval=1m"}) {}
};

TEST_F(CompromisedKeyTest, M4_AllServersRefuseItsTokensWithinSeconds) {
  const Tokens stolen = SignIn(NextPerson());
  for (int i : {0, 1}) EXPECT_TRUE(IsActive(stolen.access_token(), i));
  admin_.Run({"keys", "retire", KidOf(stolen.access_token()), "--yes"});
  for (int i : {0, 1}) {
    EXPECT_TRUE(support::Eventually([&] { return !IsActive(stolen.access_token(), i); }));
    EXPECT_EQ(client(i).GetCurrentUser(Bearer(stolen.access_token())).reason, "UNAUTHENTICATED");
  }
  EXPECT_TRUE(client(0).RefreshToken(stolen.refresh_token()).ok()) << "another key is there";
}

}  // namespace
}  // namespace otpgate::e2e
