#include "server/rpc/health_board.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace otpgate::rpc {
namespace {

using ::testing::ElementsAre;

class Recorder final : public HealthBoard::Watcher {
 public:
  void OnHealth(Health health) override { seen.push_back(health); }
  void OnClosed() override { ++closed; }

  std::vector<Health> seen;
  int closed = 0;
};

TEST(HealthBoardTest, StartsAsNotServing) {
  HealthBoard board({"a.B"});
  EXPECT_EQ(board.Of(""), Health::kNotServing);
  EXPECT_EQ(board.Of("a.B"), Health::kNotServing);
  EXPECT_EQ(board.Of("a.C"), Health::kServiceUnknown);
}

TEST(HealthBoardTest, AllServicesFlipTogether) {
  HealthBoard board({"a.B"});
  board.SetServing(true);
  EXPECT_EQ(board.Of(""), Health::kServing);
  EXPECT_EQ(board.Of("a.B"), Health::kServing);
  EXPECT_EQ(board.Of("a.C"), Health::kServiceUnknown);
}

TEST(HealthBoardTest, ARetiredBoardStaysNotServing) {
  HealthBoard board({});
  board.SetServing(true);
  board.Retire();
  board.SetServing(true);
  EXPECT_EQ(board.Of(""), Health::kNotServing);
}

TEST(HealthBoardTest, WatchersAreToldThePresentAndEachChange) {
  HealthBoard board({"a.B"});
  Recorder known, unknown;
  board.Watch("a.B", &known);
  board.Watch("a.C", &unknown);
  board.SetServing(true);
  board.SetServing(true);
  board.SetServing(false);
  EXPECT_THAT(known.seen, ElementsAre(Health::kNotServing, Health::kServing, Health::kNotServing));
  EXPECT_THAT(unknown.seen, ElementsAre(Health::kServiceUnknown));
}

TEST(HealthBoardTest, AWatcherThatLeftIsNotTold) {
  HealthBoard board({});
  Recorder watcher;
  board.Watch("", &watcher);
  board.Unwatch(&watcher);
  board.SetServing(true);
  board.Close();
  EXPECT_THAT(watcher.seen, ElementsAre(Health::kNotServing));
  EXPECT_EQ(watcher.closed, 0);
}

TEST(HealthBoardTest, ClosingSendsPresentAndFutureWatchersAway) {
  HealthBoard board({});
  Recorder early, late;
  board.Watch("", &early);
  board.Close();
  board.Watch("unknown", &late);
  EXPECT_EQ(early.closed, 1);
  EXPECT_EQ(late.closed, 1);
}

}  // namespace
}  // namespace otpgate::rpc
