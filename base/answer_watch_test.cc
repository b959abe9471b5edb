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
  AnswerWatch::Socket socket(&watch, pair.mine());
  const AnswerWatch::Waiting waiting(socket);
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
  const AnswerWatch::Socket idle_socket(&watch, idle.mine());
  AnswerWatch::Socket answered_socket(&watch, answered.mine());
  AnswerWatch::Socket late_socket(&watch, late.mine());
  const AnswerWatch::Waiting waiting(late_socket);
  std::make_unique<AnswerWatch::Waiting>(answered_socket).reset();
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
    AnswerWatch::Socket socket(&watch, pair.mine());
    const AnswerWatch::Waiting waiting(socket);
  }
  const Pair other;
  AnswerWatch::Socket other_socket(&watch, other.mine());
  const AnswerWatch::Waiting waiting(other_socket);
  clock.Advance(kTimeout);
  EXPECT_TRUE(other.HungUpWithin(10'000));
  EXPECT_FALSE(pair.HungUpWithin(0));
}

TEST(AnswerWatchTest, WithoutAWatchNothingEnds) {
  const Pair pair;
  AnswerWatch::Socket socket(nullptr, pair.mine());
  const AnswerWatch::Waiting waiting(socket);
  EXPECT_FALSE(pair.HungUpWithin(0));
}

}  // namespace
}  // namespace otpgate
