// Access tokens that a server has not seen before: their signatures wait for threads of their own.
#include <atomic>
#include <string>

#include "tests/e2e/forgery_fixture.h"
#include "tests/support/contend.h"
#include "tests/support/trials.h"

namespace otpgate::testing {
namespace {

class NewTokensTest : public ForgeryFixture {};

// Each call is answered or came too late, and nothing is left to run when all is torn down.
TEST_F(NewTokensTest, SigtermAnswersThoseThatWaitAndEndsWithZero) {
  constexpr int kCallers = 32;
  const CallOptions now{.wait_for_ready = false};
  for (int64_t trial = 0; trial < Trials(5); ++trial) {
    if (trial > 0) deployment_.Replace(0);
    std::atomic<int> answered = 0;
    std::atomic<int> connected = 0;
    std::atomic<bool> ending = false;
    Contend(kCallers, [&](int i) {
      AuthClient own(deployment_.server(0).port());
      for (int n = 0; n < 10'000; ++n) {
        const auto answer = own.IntrospectToken(
            WithClaim("jti", absl::StrCat(trial, "-", i, "-", n)), n == 0 ? CallOptions() : now);
        // gRPC refuses what comes too late with one or the other; the server itself gives a reason.
        if (!answer.ok() && answer.reason.empty()) {
          EXPECT_TRUE(answer.code == absl::StatusCode::kUnavailable ||
                      answer.code == absl::StatusCode::kCancelled)
              << answer.message;
          return;
        }
        ASSERT_TRUE(answer.ok()) << answer.message;
        EXPECT_TRUE(answer.reply.active());
        connected += n == 0;
        // Whoever came later would wait for a server that is gone.
        if (++answered >= 3 * kCallers && connected == kCallers && !ending.exchange(true)) {
          deployment_.server(0).Signal(SIGTERM);
        }
      }
      ADD_FAILURE() << "the server did not end";
    });
    EXPECT_EQ(deployment_.server(0).Wait(), 0);
    EXPECT_TRUE(deployment_.server(0).WaitForEvent("STOPPED"));
  }
}

}  // namespace
}  // namespace otpgate::testing
