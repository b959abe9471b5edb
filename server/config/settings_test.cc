#include "server/config/settings.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

namespace otpgate::config {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::vector<std::string> Lines(const Settings& settings) {
  std::vector<std::string> lines;
  for (const Setting& setting : settings.values) {
    lines.push_back(absl::StrCat(setting.key->name, "=", setting.text, " from ", setting.source));
  }
  return lines;
}

TEST(EnvironmentTest, ReadsKeysAndOlderNames) {
  const Settings settings = FromEnvironment({{"OTPGATE_OTP_DIGITS", "8"},
                                             {"ENABLE_REAL_OTP", "true"},
                                             {"USE_DATABASE", "false"},
                                             {"OTPGATE_USE_DATABASE", "false"},
                                             {"OTPGATE_LOG_LEVEL", ""},
                                             {"HOME", "/nowhere"}});
  EXPECT_THAT(settings.problems, IsEmpty());
  EXPECT_THAT(Lines(settings),
              ElementsAre("otp.digits=8 from environment OTPGATE_OTP_DIGITS",
                          "use_database=false from environment OTPGATE_USE_DATABASE",
                          "enable_real_otp=true from environment ENABLE_REAL_OTP"));
}

TEST(EnvironmentTest, UnknownAndContradictingNamesAreProblemsWithoutValues) {
  const Settings settings = FromEnvironment({{"OTPGATE_DATABASE_PASSWORD", "hunter2"},
                                             {"OTPGATE_OTP_DIGIT", "8"},
                                             {"ENABLE_RATE_LIMIT", "false"},
                                             {"OTPGATE_ENABLE_RATE_LIMIT", "true"}});
  EXPECT_THAT(
      settings.problems,
      ElementsAre("environment OTPGATE_DATABASE_PASSWORD: no such key (did you mean "
                  "OTPGATE_DATABASE_PASSWORD_FILE?)",
                  "environment OTPGATE_OTP_DIGIT: no such key (did you mean OTPGATE_OTP_DIGITS?)",
                  "environment ENABLE_RATE_LIMIT and OTPGATE_ENABLE_RATE_LIMIT contradict each "
                  "other"));
}

TEST(EnvironmentTest, LeavesOthersTheirVariables) {
  const Settings settings = FromEnvironment({{"OTPGATE_CONFIG", "x.toml"},
                                             {"OTPGATE_TRIALS", "9"},
                                             {"OTPGATE_TEST_KNOB", "9"},
                                             {"OTPGATE_GATEWAY_LISTEN", "127.0.0.1:8080"},
                                             {"OTPGATE_SERVICE_HOST", "10.0.0.1"},
                                             {"OTPGATE_SERVICE_PORT", "50051"},
                                             {"OTPGATE_SERVICE_PORT_GRPC", "50051"},
                                             {"OTPGATE_PORT", "50052"},
                                             {"OTPGATE_HTTP_PORT", "8081"},
                                             {"OTPGATE_GATEWAY_PORT", "tcp://10.0.0.1:80"},
                                             {"OTPGATE_PORT_50051_TCP", "tcp://10.0.0.1:50051"},
                                             {"OTPGATE_PORT_50051_TCP_ADDR", "10.0.0.1"},
                                             {"OTPGATE_GATEWAY_SERVICE_HOST", "10.0.0.2"}});
  EXPECT_THAT(settings.problems, IsEmpty());
  EXPECT_THAT(Lines(settings), IsEmpty());
}

TEST(TomlTest, ReadsEveryTypeWithItsLine) {
  const Settings settings = FromToml(R"(
environment = "production"
use_database = true
[otp]
digits = 8
ttl = "10m"
[tokens]
live_audiences = ["a", "b"]
[[clients]]
id = "gateway"
secret_mac_file = "gateway.mac"
methods = ["*"]
may_forward_client_ip = true
[[clients]]
id = "other"
san = "spiffe://example.com/other"
)",
                                     "x.toml");
  EXPECT_THAT(settings.problems, IsEmpty());
  EXPECT_THAT(Lines(settings),
              ::testing::UnorderedElementsAre("environment=production from file x.toml:2",
                                              "use_database=true from file x.toml:3",
                                              "otp.digits=8 from file x.toml:5",
                                              "otp.ttl=10m from file x.toml:6",
                                              "tokens.live_audiences=a,b from file x.toml:8"));
  ASSERT_EQ(settings.callers.size(), 2u);
  EXPECT_EQ(settings.callers[0].id, "gateway");
  EXPECT_EQ(settings.callers[0].secret_mac_file, "gateway.mac");
  EXPECT_THAT(settings.callers[0].methods, ElementsAre("*"));
  EXPECT_TRUE(settings.callers[0].may_forward_client_ip);
  EXPECT_EQ(settings.callers[0].san, "");
  EXPECT_EQ(settings.callers[1].id, "other");
  EXPECT_EQ(settings.callers[1].san, "spiffe://example.com/other");
  EXPECT_FALSE(settings.callers[1].may_forward_client_ip);
}

struct TomlCase {
  const char* name;
  const char* text;
  const char* problem;
};

class TomlProblemTest : public ::testing::TestWithParam<TomlCase> {};

TEST_P(TomlProblemTest, IsNamedWithItsLineAndWithoutItsValue) {
  const Settings settings = FromToml(GetParam().text, "x.toml");
  EXPECT_THAT(settings.problems, ElementsAre(HasSubstr(GetParam().problem)));
  EXPECT_THAT(settings.problems, ElementsAre(HasSubstr("x.toml:")));
  EXPECT_THAT(settings.problems, ElementsAre(Not(HasSubstr("hunter2"))));
  EXPECT_THAT(settings.values, IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    Files, TomlProblemTest,
    ::testing::Values(
        TomlCase{"UnknownKey", "[otp]\ndigitz = 6",
                 "otp.digitz: no such key (did you mean otp.digits?)"},
        TomlCase{"UnknownSection", "[opt]\ndigits = 6", "(did you mean otp.digits?)"},
        TomlCase{"UnknownTop", "password = \"hunter2\"", "password: no such key"},
        TomlCase{"FarOff", "qqqqqqqqqqqqqq = 1", "qqqqqqqqqqqqqq: no such key"},
        TomlCase{"FixedCode", "[development]\nfixed_code = \"hunter2\"",
                 "development.fixed_code: no such key"},
        TomlCase{"TooDeep", "[otp.digits]\nx = 1", "otp.digits must be a whole number"},
        TomlCase{"QuotedNumber", "[otp]\ndigits = \"6\"", "otp.digits must be a whole number"},
        TomlCase{"Fraction", "[otp]\ndigits = 6.0", "otp.digits must be a whole number"},
        TomlCase{"BareDuration", "[otp]\nttl = 300", "otp.ttl must be a quoted text"},
        TomlCase{"QuotedBool", "use_database = \"false\"", "use_database must be true or false"},
        TomlCase{"NotAList", "[tokens]\nlive_audiences = \"a\"", "must be a list"},
        TomlCase{"ListOfNumbers", "[tokens]\nlive_audiences = [1]", "must be a list"},
        TomlCase{"CommaInEntry", "[tokens]\nlive_audiences = [\"a,b\"]", "without commas"},
        TomlCase{"Twice", "[otp]\ndigits = 6\ndigits = 7", "digits"},
        TomlCase{"NotToml", "digits: 6", ""}, TomlCase{"BrokenUtf8", "x = \"\xFF\"", ""},
        TomlCase{"ClientsTable", "[clients]\nid = \"a\"", "[[clients]]"},
        TomlCase{"ClientsValue", "clients = \"a\"", "[[clients]]"},
        TomlCase{"ClientUnknown", "[[clients]]\nsecret = \"hunter2\"",
                 "clients[0].secret: no such key"},
        TomlCase{"ClientMethods", "[[clients]]\nmethods = \"*\"",
                 "clients[0].methods must be a list"}),
    [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace otpgate::config
