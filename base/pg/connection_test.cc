#include "base/pg/connection.h"

#include <gmock/gmock.h>

#include <string>

#include "tests/support/status_matchers.h"

namespace otpgate::pg {
namespace {

using ::otpgate::support::StatusIs;
using ::testing::HasSubstr;
using ::testing::Not;

std::string With(const std::string& text) {
  const auto all = WithDefaults({.connection_string = text, .connect_timeout = absl::Seconds(7)});
  EXPECT_OK(all);
  return all.ok() ? all->ToText() : "";
}

TEST(WithDefaultsTest, FillsInWhatKeysAndValuesDoNotSay) {
  const std::string all = With("host=/run/pg connect_timeout=3");
  EXPECT_THAT(all, HasSubstr("host='/run/pg'"));
  EXPECT_THAT(all, HasSubstr("connect_timeout='3'"));
  EXPECT_THAT(all, Not(HasSubstr("connect_timeout='7'")));
  EXPECT_THAT(all, HasSubstr("client_encoding='UTF8'"));
  EXPECT_THAT(all, HasSubstr("fallback_application_name='otpgate'"));
  EXPECT_THAT(all, HasSubstr("keepalives_idle='5' keepalives_interval='2'"));
}

TEST(WithDefaultsTest, FillsInWhatAUriDoesNotSay) {
  const std::string plain = With("postgresql://app@db/otpgate");
  EXPECT_THAT(plain, HasSubstr("dbname='otpgate'"));
  EXPECT_THAT(plain, HasSubstr("client_encoding='UTF8'"));
  EXPECT_THAT(plain, HasSubstr("connect_timeout='7'"));

  const std::string more = With("postgres://app@db/otpgate?connect_timeout=3");
  EXPECT_THAT(more, HasSubstr("connect_timeout='3'"));
  EXPECT_THAT(more, Not(HasSubstr("connect_timeout='7'")));
}

TEST(WithDefaultsTest, AKeyInsideAValueIsNoKey) {
  const std::string password = With("postgresql://app:connect_timeout=@db/otpgate");
  EXPECT_THAT(password, HasSubstr("password='connect_timeout='"));
  EXPECT_THAT(password, HasSubstr(" connect_timeout='7'"));
  EXPECT_THAT(With("postgresql://app@db/otpgate?application_name=keepalives_idle%3D"),
              HasSubstr("keepalives_idle='5'"));
  EXPECT_THAT(With("postgresql://app@db/tcp_user_timeout="), HasSubstr("tcp_user_timeout='5000'"));
}

TEST(WithDefaultsTest, LeavesTcpAloneForLongStatements) {
  const auto all = WithDefaults({.connection_string = "host=db", .notice_silent_peer = false});
  ASSERT_OK(all);
  EXPECT_EQ(all->ToText(),
            "client_encoding='UTF8' connect_timeout='2' fallback_application_name='otpgate'"
            " host='db'");
}

TEST(ConnectionTest, WhoSeesThatItsStringIsNotUnderstood) {
  const absl::Status service = Connection::Open({.connection_string = "s3cret"}).status();
  EXPECT_EQ(service, absl::UnavailableError("connect: the connection string is not understood"));
  const absl::Status admin =
      Connection::Open({.connection_string = "s3cret", .error_reader = ErrorReader::kAdmin})
          .status();
  EXPECT_THAT(admin, support::StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(std::string(admin.message()), Not(HasSubstr("s3cret")));
}

}  // namespace
}  // namespace otpgate::pg
