#include "server/config/field.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/match.h"
#include "server/config/keys.h"
#include "tests/support/status_matchers.h"

namespace otpgate::config {
namespace {

struct ValueCase {
  const char* name;
  const char* key;
  std::string text;
  const char* canonical;  // null: `text` is refused
};

class FieldTest : public ::testing::TestWithParam<ValueCase> {};

TEST_P(FieldTest, ReadsWithinBoundsAndWritesWhatItReads) {
  const ValueCase& test = GetParam();
  const Key* key = FindKey(test.key);
  ASSERT_NE(key, nullptr);
  Config config;
  const absl::Status set = SetValue(key->field, test.text, config);
  if (test.canonical == nullptr) {
    EXPECT_THAT(set, support::StatusIs(absl::StatusCode::kInvalidArgument));
    EXPECT_TRUE(absl::StrContains(set.message(), Bounds(key->field)));
    EXPECT_EQ(FormatValue(key->field, config), FormatValue(key->field, Config()));
    return;
  }
  ASSERT_OK(set);
  EXPECT_EQ(FormatValue(key->field, config), test.canonical);
  EXPECT_OK(SetValue(key->field, test.canonical, config));
  EXPECT_EQ(FormatValue(key->field, config), test.canonical);
}

INSTANTIATE_TEST_SUITE_P(
    Values, FieldTest,
    ::testing::Values(ValueCase{"True", "use_database", "True", "true"},
                      ValueCase{"One", "enable_real_otp", "1", "true"},
                      ValueCase{"Zero", "use_database", "0", "false"},
                      ValueCase{"NotBool", "use_database", "maybe", nullptr},
                      ValueCase{"IntLeast", "otp.digits", "6", "6"},
                      ValueCase{"IntMost", "otp.digits", "10", "10"},
                      ValueCase{"IntBelow", "otp.digits", "5", nullptr},
                      ValueCase{"IntAbove", "otp.digits", "11", nullptr},
                      ValueCase{"IntHuge", "otp.digits", "99999999999999999999", nullptr},
                      ValueCase{"IntWraps", "otp.digits", "4294967302", nullptr},
                      ValueCase{"IntFraction", "otp.digits", "6.5", nullptr},
                      ValueCase{"IntNegative", "otp.max_attempts", "-1", nullptr},
                      ValueCase{"IntEmpty", "otp.digits", "", nullptr},
                      ValueCase{"Seconds", "otp.ttl", "600s", "10m"},
                      ValueCase{"Mixed", "otp.ttl", "1m30s", "1m30s"},
                      ValueCase{"Days", "sessions.idle", "14d", "14d"},
                      ValueCase{"Hours", "sessions.idle", "336h", "14d"},
                      ValueCase{"Zero_", "listen.drain_delay", "0", "0s"},
                      ValueCase{"NoUnit", "otp.ttl", "300", nullptr},
                      ValueCase{"Infinite", "otp.ttl", "inf", nullptr},
                      ValueCase{"NegativeTime", "otp.ttl", "-5m", nullptr},
                      ValueCase{"ManyDays", "sessions.idle", "2000000000d", nullptr},
                      ValueCase{"NotATime", "otp.ttl", "soon", nullptr},
                      ValueCase{"Rate", "limits.sends", "5/1h", "5/1h"},
                      ValueCase{"RateNone", "limits.sends", "0/1h", nullptr},
                      ValueCase{"RateMany", "limits.sends", "31/1h", nullptr},
                      ValueCase{"RateLong", "limits.sends", "3/25h", nullptr},
                      ValueCase{"RateShort", "limits.sends", "3/0s", nullptr},
                      ValueCase{"RateHalf", "limits.sends", "3", nullptr},
                      ValueCase{"Text", "tokens.issuer", "https://x.test", "https://x.test"},
                      ValueCase{"TextEmpty", "tokens.issuer", "", nullptr},
                      ValueCase{"List", "tokens.live_audiences", "a, b", "a,b"},
                      ValueCase{"ListEmpty", "tokens.live_audiences", "", nullptr},
                      ValueCase{"ListHole", "tokens.live_audiences", "a,,b", nullptr},
                      ValueCase{"Choice", "environment", "production", "production"},
                      ValueCase{"ChoiceCase", "environment", "Production", nullptr},
                      ValueCase{"ChoiceUnknown", "environment", "staging", nullptr}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(FieldErrorTest, NamesValueAndBoundsButNoTexts) {
  Config config;
  EXPECT_EQ(SetValue(FindKey("otp.ttl")->field, "1h", config).message(),
            "\"1h\" must be 30s to 10m");
  const absl::Status url = SetValue(FindKey("database.url")->field, "password=hunter2", config);
  EXPECT_FALSE(absl::StrContains(url.message(), "hunter2")) << url;
  const absl::Status line =
      SetValue(FindKey("otp.ttl")->field, "1\n2\x1b" + std::string(999, 'x'), config);
  EXPECT_FALSE(absl::StrContains(line.message(), "\n"));
  EXPECT_LT(line.message().size(), 200u);
}

}  // namespace
}  // namespace otpgate::config
