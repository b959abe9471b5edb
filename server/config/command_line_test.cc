#include "server/config/command_line.h"

#include <gmock/gmock.h>

#include <string>

#include "tests/support/status_matchers.h"

namespace otpgate::config {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(CommandLineTest, ReadsFlagsInBothSpellings) {
  const auto line =
      ParseCommandLine({"--otp.ttl=2m", "--config", "x.toml", "--otp.digits", "8",
                        "--listen.addresses=127.0.0.1:0,unix:/x", "--enable_rate_limit=false"});
  ASSERT_OK(line);
  EXPECT_EQ(line->action, CommandLine::Action::kRun);
  EXPECT_EQ(line->config_file, "x.toml");
  ASSERT_EQ(line->values.size(), 4u);
  EXPECT_EQ(line->values[0].key->name, "enable_rate_limit");
  EXPECT_EQ(line->values[0].text, "false");
  EXPECT_EQ(line->values[1].text, "127.0.0.1:0,unix:/x");
  EXPECT_EQ(line->values[2].text, "8");
  EXPECT_EQ(line->values[3].text, "2m");
  EXPECT_EQ(line->values[3].source, "flag --otp.ttl");
}

TEST(CommandLineTest, NothingIsFine) {
  const auto line = ParseCommandLine({});
  ASSERT_OK(line);
  EXPECT_EQ(line->action, CommandLine::Action::kRun);
  EXPECT_TRUE(line->values.empty());
}

TEST(CommandLineTest, ReadsActions) {
  EXPECT_EQ(ParseCommandLine({"--check-config"})->action, CommandLine::Action::kCheckConfig);
  EXPECT_EQ(ParseCommandLine({"--help"})->action, CommandLine::Action::kHelp);
  EXPECT_EQ(ParseCommandLine({"-h"})->action, CommandLine::Action::kHelp);
}

TEST(CommandLineTest, NamesEveryUnknownFlagWithoutItsValue) {
  const auto line = ParseCommandLine({"--otp.tll=hunter2", "--database.password", "hunter2"});
  ASSERT_THAT(line, support::StatusIs(absl::StatusCode::kInvalidArgument));
  const std::string message(line.status().message());
  EXPECT_THAT(message, HasSubstr("--otp.tll: no such flag (did you mean --otp.ttl?)"));
  EXPECT_THAT(message, HasSubstr("(did you mean --database.password_file?)"));
  EXPECT_THAT(message, Not(HasSubstr("hunter2")));
}

TEST(CommandLineTest, RefusesWhatIsNoFlag) {
  EXPECT_FALSE(ParseCommandLine({"run"}).ok());
  EXPECT_FALSE(ParseCommandLine({"--otp.ttl"}).ok());
  EXPECT_FALSE(ParseCommandLine({"--config"}).ok());
  EXPECT_FALSE(ParseCommandLine({"--otp.ttl=1m", "--otp.ttl=2m"}).ok());
  EXPECT_FALSE(ParseCommandLine({"--", "--otp.ttl=1m"}).ok());
}

TEST(CommandLineTest, HelpTellsEveryKey) {
  const std::string help = HelpText();
  for (const Key& key : AllKeys()) {
    EXPECT_THAT(help, HasSubstr(FlagName(key) + " "));
    EXPECT_THAT(help, HasSubstr(EnvironmentName(key)));
  }
  EXPECT_THAT(help, HasSubstr("--check-config"));
}

}  // namespace
}  // namespace otpgate::config
