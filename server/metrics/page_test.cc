#include "server/metrics/page.h"

#include <gmock/gmock.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/support/http_get.h"
#include "tests/support/status_matchers.h"

namespace otpgate::metrics {
namespace {

using support::HttpGet;
using support::StatusIs;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST(PageTest, ServesTheMetricsAndNothingElse) {
  Metrics metrics({}, "1.2.3");
  const auto page = Page::Serve(metrics, "127.0.0.1:0");
  ASSERT_OK(page);
  const int port = (*page)->port();
  ASSERT_GT(port, 0);
  const std::string answer = support::HttpGet(port, "/metrics");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(answer, HasSubstr("Content-Type: text/plain"));
  EXPECT_THAT(answer, HasSubstr("otpgate_build_info{version=\"1.2.3\"} 1\n"));
  for (const char* path : {"/", "/other", "/../../etc/passwd"}) {
    EXPECT_THAT(support::HttpGet(port, path), Not(HasSubstr("200 OK"))) << path;
  }
}

TEST(PageTest, AnAddressThatIsTakenIsToldOf) {
  Metrics metrics({}, "1.2.3");
  const auto first = Page::Serve(metrics, "127.0.0.1:0");
  ASSERT_OK(first);
  const std::string taken = absl::StrCat("127.0.0.1:", (*first)->port());
  const auto second = Page::Serve(metrics, taken);
  EXPECT_THAT(second, support::StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(std::string(second.status().message()), HasSubstr(taken));
}

TEST(PageTest, EndsWithItsObject) {
  Metrics metrics({}, "1.2.3");
  auto page = Page::Serve(metrics, "127.0.0.1:0");
  ASSERT_OK(page);
  const int port = (*page)->port();
  page->reset();
  EXPECT_EQ(support::HttpGet(port, "/metrics"), "");
}

}  // namespace
}  // namespace otpgate::metrics
