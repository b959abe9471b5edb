#include "base/pg/connection_string.h"

#include <gmock/gmock.h>

#include "tests/support/status_matchers.h"

namespace otpgate::pg {
namespace {

using ::otpgate::support::StatusIs;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(ConnectionStringTest, BothFormsAreRead) {
  for (const char* text : {"host=db port=5433 dbname=otp user=jo password=s3cret",
                           "postgresql://jo:s3cret@db:5433/otp"}) {
    const auto parsed = ConnectionString::Parse(text);
    ASSERT_OK(parsed);
    EXPECT_EQ(parsed->ToText(), "dbname='otp' host='db' password='s3cret' port='5433' user='jo'");
    EXPECT_EQ(parsed->Display(), "database otp at db:5433 as jo");
  }
}

TEST(ConnectionStringTest, WhatItSaysWinsOverOurDefaults) {
  auto parsed = ConnectionString::Parse("host=db connect_timeout=1");
  ASSERT_OK(parsed);
  parsed->SetDefault("connect_timeout", "5");
  parsed->SetDefault("port", "5433");
  EXPECT_EQ(parsed->ToText(), "connect_timeout='1' host='db' port='5433'");
}

TEST(ConnectionStringTest, QuotesAndBackslashesSurvive) {
  const auto with = WithPassword("host=db", R"(it's \ me)");
  ASSERT_OK(with);
  EXPECT_EQ(*with, R"(host='db' password='it\'s \\ me')");
  const auto parsed = ConnectionString::Parse(*with);
  ASSERT_OK(parsed);
  EXPECT_THAT(parsed->ToText(), HasSubstr(R"(password='it\'s \\ me')"));
}

TEST(ConnectionStringTest, AnotherUserBringsItsOwnPassword) {
  const auto with = WithUser("postgresql://jo:s3cret@db/otp", "ann");
  ASSERT_OK(with);
  EXPECT_EQ(*with, "dbname='otp' host='db' user='ann'");
  EXPECT_THAT(WithUser("nonsense", "ann"), support::StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(ConnectionStringTest, ABadTextIsNotRepeated) {
  for (const char* text : {"password=s3 cret host=db", "host=db s3cret",
                           "postgresql://jo:s3cret@[db/otp", "postgresql://db/otp?s3cret=1"}) {
    const auto parsed = ConnectionString::Parse(text);
    ASSERT_THAT(parsed, support::StatusIs(absl::StatusCode::kInvalidArgument)) << text;
    EXPECT_THAT(std::string(parsed.status().message()), Not(HasSubstr("cret")));
    EXPECT_THAT(WithPassword(text, "x"), support::StatusIs(absl::StatusCode::kInvalidArgument));
  }
}

}  // namespace
}  // namespace otpgate::pg
