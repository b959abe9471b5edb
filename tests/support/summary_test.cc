#include "tests/support/summary.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "tests/support/temp_folder.h"

namespace otpgate::support {
namespace {

class SummaryTest : public ::testing::Test {
 protected:
  SummaryTest() {
    const char* path = std::getenv("OTPGATE_TEST_SUMMARY");
    if (path != nullptr) before_ = path;
    setenv("OTPGATE_TEST_SUMMARY", folder_.Path("summary").c_str(), 1);
  }
  ~SummaryTest() override { setenv("OTPGATE_TEST_SUMMARY", before_.c_str(), 1); }

  std::string Written() const {
    std::ostringstream text;
    text << std::ifstream(folder_.Path("summary")).rdbuf();
    return text.str();
  }

 private:
  const TempFolder folder_;
  std::string before_;
};

TEST_F(SummaryTest, LinesAreAppended) {
  AppendSummary("one: 1 trial, 0 violations");
  AppendSummary("two");
  EXPECT_EQ(Written(), "one: 1 trial, 0 violations\ntwo\n");
}

TEST_F(SummaryTest, WithoutAFileNothingIsWritten) {
  setenv("OTPGATE_TEST_SUMMARY", "", 1);
  AppendSummary("lost");
  EXPECT_EQ(Written(), "");
}

}  // namespace
}  // namespace otpgate::support
