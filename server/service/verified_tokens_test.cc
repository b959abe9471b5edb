#include "server/service/verified_tokens.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace otpgate::service {
namespace {

VerifiedTokens::Opened Opened(const std::string& kid) {
  return std::make_shared<const crypto::SignedClaims>(crypto::SignedClaims{kid, {}});
}

TEST(VerifiedTokensTest, FindsWhatWasAddedAndNothingElse) {
  VerifiedTokens tokens(2);
  EXPECT_EQ(tokens.Find("a"), nullptr);
  tokens.Add("a", Opened("k1"));
  ASSERT_NE(tokens.Find("a"), nullptr);
  EXPECT_EQ(tokens.Find("a")->kid, "k1");
  EXPECT_EQ(tokens.Find("b"), nullptr);
}

TEST(VerifiedTokensTest, KeepsTheLastAndForgetsTheOldest) {
  constexpr int kMost = 10;
  VerifiedTokens tokens(kMost);
  for (int i = 0; i < 1000; ++i) tokens.Add(absl::StrCat(i), Opened("k1"));
  int kept = 0;
  for (int i = 0; i < 1000; ++i) kept += tokens.Find(absl::StrCat(i)) != nullptr ? 1 : 0;
  EXPECT_GE(kept, kMost);
  EXPECT_LE(kept, 2 * kMost);
}

TEST(VerifiedTokensTest, OneThatIsAskedForStays) {
  VerifiedTokens tokens(4);
  tokens.Add("asked", Opened("k1"));
  for (int i = 0; i < 100; ++i) {
    tokens.Add(absl::StrCat(i), Opened("k1"));
    ASSERT_NE(tokens.Find("asked"), nullptr) << i;
  }
}

}  // namespace
}  // namespace otpgate::service
