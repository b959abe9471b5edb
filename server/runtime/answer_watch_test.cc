#include "server/runtime/answer_watch.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <memory>

#include "tests/support/fake_clock.h"

namespace otpgate {
namespace {

constexpr absl::Duration kPatience = absl::Milliseconds(40);

// Both ends of a connection.
class Pair {
 public:
  Pair() { EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends_.data()), 0); }
  ~Pair() {
    for (const int end : ends_) close(end);
  }
  Pair(const Pair&) = delete;
  Pair& operator=(const Pair&) = delete;

  int mine() const { return ends_[0]; }
  bool HungUpWithin(int milliseconds) const {
    pollfd other{ends_[1], POLLRDHUP, 0};
    return poll(&other, 1, milliseconds) == 1;
  }

 private:
  std::array<int, 2> ends_ = {-1, -1};
};

TEST(AnswerWatchTest, EndsAWaitThatLastsTooLong) {
  const SystemClock clock;
  AnswerWatch watch(kPatience, clock);
  const Pair pair;
  AnswerWatch::Line line(&watch, pair.mine());
  const AnswerWatch::Waiting waiting(line);
  std::byte byte = {};
  EXPECT_EQ(read(pair.mine(), &byte, 1), 0);  // would block for ever
}

// Time stands still but for what the test moves, while the watch looks every 10 ms.
TEST(AnswerWatchTest, LeavesAloneWhoDoesNotWaitOrNotLong) {
  testing::FakeClock clock;
  AnswerWatch watch(kPatience, clock);
  const Pair idle;
  const Pair answered;
  const Pair late;
  const AnswerWatch::Line idle_line(&watch, idle.mine());
  AnswerWatch::Line answered_line(&watch, answered.mine());
  AnswerWatch::Line late_line(&watch, late.mine());
  const AnswerWatch::Waiting waiting(late_line);
  std::make_unique<AnswerWatch::Waiting>(answered_line).reset();
  clock.Advance(kPatience - absl::Nanoseconds(1));
  EXPECT_FALSE(late.HungUpWithin(50));
  clock.Advance(absl::Nanoseconds(1));
  EXPECT_TRUE(late.HungUpWithin(10'000));
  EXPECT_FALSE(idle.HungUpWithin(0));
  EXPECT_FALSE(answered.HungUpWithin(0));
}

TEST(AnswerWatchTest, ALineThatEndedIsForgotten) {
  testing::FakeClock clock;
  AnswerWatch watch(kPatience, clock);
  const Pair pair;
  {
    AnswerWatch::Line line(&watch, pair.mine());
    const AnswerWatch::Waiting waiting(line);
  }
  const Pair other;
  AnswerWatch::Line other_line(&watch, other.mine());
  const AnswerWatch::Waiting waiting(other_line);
  clock.Advance(kPatience);
  EXPECT_TRUE(other.HungUpWithin(10'000));
  EXPECT_FALSE(pair.HungUpWithin(0));
}

TEST(AnswerWatchTest, WithoutAWatchNothingEnds) {
  const Pair pair;
  AnswerWatch::Line line(nullptr, pair.mine());
  const AnswerWatch::Waiting waiting(line);
  EXPECT_FALSE(pair.HungUpWithin(0));
}

}  // namespace
}  // namespace otpgate
