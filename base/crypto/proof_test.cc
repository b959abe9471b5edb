#include "base/crypto/proof.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/crypto/base64url.h"
#include "base/crypto/jws.h"
#include "base/crypto/strict_json.h"
#include "base/crypto/test_claims.h"
#include "tests/support/sample_values.h"
#include "tests/support/status_matchers.h"

namespace otpgate::crypto {
namespace {

ProofClaims SampleProof() {
  return {.iss = "https://auth.example.com/verification",
          .sub = "+14155550123",
          .aud = "verification:shop",
          .exp = support::kNow + absl::Minutes(10),
          .iat = support::kNow,
          .jti = "id",
          .user_type = "live"};
}

class ProofTest : public ::testing::Test {
 protected:
  const VerifyKey* Find(absl::string_view kid) const {
    return kid == key_.kid() ? &key_.public_key() : nullptr;
  }
  absl::StatusOr<ProofClaims> Verify(const std::string& proof,
                                     absl::Time now = support::kNow) const {
    return VerifyProof(
        proof, [this](absl::string_view kid) { return Find(kid); }, now, options_);
  }
  void ExpectRefused(const std::string& proof) const {
    EXPECT_THAT(Verify(proof), support::StatusIs(absl::StatusCode::kUnauthenticated));
  }

  const SigningKey key_ = SigningKey::Generate();
  ProofOptions options_{.issuer = "https://auth.example.com", .caller = "shop"};
};

TEST_F(ProofTest, AGoodProofGivesItsClaims) {
  const auto claims = Verify(SignProof(key_, SampleProof()));
  ASSERT_OK(claims);
  EXPECT_EQ(*claims, SampleProof());
}

TEST_F(ProofTest, E7_IsOfOneIssuerForOneCaller) {
  for (const char* issuer : {"", "https://auth.example.com", "/verification",
                             "https://auth.example.com/verification/"}) {
    ProofClaims claims = SampleProof();
    claims.iss = issuer;
    ExpectRefused(SignProof(key_, claims));
  }
  for (const char* audience : {"", "shop", "verification:", "verification:shop2", "otpgate"}) {
    ProofClaims claims = SampleProof();
    claims.aud = audience;
    ExpectRefused(SignProof(key_, claims));
  }
}

TEST_F(ProofTest, E6_TimesAreExactToTheLeeway) {
  const std::string proof = SignProof(key_, SampleProof());
  EXPECT_OK(Verify(proof, support::kNow - absl::Seconds(10)));
  EXPECT_FALSE(Verify(proof, support::kNow - absl::Seconds(11)).ok());
  const absl::Time end = support::kNow + absl::Minutes(10) + absl::Seconds(10);
  EXPECT_OK(Verify(proof, end - absl::Nanoseconds(1)));
  EXPECT_FALSE(Verify(proof, end).ok());
}

TEST_F(ProofTest, E4_EveryChangedCharacterIsRefused) {
  const std::string proof = SignProof(key_, SampleProof());
  for (size_t i = 0; i < proof.size(); ++i) {
    std::string changed = proof;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    ExpectRefused(changed);
  }
  ExpectRefused(SignProof(SigningKey::Generate(), SampleProof()));
}

TEST_F(ProofTest, E5_EveryClaimIsRequiredWithItsType) {
  const std::vector<std::string> parts = absl::StrSplit(SignProof(key_, SampleProof()), '.');
  const nlohmann::json good = *ParseStrictObject(*Base64UrlDecode(parts[1]));
  EXPECT_OK(Verify(SignJwt(key_, kProof, good.dump())));
  for (const auto& member : good.items()) {
    nlohmann::json missing = good;
    missing.erase(member.key());
    ExpectRefused(SignJwt(key_, kProof, missing.dump()));
    nlohmann::json list = good;
    list[member.key()] = nlohmann::json::array({member.value()});
    ExpectRefused(SignJwt(key_, kProof, list.dump()));
  }
  ExpectRefused(SignJwt(key_, kProof, "[]"));
  ExpectRefused(SignJwt(key_, kProof, ""));
}

// The same key signs both kinds.
TEST_F(ProofTest, E5_NeitherKindPassesForTheOther) {
  AccessClaims access = TestClaims(support::kNow);
  access.iss = SampleProof().iss;
  access.aud = {SampleProof().aud};
  ExpectRefused(SignAccessToken(key_, access));
  const VerifyOptions options{.issuer = SampleProof().iss, .audiences = {SampleProof().aud}};
  const auto find = [this](absl::string_view kid) { return Find(kid); };
  EXPECT_OK(VerifyAccessToken(SignAccessToken(key_, access), find, support::kNow, options));
  EXPECT_FALSE(
      VerifyAccessToken(SignProof(key_, SampleProof()), find, support::kNow, options).ok());
}

}  // namespace
}  // namespace otpgate::crypto
