#include "storage/postgres/connection_string.h"

#include <gmock/gmock.h>

#include <string>

namespace otpgate {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::string With(const std::string& connection) {
  return WithDefaults({.connection = connection, .connect_timeout = absl::Seconds(7)});
}

// libpq takes the last of two settings of one key.
TEST(ConnectionStringTest, PutsDefaultsBeforeKeysAndValues) {
  const std::string all = With("host=/run/pg connect_timeout=3");
  EXPECT_THAT(all, EndsWith(" host=/run/pg connect_timeout=3"));
  EXPECT_THAT(all, HasSubstr("connect_timeout=7 "));
  EXPECT_THAT(all, HasSubstr("client_encoding=UTF8 "));
}

TEST(ConnectionStringTest, AddsToAUriWhatItDoesNotSay) {
  const std::string plain = With("postgresql://app@db/otpgate");
  EXPECT_THAT(plain, StartsWith("postgresql://app@db/otpgate?client_encoding=UTF8&"));
  EXPECT_THAT(plain, HasSubstr("&connect_timeout=7&"));

  const std::string more = With("postgres://app@db/otpgate?connect_timeout=3");
  EXPECT_THAT(more,
              StartsWith("postgres://app@db/otpgate?connect_timeout=3&client_encoding=UTF8&"));
  EXPECT_THAT(more, Not(HasSubstr("connect_timeout=7")));
}

}  // namespace
}  // namespace otpgate
