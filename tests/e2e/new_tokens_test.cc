// Access tokens that a server has not seen before: separate threads check their signatures.
#include <atomic>
#include <string>

#include "tests/e2e/forgery_fixture.h"
#include "tests/support/contend.h"
#include "tests/support/trials.h"

namespace otpgate::e2e {
namespace {

class NewTokensTest : public ForgeryFixture {};

// Each call is answered or came too late, and the server ends cleanly.
TEST_F(NewTokensTest, SigtermAnswersThoseThatWaitAndEndsWithZero) {
  constexpr int kCallers = 32;
  const support::CallOptions now{.wait_for_ready = false};
  for (int64_t trial = 0; trial < support::Trials(5); ++trial) {
    if (trial > 0) deployment_.Replace(0);
    std::atomic<int> answered = 0;
    std::atomic<int> connected = 0;
    std::atomic<bool> ending = false;
    support::Contend(kCallers, [&](int i) {
      support::AuthClient own(deployment_.server(0).port());
      for (int n = 0; n < 10'000; ++n) {
        const auto answer =
            own.IntrospectToken(WithClaim("jti", absl::StrCat(trial, "-", i, "-", n)),
                                n == 0 ? support::CallOptions() : now);
        // gRPC refuses late calls with one of these codes; the server itself would give a reason.
        if (!answer.ok() && answer.reason.empty()) {
          EXPECT_TRUE(answer.code == absl::StatusCode::kUnavailable ||
                      answer.code == absl::StatusCode::kCancelled)
              << answer.message;
          return;
        }
        ASSERT_TRUE(answer.ok()) << answer.message;
        EXPECT_TRUE(answer.reply.active());
        connected += n == 0;
        // A caller that connects later would wait for a server that has ended.
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
}  // namespace otpgate::e2e
