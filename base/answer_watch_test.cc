#include "base/answer_watch.h"

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

constexpr absl::Duration kTimeout = absl::Milliseconds(40);

// A connection with both its ends.
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
  AnswerWatch watch(kTimeout, clock);
  const Pair pair;
  AnswerWatch::Line line(&watch, pair.mine());
  const AnswerWatch::Waiting waiting(line);
  std::byte byte = {};
  EXPECT_EQ(read(pair.mine(), &byte, 1), 0);  // would block for ever
}

// Only the test moves the clock; the watch checks every 10 ms of real time.
TEST(AnswerWatchTest, LeavesAloneWhoDoesNotWaitOrNotLong) {
  support::FakeClock clock;
  AnswerWatch watch(kTimeout, clock);
  const Pair idle;
  const Pair answered;
  const Pair late;
  const AnswerWatch::Line idle_line(&watch, idle.mine());
  AnswerWatch::Line answered_line(&watch, answered.mine());
  AnswerWatch::Line late_line(&watch, late.mine());
  const AnswerWatch::Waiting waiting(late_line);
  std::make_unique<AnswerWatch::Waiting>(answered_line).reset();
  clock.Advance(kTimeout - absl::Nanoseconds(1));
  EXPECT_FALSE(late.HungUpWithin(50));
  clock.Advance(absl::Nanoseconds(1));
  EXPECT_TRUE(late.HungUpWithin(10'000));
  EXPECT_FALSE(idle.HungUpWithin(0));
  EXPECT_FALSE(answered.HungUpWithin(0));
}

TEST(AnswerWatchTest, ALineThatEndedIsForgotten) {
  support::FakeClock clock;
  AnswerWatch watch(kTimeout, clock);
  const Pair pair;
  {
    AnswerWatch::Line line(&watch, pair.mine());
    const AnswerWatch::Waiting waiting(line);
  }
  const Pair other;
  AnswerWatch::Line other_line(&watch, other.mine());
  const AnswerWatch::Waiting waiting(other_line);
  clock.Advance(kTimeout);
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
