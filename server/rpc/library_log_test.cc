#include "server/rpc/library_log.h"

#include <gmock/gmock.h>
#include <grpc/support/log.h>
#include <gtest/gtest.h>

#include "tests/support/captured_log.h"
#include "tests/support/fake_clock.h"

namespace otpgate::rpc {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(GrpcLogTest, ErrorsOfTheLibraryBecomeWarningsOfOurs) {
  support::FakeClock clock;
  support::CapturedLog lines;
  Log log(&lines, &clock);
  {
    const GrpcLogRedirect ours(&log);
    gpr_log(GPR_ERROR, "broken \"%s\"\nline", "thing");
    gpr_log(GPR_INFO, "of no interest");
  }
  gpr_log(GPR_ERROR, "not ours any more");
  ASSERT_EQ(lines.Lines().size(), 1u);
  EXPECT_THAT(lines.Lines()[0],
              AllOf(HasSubstr("\"level\":\"warning\""), HasSubstr("\"event\":\"GRPC\""),
                    HasSubstr(R"(broken \"thing\"\nline)")));
}

}  // namespace
}  // namespace otpgate::rpc
