#include "server/config/load.h"

#include <gmock/gmock.h>

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace otpgate::config {
namespace {

using ::testing::HasSubstr;

absl::StatusOr<std::string> NoFile(const std::string& path) {
  return absl::NotFoundError(absl::StrCat("cannot open file ", path));
}

FileReader FileOf(const std::string& text) {
  return [text](const std::string&) { return text; };
}

// What a development server needs beyond the defaults.
const EnvironmentVariables kMemory = {{"USE_DATABASE", "false"}};

absl::StatusOr<LoadedConfig> Load(const std::vector<std::string>& args,
                                  const EnvironmentVariables& variables = kMemory,
                                  const std::string& file = "") {
  const auto line = ParseCommandLine(args);
  if (!line.ok()) return line.status();
  return LoadConfig(*line, variables, FileOf(file));
}

std::string SourceOf(const LoadedConfig& loaded, absl::string_view name) {
  for (const Setting& setting : loaded.effective) {
    if (setting.key->name == name) return setting.source;
  }
  return "";
}

TEST(LoadTest, FlagsWinOverEnvironmentOverFileOverDefaults) {
  EnvironmentVariables variables = kMemory;
  variables["OTPGATE_OTP_MAX_ATTEMPTS"] = "3";
  variables["OTPGATE_OTP_DIGITS"] = "7";
  const std::string file = "[otp]\ndigits = 10\nmax_attempts = 2\nttl = \"2m\"\n";
  const auto loaded = Load({"--config=x.toml", "--otp.digits=8"}, variables, file);
  ASSERT_OK(loaded);
  EXPECT_EQ(loaded->config.validation.code_digits, 8);
  EXPECT_EQ(loaded->config.otp.max_attempts, 3);
  EXPECT_EQ(loaded->config.otp.login_ttl, absl::Minutes(2));
  EXPECT_EQ(loaded->config.otp.first_wait, absl::Seconds(30));
  EXPECT_EQ(SourceOf(*loaded, "otp.digits"), "flag --otp.digits");
  EXPECT_EQ(SourceOf(*loaded, "otp.max_attempts"), "environment OTPGATE_OTP_MAX_ATTEMPTS");
  EXPECT_EQ(SourceOf(*loaded, "otp.ttl"), "file x.toml:4");
  EXPECT_EQ(SourceOf(*loaded, "otp.first_wait"), "default");
  EXPECT_EQ(SourceOf(*loaded, "use_database"), "environment USE_DATABASE");
}

TEST(LoadTest, I8_QueuesAreBoundedAsConfigured) {
  const auto loaded = Load({"--engine.queue=7", "--engine.queue_per_key=3", "--engine.batch=5",
                            "--engine.queue_wait=20ms"});
  ASSERT_OK(loaded);
  const engine::QueueLimits& limits = loaded->config.engine.queue;
  EXPECT_EQ(limits.capacity, 7u);
  EXPECT_EQ(limits.per_key, 3u);
  EXPECT_EQ(limits.batch, 5u);
  EXPECT_EQ(limits.wait, absl::Milliseconds(20));
}

TEST(LoadTest, FileComesFromTheEnvironmentToo) {
  EnvironmentVariables variables = kMemory;
  variables["OTPGATE_CONFIG"] = "from-environment.toml";
  std::string asked;
  const FileReader reader = [&](const std::string& path) -> absl::StatusOr<std::string> {
    asked = path;
    return std::string();
  };
  ASSERT_OK(LoadConfig(CommandLine(), variables, reader));
  EXPECT_EQ(asked, "from-environment.toml");
  CommandLine line;
  line.config_file = "from-flag.toml";
  ASSERT_OK(LoadConfig(line, variables, reader));
  EXPECT_EQ(asked, "from-flag.toml");
}

TEST(LoadTest, MissingFileIsAnError) {
  CommandLine line;
  line.config_file = "gone.toml";
  const auto loaded = LoadConfig(line, kMemory, NoFile);
  ASSERT_FALSE(loaded.ok());
  EXPECT_THAT(std::string(loaded.status().message()), HasSubstr("gone.toml"));
}

TEST(LoadTest, TellsEveryProblemAtOnce) {
  const auto loaded = Load({"--config=x.toml", "--otp.max_attempts=6"},
                           {{"OTPGATE_OTP_DIGITS", "4"}, {"OTPGATE_TYPO", "1"}},
                           "typo = 1\n[otp]\nttl = \"1h\"\n[sessions]\nidle = \"60d\"\n");
  ASSERT_THAT(loaded, support::StatusIs(absl::StatusCode::kInvalidArgument));
  const std::string message(loaded.status().message());
  for (const char* problem :
       {"file x.toml:1: typo: no such key", "environment OTPGATE_TYPO: no such key",
        "flag --otp.max_attempts: otp.max_attempts \"6\" must be 1 to 5 attempts",
        "environment OTPGATE_OTP_DIGITS: otp.digits \"4\" must be 6 to 10 digits",
        "file x.toml:3: otp.ttl \"1h\" must be 30s to 10m",
        "sessions.idle must not be longer than sessions.absolute",
        "database.url is needed with use_database",
        "secrets.pepper_file is needed with use_database",
        "secrets.master_key_file is needed with use_database"}) {
    EXPECT_THAT(message, HasSubstr(problem));
  }
}

TEST(LoadTest, BrokenValueGivesOneLine) {
  const auto loaded = Load({"--sessions.idle=never"});
  ASSERT_FALSE(loaded.ok());
  EXPECT_EQ(loaded.status().message(),
            "flag --sessions.idle: sessions.idle \"never\" must be 15m to 365d");
}

TEST(LoadTest, ToolsMayLeaveOutTheRules) {
  CommandLine line;
  EXPECT_FALSE(LoadConfig(line, {}, NoFile).ok());
  EXPECT_OK(LoadConfig(line, {}, NoFile, ConfigRules::kNone));
  EXPECT_FALSE(LoadConfig(line, {{"OTPGATE_OTP_TTL", "x"}}, NoFile, ConfigRules::kNone).ok());
}

TEST(LoadTest, CheckConfigTellsValuesAndSourcesAndReadsBack) {
  const std::string file =
      "[[clients]]\nid = \"gateway\"\nsecret_mac_file = \"g.mac\"\nmethods = [\"*\"]\n";
  const auto loaded = Load({"--config=x.toml", "--otp.ttl=120s"}, kMemory, file);
  ASSERT_OK(loaded);
  const std::string text = EffectiveText(*loaded);
  EXPECT_THAT(text, HasSubstr("otp.ttl = \"2m\"  # flag --otp.ttl\n"));
  EXPECT_THAT(text, HasSubstr("otp.digits = 6  # default\n"));
  EXPECT_THAT(text, HasSubstr("use_database = false  # environment USE_DATABASE\n"));
  EXPECT_THAT(text, HasSubstr("gateway"));
  for (const Key& key : AllKeys()) {
    EXPECT_THAT(text, HasSubstr(absl::StrCat(key.name, " = ")));
  }
  const Settings again = FromToml(text.substr(0, text.find("clients[")), "check");
  EXPECT_THAT(again.problems, ::testing::IsEmpty());
  EXPECT_EQ(again.values.size(), AllKeys().size());
}

struct CapCase {
  const char* name;
  const char* key;
  absl::Duration cap;
};

class LifetimeCapTest : public ::testing::TestWithParam<CapCase> {};

// Whatever the value and the source: it is refused, or in force and within the cap.
TEST_P(LifetimeCapTest, A8_StartIsRefusedAboveTheCap) {
  const Key* key = FindKey(GetParam().key);
  ASSERT_NE(key, nullptr);
  support::SeededRandom random(8);
  const char* const kUnits[] = {"ns", "us", "ms", "s", "m", "h", "d", "", "y", "inf"};
  int refused = 0;
  int accepted = 0;
  for (int i = 0; i < 3000; ++i) {
    std::string text = absl::StrCat(random.Uint64() >> (random.Uint64() % 64),
                                    kUnits[random.Uint64() % std::size(kUnits)]);
    if (random.Uint64() % 8 == 0) text = "-" + std::exchange(text, {});
    CommandLine line;
    line.values = {{key, text, "flag"}};
    const auto loaded = LoadConfig(line, kMemory, NoFile);
    if (!loaded.ok()) {
      ++refused;
      ASSERT_THAT(std::string(loaded.status().message()), HasSubstr(GetParam().key));
      continue;
    }
    ++accepted;
    Config config = loaded->config;
    const absl::Duration life = std::get<DurationField>(key->field).at(config);
    ASSERT_LE(life, GetParam().cap) << text;
    ASSERT_GT(life, absl::ZeroDuration()) << text;
  }
  EXPECT_GT(refused, 100);
  EXPECT_GT(accepted, 10);
}

TEST_P(LifetimeCapTest, A8_CapItselfIsTakenAndOneMoreIsNot) {
  const Key* key = FindKey(GetParam().key);
  ASSERT_NE(key, nullptr);
  CommandLine line;
  line.values = {{key, absl::FormatDuration(GetParam().cap), "flag"}};
  EXPECT_OK(LoadConfig(line, kMemory, NoFile));
  for (const absl::Duration more : {absl::Nanoseconds(1), absl::Seconds(1), absl::Hours(1)}) {
    line.values = {{key, absl::FormatDuration(GetParam().cap + more), "flag"}};
    EXPECT_FALSE(LoadConfig(line, kMemory, NoFile).ok()) << more;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Caps, LifetimeCapTest,
    ::testing::Values(CapCase{"Login", "otp.ttl", absl::Minutes(10)},
                      CapCase{"VerifyPhone", "otp.verify_phone_ttl", absl::Minutes(10)},
                      CapCase{"VerifyEmail", "otp.verify_email_ttl", absl::Hours(12)},
                      CapCase{"Verification", "otp.verification_ttl", absl::Minutes(10)},
                      CapCase{"AccessToken", "tokens.access_ttl", absl::Minutes(15)}),
    [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace otpgate::config
