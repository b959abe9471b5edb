#include "base/buffered_log_sink.h"

#include <gmock/gmock.h>

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/support/fake_clock.h"

namespace otpgate {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::Le;
using ::testing::SizeIs;

// Keeps each piece it gets.
class Pieces final : public LogSink {
 public:
  void Write(absl::string_view lines) override {
    absl::MutexLock lock(&mu_);
    pieces_.emplace_back(lines);
  }
  std::vector<std::string> All() const {
    absl::MutexLock lock(&mu_);
    return pieces_;
  }
  void WaitForOne() const {
    absl::MutexLock lock(&mu_);
    mu_.Await(absl::Condition(
        +[](const Pieces* pieces)
             ABSL_EXCLUSIVE_LOCKS_REQUIRED(pieces->mu_) { return !pieces->pieces_.empty(); },
        this));
  }

 private:
  mutable absl::Mutex mu_;
  std::vector<std::string> pieces_ ABSL_GUARDED_BY(mu_);
};

constexpr absl::Duration kNever = absl::Hours(1);

TEST(BufferedLogSinkTest, HandsOverSoonWithoutBeingTold) {
  Pieces pieces;
  BufferedLogSink sink(&pieces, absl::Milliseconds(1));
  sink.Write("a\n");
  pieces.WaitForOne();
  EXPECT_THAT(pieces.All(), ElementsAre("a\n"));
}

TEST(BufferedLogSinkTest, GathersTheLinesOfAMomentInOrder) {
  Pieces pieces;
  {
    BufferedLogSink sink(&pieces, kNever);
    sink.Write("a\n");
    sink.Write("b\n");
    EXPECT_THAT(pieces.All(), SizeIs(0));
    sink.Flush();
    EXPECT_THAT(pieces.All(), ElementsAre("a\nb\n"));
    sink.Write("c\n");
  }
  EXPECT_THAT(pieces.All(), ElementsAre("a\nb\n", "c\n"));
}

TEST(BufferedLogSinkTest, PiecesAreWholeLinesAndFitAPipe) {
  Pieces pieces;
  std::string all;
  {
    BufferedLogSink sink(&pieces, kNever);
    for (int i = 0; i < 3000; ++i) {
      const std::string line = absl::StrCat(i, std::string(i % 7 == 0 ? 4000 : 100, '.'), "\n");
      all += line;
      sink.Write(line);  // more than the buffer holds
    }
  }
  std::string handed;
  for (const std::string& piece : pieces.All()) {
    ASSERT_THAT(piece, EndsWith("\n"));
    ASSERT_THAT(piece.size(), Le(Log::kMaxLineBytes));
    handed += piece;
  }
  EXPECT_EQ(handed, all);
}

TEST(BufferedLogSinkTest, NothingWaitsBehindAWarning) {
  Pieces pieces;
  BufferedLogSink sink(&pieces, kNever);
  support::FakeClock clock;
  Log log(&sink, &clock);
  log.Info("FIRST");
  EXPECT_THAT(pieces.All(), SizeIs(0));
  log.Warning("SECOND");
  ASSERT_THAT(pieces.All(), SizeIs(1));
  EXPECT_EQ(std::vector<std::string>(absl::StrSplit(pieces.All()[0], '\n')).size(), 3u);
}

TEST(BufferedLogSinkTest, LosesNoLineOfManyThreads) {
  Pieces pieces;
  constexpr int kThreads = 4, kLines = 2000;
  {
    BufferedLogSink sink(&pieces, absl::Microseconds(100));
    std::vector<std::thread> threads;
    threads.reserve(kThreads);
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < kLines; ++i) sink.Write("line\n");
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
  size_t bytes = 0;
  for (const std::string& piece : pieces.All()) bytes += piece.size();
  EXPECT_EQ(bytes, size_t{kThreads} * kLines * 5);
}

}  // namespace
}  // namespace otpgate
