#include "otpgate/client/proof_verifier.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/time/clock.h"
#include "base/crypto/jwks.h"
#include "base/crypto/jws.h"
#include "base/crypto/proof.h"
#include "base/crypto/test_claims.h"
#include "otpgate/client/token_verifier.h"
#include "tests/support/status_matchers.h"

namespace otpgate::client {
namespace {

class ProofVerifierTest : public ::testing::Test {
 protected:
  crypto::ProofClaims Claims() const {
    return {.iss = "otpgate/verification",
            .sub = "+14155550123",
            .aud = "verification:shop",
            .exp = now_ + absl::Minutes(10),
            .iat = now_,
            .jti = "id",
            .user_type = "live"};
  }
  JwksFetch Keys() const {
    return [this] { return jwks_; };
  }
  absl::StatusOr<Proof> Verify(const std::string& proof,
                               const ProofVerifier::Options& options = {.caller = "shop"}) const {
    return ProofVerifier(Keys(), options).Verify(proof);
  }
  absl::StatusOr<Proof> Verify(const crypto::ProofClaims& claims,
                               const ProofVerifier::Options& options = {.caller = "shop"}) const {
    return Verify(crypto::SignProof(key_, claims), options);
  }
  static auto IsRefused() { return support::StatusIs(absl::StatusCode::kUnauthenticated); }

  const absl::Time now_ = absl::FromUnixSeconds(absl::ToUnixSeconds(absl::Now()));
  const crypto::SigningKey key_ = crypto::SigningKey::Generate();
  absl::StatusOr<std::string> jwks_ = crypto::JwksJson({key_.public_key()});
};

TEST_F(ProofVerifierTest, AGoodProofTellsWhoWasVerifiedAndWhen) {
  const auto proof = Verify(Claims());
  ASSERT_OK(proof);
  EXPECT_EQ(proof->identifier, "+14155550123");
  EXPECT_EQ(proof->user_type, "live");
  EXPECT_EQ(proof->id, "id");
  EXPECT_EQ(proof->issued_at, now_);
  EXPECT_EQ(proof->expires_at, now_ + absl::Minutes(10));
}

TEST_F(ProofVerifierTest, AProofIsForOneCallerOfOneService) {
  EXPECT_THAT(Verify(Claims(), {.caller = "kiosk"}), IsRefused());
  EXPECT_THAT(Verify(Claims(), {.caller = "shop", .issuer = "other"}), IsRefused());
  crypto::ProofClaims nobody = Claims();
  nobody.aud = "verification:";
  EXPECT_THAT(Verify(nobody, {.caller = ""}), IsRefused());
}

TEST_F(ProofVerifierTest, AnExpiredProofIsRefused) {
  crypto::ProofClaims old = Claims();
  old.iat -= absl::Hours(1);
  old.exp -= absl::Hours(1);
  EXPECT_THAT(Verify(old), IsRefused());
}

TEST_F(ProofVerifierTest, DemoIsRefusedUnlessAskedFor) {
  crypto::ProofClaims demo = Claims();
  demo.user_type = "demo";
  EXPECT_THAT(Verify(demo), IsRefused());
  EXPECT_OK(Verify(demo, {.caller = "shop", .accept_demo = true}));
  demo.user_type = "root";
  EXPECT_THAT(Verify(demo, {.caller = "shop", .accept_demo = true}), IsRefused());
}

TEST_F(ProofVerifierTest, WithoutKeysItIsNeitherGoodNorBad) {
  jwks_ = absl::UnavailableError("away");
  EXPECT_THAT(Verify(Claims()), support::StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(Verify("no.proof.at-all"), IsRefused());
}

TEST_F(ProofVerifierTest, E5_ProofsAndAccessTokensAreNotMistakenForEachOther) {
  crypto::AccessClaims access = crypto::TestClaims(now_);
  access.iss = Claims().iss;
  access.aud = {Claims().aud};
  EXPECT_THAT(Verify(crypto::SignAccessToken(key_, access)), IsRefused());
  // Even a verifier that is set up for them.
  TokenVerifier verifier(Keys(), {.issuer = Claims().iss, .audiences = {Claims().aud}});
  EXPECT_OK(verifier.Verify(crypto::SignAccessToken(key_, access)));
  EXPECT_THAT(verifier.Verify(crypto::SignProof(key_, Claims())), IsRefused());
}

}  // namespace
}  // namespace otpgate::client
