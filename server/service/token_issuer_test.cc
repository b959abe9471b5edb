#include "server/service/token_issuer.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "base/crypto/proof.h"
#include "tests/support/status_matchers.h"

namespace otpgate::service {
namespace {

using support::StatusIs;

// Of a token that is presented again, nothing but the signature may be remembered.
class TokenIssuerTest : public ::testing::Test {
 protected:
  TokenIssuerTest() { PublishOnly(key_); }

  void PublishOnly(const crypto::SigningKey& key) {
    keys_.Set(std::make_shared<const SigningKeyset>(key, std::vector{key.public_key()}));
  }
  std::string Token() const {
    const absl::Time issued = absl::FromUnixSeconds(1000);
    return crypto::SignAccessToken(key_, {.iss = "otpgate",
                                          .sub = "u",
                                          .aud = {"api"},
                                          .exp = issued + absl::Minutes(15),
                                          .iat = issued,
                                          .nbf = issued,
                                          .jti = "s.0",
                                          .sid = "s",
                                          .amr = {"sms"},
                                          .auth_time = issued,
                                          .client_id = "app",
                                          .user_type = "live"});
  }

  const crypto::SigningKey key_ = crypto::SigningKey::Generate();
  CurrentKeyset keys_;
  const TokenIssuer tokens_{
      {.issuer = "otpgate", .live_audiences = {"api"}, .demo_audiences = {}}, &keys_, nullptr};
};

TEST_F(TokenIssuerTest, GivesTheSameClaimsAgain) {
  const std::string token = Token();
  const auto first = tokens_.Verify(token);
  const auto again = tokens_.Verify(token);
  ASSERT_TRUE(first.ok() && again.ok());
  EXPECT_EQ(**first, **again);
  EXPECT_EQ((*again)->sid, "s");
}

TEST_F(TokenIssuerTest, RefusesAKnownTokenWhoseKeyIsGone) {
  const std::string token = Token();
  ASSERT_TRUE(tokens_.Verify(token).ok());
  PublishOnly(crypto::SigningKey::Generate());
  EXPECT_THAT(tokens_.Verify(token), support::StatusIs(absl::StatusCode::kUnauthenticated));
  PublishOnly(key_);
  EXPECT_TRUE(tokens_.Verify(token).ok());
}

TEST_F(TokenIssuerTest, TellsWithoutASignatureOnlyOfWhatItRemembers) {
  const std::string token = Token();
  EXPECT_FALSE(tokens_.VerifyRemembered(token).has_value());
  const auto claims = tokens_.Verify(token);
  ASSERT_TRUE(claims.ok());
  const auto remembered = tokens_.VerifyRemembered(token);
  ASSERT_TRUE(remembered.has_value() && remembered->ok());
  EXPECT_EQ(***remembered, **claims);
  EXPECT_FALSE(tokens_.VerifyRemembered(token + "A").has_value());
  PublishOnly(crypto::SigningKey::Generate());
  EXPECT_FALSE(tokens_.VerifyRemembered(token).has_value()) << "its key is gone";
}

TEST_F(TokenIssuerTest, AProofIsTheSameAgainAndNoAccessToken) {
  const storage::SubjectKey subject{"+14155550123", storage::UserType::kDemo};
  const OtpId code{std::string(OtpId::kBytes, 'o')};
  const absl::Time verified = absl::FromUnixMillis(1000'999);
  const auto proof = tokens_.IssueProof(subject, code, verified, "shop");
  const auto again = tokens_.IssueProof(subject, code, verified, "shop");
  ASSERT_TRUE(proof.ok() && again.ok());
  EXPECT_EQ(proof->substr(0, proof->rfind('.')), again->substr(0, again->rfind('.')));
  const auto claims =
      crypto::VerifyProof(*proof, [this](absl::string_view) { return &key_.public_key(); },
                          verified, {.issuer = "otpgate", .caller = "shop"});
  ASSERT_TRUE(claims.ok()) << claims.status();
  EXPECT_EQ(claims->iat, absl::FromUnixSeconds(1000));
  EXPECT_EQ(claims->user_type, "demo");
  EXPECT_THAT(tokens_.Verify(*proof), support::StatusIs(absl::StatusCode::kUnauthenticated));
  EXPECT_THAT(tokens_.VerifyToRevoke(*proof),
              support::StatusIs(absl::StatusCode::kUnauthenticated));
  EXPECT_FALSE(tokens_.IssueProof(subject, {}, verified, "shop").ok());
}

TEST_F(TokenIssuerTest, RefusesEveryTextButTheKnownOne) {
  const std::string token = Token();
  ASSERT_TRUE(tokens_.Verify(token).ok());
  for (size_t i = 0; i < token.size(); ++i) {
    std::string other = token;
    other[i] = other[i] == 'A' ? 'B' : 'A';
    ASSERT_THAT(tokens_.Verify(other), support::StatusIs(absl::StatusCode::kUnauthenticated)) << i;
  }
  EXPECT_FALSE(tokens_.Verify(token + "A").ok());
  EXPECT_FALSE(tokens_.Verify(token.substr(0, token.size() - 1)).ok());
  EXPECT_FALSE(tokens_.Verify(token + std::string(crypto::kJwtBytesMax, 'A')).ok());
}

}  // namespace
}  // namespace otpgate::service
