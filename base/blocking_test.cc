#include "base/blocking.h"

#include <gtest/gtest.h>

#include <thread>

namespace otpgate {
namespace {

TEST(BlockingTest, AScopeForbidsItsOwnThreadAlone) {
  EXPECT_FALSE(NoBlockingScope::Active());
  NoBlockingScope scope;
  EXPECT_TRUE(NoBlockingScope::Active());
  bool elsewhere = true;
  std::thread([&elsewhere] { elsewhere = NoBlockingScope::Active(); }).join();
  EXPECT_FALSE(elsewhere);
}

TEST(BlockingTest, ScopesNest) {
  NoBlockingScope outer;
  { NoBlockingScope inner; }
  EXPECT_TRUE(NoBlockingScope::Active());
}

TEST(BlockingTest, WaitingIsAllowedOutside) {
  { NoBlockingScope scope; }
  AssertMayBlock();
}

#ifndef NDEBUG
TEST(BlockingDeathTest, DebugBuildsEndAtAWaitInside) {
  EXPECT_DEATH(
      {
        NoBlockingScope scope;
        AssertMayBlock();
      },
      "broken invariant");
}
#endif

}  // namespace
}  // namespace otpgate
