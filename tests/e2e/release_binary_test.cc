// The contents of the shipped program, and the configurations that it refuses.
#include <gmock/gmock.h>
#include <signal.h>
#include <stdlib.h>

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/e2e/deployment.h"
#include "tests/support/program.h"
#include "tests/support/trials.h"

namespace otpgate::e2e {
namespace {

using ::testing::HasSubstr;

std::string OutputOf(const std::vector<std::string>& argv) {
  const support::ProgramResult result = support::RunProgram(argv);
  EXPECT_EQ(result.exit_code, 0) << result.err;
  return result.out;
}

TEST(ReleaseBinaryTest, A9_NoWeakRandomnessIsCalled) {
  const std::string symbols =
      OutputOf({"/usr/bin/nm", "--dynamic", "--undefined-only", OTPGATE_SERVER_PROGRAM});
  ASSERT_THAT(symbols, HasSubstr("RAND_bytes"));
  for (const char* weak : {"rand", "srand", "rand_r", "random", "srandom", "drand48", "lrand48",
                           "mrand48", "arc4random"}) {
    EXPECT_FALSE(absl::StrContains(symbols, absl::StrCat(" U ", weak, "@"))) << weak;
  }
  const std::string own = OutputOf({"/usr/bin/nm", "--demangle", OTPGATE_SERVER_PROGRAM});
  for (const char* weak : {"mersenne_twister", "linear_congruential", "random_device"}) {
    EXPECT_FALSE(absl::StrContains(own, weak)) << weak;
  }
}

TEST(ReleaseBinaryTest, A9_NoCodeIsWrittenIntoIt) {
  const std::string text = OutputOf({"/usr/bin/strings", "--all", OTPGATE_SERVER_PROGRAM});
  ASSERT_THAT(text, HasSubstr("SIGNUP_OTP")) << "else this is not the program";
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    // Constants of the compiler: a bit mask of bytes 0x33, and a padding of zeros.
    if (line == "3333333" || line == "0000000") continue;
    const bool digits = line.size() >= 6 && line.size() <= 10 &&
                        line.find_first_not_of("0123456789") == absl::string_view::npos;
    EXPECT_FALSE(digits) << line;
  }
}

// All libraries use it, because it is linked before those that bring or use another allocator. That
// of a sanitizer must not be replaced.
TEST(ReleaseBinaryTest, TcmallocIsTheAllocatorUnlessASanitizerIs) {
  const std::string needed = OutputOf({"/usr/bin/readelf", "--dynamic", OTPGATE_SERVER_PROGRAM});
  const auto place = [&](const char* library) { return needed.find(library); };
  ASSERT_NE(place("[libc.so.6]"), std::string::npos);
  if (absl::string_view(OTPGATE_ALLOCATOR).empty()) {
    EXPECT_EQ(place("malloc"), std::string::npos) << needed;
  } else {
    EXPECT_LT(place("[libtcmalloc_minimal.so.4]"), place("[libstdc++.so.6]")) << needed;
    EXPECT_LT(place("[libtcmalloc_minimal.so.4]"), place("[libc.so.6]")) << needed;
  }
}

// 4 guesses at 150 codes of six digits: by chance one is right in one of about 1,600 runs.
TEST(ReleaseBinaryTest, A9_FavouriteCodesAreNotAccepted) {
  Deployment deployment({.servers = 1, .flags = {"--enable_rate_limit=false"}});
  int accepted = 0;
  for (int64_t i = 0; i < support::Trials(150); ++i) {
    const auto asked = deployment.client().RequestOtp(absl::StrCat("p", i, "@example.com"));
    ASSERT_TRUE(asked.ok()) << asked.message;
    for (const char* guess : {"000000", "123456", "111111", "999999"}) {
      if (guess == asked.reply.development_code()) continue;
      accepted += deployment.client().VerifyOtp(asked.reply.handle(), guess).ok();
    }
  }
  EXPECT_EQ(accepted, 0);
}

struct Refusal {
  std::vector<std::string> flags;
  std::vector<std::pair<std::string, std::string>> environment;
  const char* names;  // what the message contains
};

void ExpectRefused(const Refusal& refusal) {
  std::vector<std::string> argv = {OTPGATE_SERVER_PROGRAM, "--check-config"};
  argv.insert(argv.end(), refusal.flags.begin(), refusal.flags.end());
  const support::ProgramResult result =
      support::RunProgram(argv, {.environment = refusal.environment});
  EXPECT_EQ(result.exit_code, 2) << refusal.names;
  EXPECT_THAT(result.err, HasSubstr(refusal.names));
}

TEST(ReleaseBinaryTest, A8_NoCodeLivesLongerThanItMay) {
  ExpectRefused({{"--otp.ttl=601s"}, {}, "otp.ttl"});
  ExpectRefused({{"--otp.ttl=11m"}, {}, "otp.ttl"});
  ExpectRefused({{"--otp.verify_phone_ttl=601s"}, {}, "otp.verify_phone_ttl"});
  ExpectRefused({{"--otp.verify_email_ttl=86401s"}, {}, "otp.verify_email_ttl"});
  ExpectRefused({{"--otp.verification_ttl=601s"}, {}, "otp.verification_ttl"});
  ExpectRefused({{"--otp.max_attempts=6"}, {}, "otp.max_attempts"});
  ExpectRefused({{"--otp.digits=5"}, {}, "otp.digits"});
  ExpectRefused({{}, {{"OTPGATE_OTP_TTL", "1h"}}, "otp.ttl"});
  ExpectRefused({{"--otp.ttl=-1s"}, {}, "otp.ttl"});
  ExpectRefused({{"--otp.ttl=0s"}, {}, "otp.ttl"});
  ExpectRefused({{"--otp.ttl=99999999999999999999d"}, {}, "otp.ttl"});
  const support::ProgramResult fine = support::RunProgram(
      {OTPGATE_SERVER_PROGRAM, "--check-config", "--use_database=false", "--otp.ttl=600s"});
  EXPECT_EQ(fine.exit_code, 0) << fine.err;
  EXPECT_THAT(fine.out, HasSubstr("ttl = \"10m\""));
}

// A production configuration with one setting that is for development only.
class ProductionTest : public ::testing::Test {
 protected:
  std::vector<std::string> Flags(const std::string& database) const {
    std::vector<std::string> flags = keys_.Flags();
    const std::string mac = folder_.Write("gateway.mac", std::string(64, '0') + "\n");
    const std::string config = folder_.Write(
        "otpgate.toml", absl::StrCat("[[clients]]\nid = \"gateway\"\nsecret_mac_file = \"", mac,
                                     "\"\nmethods = [\"*\"]\n"));
    for (const std::string& flag :
         {absl::StrCat("--config=", config), absl::StrCat("--database.url=", database),
          std::string("--environment=production"), std::string("--enable_real_otp=true"),
          std::string("--delivery.sender=file"), std::string("--delivery.host=example.com"),
          std::string("--listen.addresses=127.0.0.1:0"),
          absl::StrCat("--delivery.file_path=", folder_.Path("messages"))}) {
      flags.push_back(flag);
    }
    return flags;
  }

  // The flags with this one changed.
  std::vector<std::string> FlagsWith(const std::string& flag) const {
    std::vector<std::string> flags = Flags("host=/nowhere dbname=otpgate");
    const std::string name = flag.substr(0, flag.find('='));
    std::erase_if(flags, [&](const std::string& other) {
      return absl::StartsWith(other, absl::StrCat(name, "="));
    });
    flags.push_back(flag);
    return flags;
  }

  const support::KeyFiles keys_;
  const support::TempFolder folder_;
};

TEST_F(ProductionTest, RefusesDevelopmentSwitchesByName) {
  for (const char* flag : {"--use_database=false", "--enable_rate_limit=false",
                           "--enable_real_otp=false", "--development.reveal_codes=true",
                           "--delivery.sender=console", "--delivery.host=localhost"}) {
    const std::string name = std::string(flag).substr(2, std::string(flag).find('=') - 2);
    ExpectRefused({FlagsWith(flag), {}, name.c_str()});
  }
  std::vector<std::string> flags = Flags("host=/nowhere dbname=otpgate");
  std::erase(flags, "--enable_real_otp=true");
  ExpectRefused({flags, {{"ENABLE_REAL_OTP", "false"}}, "enable_real_otp"});
  flags.push_back("--enable_real_otp=true");
  ExpectRefused({flags, {{"USE_DATABASE", "false"}}, "use_database"});
  ExpectRefused({flags, {{"ENABLE_RATE_LIMIT", "false"}}, "enable_rate_limit"});
}

TEST_F(ProductionTest, ACompleteConfigurationIsTaken) {
  std::vector<std::string> argv = {OTPGATE_SERVER_PROGRAM, "--check-config"};
  for (const std::string& flag : Flags("host=/nowhere dbname=otpgate")) argv.push_back(flag);
  const support::ProgramResult result = support::RunProgram(argv);
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("environment = \"production\""));
}

TEST_F(ProductionTest, CheckConfigTellsWhatWouldKeepItFromStarting) {
  const std::string absent = folder_.Path("absent.key");
  const std::string long_host = "--delivery.host=" + std::string(60, 'a') + ".example.com";
  for (const std::string& flag : {"--secrets.pepper_file=" + absent, long_host}) {
    std::vector<std::string> argv = {OTPGATE_SERVER_PROGRAM, "--check-config"};
    for (const std::string& other : FlagsWith(flag)) argv.push_back(other);
    const support::ProgramResult result = support::RunProgram(argv);
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.err, HasSubstr(flag == long_host ? "SMS" : absent)) << flag;
    EXPECT_EQ(result.out, "");
  }
}

// Every line on standard error is a JSON object, even with verbose logs of the gRPC library.
TEST_F(ProductionTest, N3_TheLibrarysOwnLinesAreJsonToo) {
  setenv("GRPC_VERBOSITY", "DEBUG", 1);
  support::ServerProcess server(
      {"--use_database=false", "--listen.addresses=127.0.0.1:0", "--log.level=debug"});
  unsetenv("GRPC_VERBOSITY");
  server.AwaitServing();
  EXPECT_TRUE(server.WaitForEvent("GRPC"));
  server.Signal(SIGTERM);
  EXPECT_EQ(server.Wait(), 0);
  for (const absl::string_view line : absl::StrSplit(server.Log(), '\n', absl::SkipEmpty())) {
    EXPECT_TRUE(absl::StartsWith(line, "{") && absl::EndsWith(line, "}")) << line;
  }
}

// Settings of the database that could lose committed data or log secrets.
TEST_F(ProductionTest, RefusesADatabaseThatForgetsOrTells) {
  const support::TestDatabase database;  // its cluster has fsync off
  support::ServerProcess forgetful(Flags(database.Socket(support::PgRole::kApp)));
  EXPECT_EQ(forgetful.Wait(), 1);
  EXPECT_THAT(forgetful.Log(), HasSubstr("fsync"));

  const auto cluster = support::PgCluster::Start(
      {.fsync = true, .settings = {{"log_parameter_max_length", "-1"}, {"log_statement", "all"}}});
  ASSERT_TRUE(cluster.ok()) << cluster.status();
  const support::TestDatabase talkative(**cluster);
  support::ServerProcess told(Flags(talkative.Socket(support::PgRole::kApp)));
  EXPECT_EQ(told.Wait(), 1);
  EXPECT_THAT(told.Log(), HasSubstr("log_parameter_max_length"));

  ASSERT_TRUE((*cluster)
                  ->Restart({{"log_parameter_max_length", "0"},
                             {"log_parameter_max_length_on_error", "0"},
                             {"log_error_verbosity", "terse"},
                             {"synchronous_commit", "off"}})
                  .ok());
  support::ServerProcess late(Flags(talkative.Socket(support::PgRole::kApp)));
  EXPECT_EQ(late.Wait(), 1);
  EXPECT_THAT(late.Log(), HasSubstr("synchronous_commit"));

  ASSERT_TRUE((*cluster)->Restart({{"synchronous_commit", "on"}}).ok());
  support::ServerProcess good(Flags(talkative.Socket(support::PgRole::kApp)));
  good.AwaitServing();
}

}  // namespace
}  // namespace otpgate::e2e
