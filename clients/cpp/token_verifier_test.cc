#include "otpgate/client/token_verifier.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "base/crypto/base64url.h"
#include "base/crypto/hmac.h"
#include "base/crypto/jwks.h"
#include "base/crypto/test_claims.h"
#include "clients/cpp/local_verifier.h"
#include "tests/support/fake_clock.h"
#include "tests/support/status_matchers.h"

namespace otpgate::client {
namespace {

using ::otpgate::support::StatusIs;

MATCHER(IsRefused, "is refused") {
  *result_listener << arg.status().ToString();
  return absl::IsUnauthenticated(arg.status());
}

class TokenVerifierTest : public ::testing::Test {
 protected:
  crypto::AccessClaims Demo() const {
    crypto::AccessClaims claims = claims_;
    claims.user_type = "demo";
    claims.aud = {"otpgate-demo"};
    return claims;
  }
  absl::StatusOr<crypto::AccessClaims> Verify(const std::string& token,
                                              TokenVerifier::Options options = {}) {
    LocalVerifier verifier([this] { return jwks_; }, clock_, std::move(options));
    return verifier.Verify(token);
  }
  absl::StatusOr<crypto::AccessClaims> Verify(const crypto::AccessClaims& claims,
                                              TokenVerifier::Options options = {}) {
    return Verify(crypto::SignAccessToken(key_, claims), std::move(options));
  }
  // A token with this header; `sign` makes the signature.
  template <class Sign>
  std::string Forge(const std::string& header, Sign sign) const {
    const std::string good = crypto::SignAccessToken(key_, claims_);
    const std::vector<std::string> parts = absl::StrSplit(good, '.');
    const std::string text = absl::StrCat(crypto::Base64UrlEncode(header), ".", parts[1]);
    return absl::StrCat(text, ".", crypto::Base64UrlEncode(sign(text)));
  }
  std::string Header(const std::string& alg, const std::string& typ) const {
    return absl::StrCat(R"({"alg":")", alg, R"(","typ":")", typ, R"(","kid":")", key_.kid(), "\"}");
  }

  support::FakeClock clock_;
  const crypto::SigningKey key_ = crypto::SigningKey::Generate();
  absl::StatusOr<std::string> jwks_ = crypto::JwksJson({key_.public_key()});
  crypto::AccessClaims claims_ = crypto::TestClaims(clock_.Now());
};

TEST_F(TokenVerifierTest, AGoodTokenGivesItsClaims) {
  const auto claims = Verify(claims_);
  ASSERT_OK(claims);
  EXPECT_EQ(*claims, claims_);
}

TEST_F(TokenVerifierTest, DemoAccountsAreRefusedUnlessAskedFor) {
  EXPECT_THAT(Verify(Demo()), IsRefused());
  EXPECT_OK(Verify(Demo(), {.demo_audiences = {"otpgate-demo"}}));
  // A demo audience among those of live accounts does not allow demo accounts.
  EXPECT_THAT(Verify(Demo(), {.audiences = {"otpgate", "otpgate-demo"}}), IsRefused());
}

TEST_F(TokenVerifierTest, NoAccountComesInByTheAudienceOfTheOtherKind) {
  const TokenVerifier::Options both = {.demo_audiences = {"otpgate-demo"}};
  crypto::AccessClaims demo = Demo();
  demo.aud = {"otpgate"};
  EXPECT_THAT(Verify(demo, both), IsRefused());
  crypto::AccessClaims live = claims_;
  live.aud = {"otpgate-demo"};
  EXPECT_THAT(Verify(live, both), IsRefused());
  live.user_type = "root";
  live.aud = {"otpgate", "otpgate-demo"};
  EXPECT_THAT(Verify(live, both), IsRefused());
}

TEST_F(TokenVerifierTest, AudienceAndIssuer) {
  EXPECT_THAT(Verify(claims_, {.audiences = {"orders"}}), IsRefused());
  EXPECT_THAT(Verify(claims_, {.audiences = {}}), IsRefused());
  EXPECT_OK(Verify(claims_, {.audiences = {"orders", "otpgate"}}));
  EXPECT_THAT(Verify(claims_, {.issuer = "https://other.example"}), IsRefused());
}

TEST_F(TokenVerifierTest, Type) {
  const auto sign = [this](const std::string& text) { return key_.Sign(text); };
  EXPECT_OK(Verify(Forge(Header("ES256", "at+jwt"), sign)));
  EXPECT_THAT(Verify(Forge(Header("ES256", "JWT"), sign)), IsRefused());
  EXPECT_THAT(Verify(Forge(Header("ES256", ""), sign)), IsRefused());
}

// The published key must never serve as the secret of another algorithm.
TEST_F(TokenVerifierTest, AlgorithmConfusion) {
  for (const std::string& secret : {key_.public_key().jwk(), key_.public_key().ToPublicDer()}) {
    const auto mac = [&](const std::string& text) { return crypto::HmacSha256(secret, text); };
    EXPECT_THAT(Verify(Forge(Header("HS256", "at+jwt"), mac)), IsRefused());
    EXPECT_THAT(Verify(Forge(Header("ES256", "at+jwt"), mac)), IsRefused());
  }
  const auto nothing = [](const std::string&) { return std::string(); };
  EXPECT_THAT(Verify(Forge(Header("none", "at+jwt"), nothing)), IsRefused());
  EXPECT_THAT(Verify(Forge(Header("ES256", "at+jwt"), nothing)), IsRefused());
}

TEST_F(TokenVerifierTest, AKeyThatIsNotPublished) {
  const crypto::SigningKey other = crypto::SigningKey::Generate();
  EXPECT_THAT(Verify(crypto::SignAccessToken(other, claims_)), IsRefused());
  // Another key must not sign under the kid of a published one.
  const auto sign = [&](const std::string& text) { return other.Sign(text); };
  EXPECT_THAT(Verify(Forge(Header("ES256", "at+jwt"), sign)), IsRefused());
}

TEST_F(TokenVerifierTest, ClocksMayDifferALittle) {
  clock_.Advance(absl::Minutes(15) + absl::Seconds(9));
  EXPECT_OK(Verify(claims_));
  clock_.Advance(absl::Seconds(1));
  EXPECT_THAT(Verify(claims_), IsRefused());
  EXPECT_OK(Verify(claims_, {.leeway = absl::Seconds(11)}));
  clock_.Advance(absl::Seconds(50));  // expired for a minute, the longest leeway
  EXPECT_THAT(Verify(claims_, {.leeway = absl::Hours(1)}), IsRefused());

  clock_.Advance(-absl::Minutes(16) - absl::Seconds(10));  // ten seconds before `iat`
  EXPECT_OK(Verify(claims_));
  clock_.Advance(-absl::Seconds(1));
  EXPECT_THAT(Verify(claims_), IsRefused());
}

TEST_F(TokenVerifierTest, WithoutKeysItIsNeitherGoodNorBad) {
  jwks_ = absl::UnavailableError("away");
  EXPECT_THAT(Verify(claims_), support::StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(TokenVerifierTest, WhatIsNoTokenAsksForNoKeys) {
  jwks_ = absl::UnavailableError("away");
  for (const std::string text : {"", ".", "..", "a.b.c", "Bearer x.y.z"}) {
    EXPECT_THAT(Verify(text), IsRefused()) << text;
  }
}

TEST(TokenVerifier, GivesEveryClaim) {
  const crypto::SigningKey key = crypto::SigningKey::Generate();
  const crypto::AccessClaims wanted = crypto::TestClaims(absl::Now());
  TokenVerifier verifier([&] { return crypto::JwksJson({key.public_key()}); }, {});
  const auto claims = verifier.Verify(crypto::SignAccessToken(key, wanted));
  ASSERT_OK(claims);
  EXPECT_EQ(claims->iss, wanted.iss);
  EXPECT_EQ(claims->sub, wanted.sub);
  EXPECT_EQ(claims->aud, wanted.aud);
  EXPECT_EQ(claims->exp, wanted.exp);
  EXPECT_EQ(claims->iat, wanted.iat);
  EXPECT_EQ(claims->nbf, wanted.nbf);
  EXPECT_EQ(claims->jti, wanted.jti);
  EXPECT_EQ(claims->sid, wanted.sid);
  EXPECT_EQ(claims->ver, wanted.ver);
  EXPECT_EQ(claims->amr, wanted.amr);
  EXPECT_EQ(claims->auth_time, wanted.auth_time);
  EXPECT_EQ(claims->client_id, wanted.client_id);
  EXPECT_EQ(claims->user_type, wanted.user_type);
}

}  // namespace
}  // namespace otpgate::client
