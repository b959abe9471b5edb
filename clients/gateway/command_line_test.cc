#include "clients/gateway/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/temp_folder.h"

namespace otpgate::gateway {
namespace {

using ::testing::HasSubstr;

std::variant<Settings, Exit> Parse(std::vector<const char*> words) {
  words.insert(words.begin(), "otpgate-gateway");
  return ParseCommandLine(static_cast<int>(words.size()), words.data());
}

Exit Refused(const std::vector<const char*>& words) {
  const std::variant<Settings, Exit> parsed = Parse(words);
  const Exit* exit = std::get_if<Exit>(&parsed);
  return exit == nullptr ? Exit{-1, "accepted"} : *exit;
}

// Variables that are set as long as it lives.
class Environment {
 public:
  using Variables = std::vector<std::pair<const char*, std::string>>;

  explicit Environment(Variables variables) : variables_(std::move(variables)) {
    for (const auto& [name, value] : variables_) setenv(name, value.c_str(), /*overwrite=*/1);
  }
  ~Environment() {
    for (const auto& [name, value] : variables_) unsetenv(name);
  }

 private:
  const Variables variables_;
};

std::string FileWith(const support::TempFolder& folder, const std::string& text) {
  const std::string path = folder.Path("gateway.toml");
  std::ofstream(path) << text;
  return path;
}

TEST(CommandLineTest, NothingIsASafeBeginning) {
  const std::variant<Settings, Exit> parsed = Parse({});
  const auto* settings = std::get_if<Settings>(&parsed);
  ASSERT_NE(settings, nullptr);
  EXPECT_EQ(settings->http.address, "127.0.0.1:8080");
  EXPECT_EQ(settings->gateway.trusted_proxies, 0);
  EXPECT_TRUE(settings->cors_origins.empty());
}

TEST(CommandLineTest, OptionsArrive) {
  const std::variant<Settings, Exit> parsed = Parse({"--listen",
                                                     "[::1]:0",
                                                     "--server",
                                                     "dns:///a:1",
                                                     "--call-timeout",
                                                     "1500ms",
                                                     "--cors-origin",
                                                     "https://a.example",
                                                     "--cors-origin",
                                                     "https://b.example",
                                                     "--trusted-proxies",
                                                     "2",
                                                     "--caller-id",
                                                     "web",
                                                     "--caller-secret-file",
                                                     "/x",
                                                     "--issuer",
                                                     "https://auth.example.com",
                                                     "--log-level",
                                                     "warning"});
  const auto* settings = std::get_if<Settings>(&parsed);
  ASSERT_NE(settings, nullptr);
  EXPECT_EQ(settings->gateway.call_timeout, absl::Milliseconds(1500));
  EXPECT_EQ(settings->cors_origins.size(), 2U);
  EXPECT_EQ(settings->gateway.trusted_proxies, 2);
  EXPECT_EQ(settings->caller_id, "web");
  EXPECT_EQ(settings->gateway.issuer, "https://auth.example.com");
  EXPECT_EQ(settings->log_level, LogLevel::kWarning);
}

TEST(CommandLineTest, MistakesAreUsageErrors) {
  const std::vector<std::vector<const char*>> mistakes = {
      {"--nothing"},
      {"--listen"},
      {"--trusted-proxies", "-1"},
      {"--call-timeout", "0s"},
      {"--call-timeout", "soon"},
      {"--tls-certificate", "/x"},
      {"--tls-key", "/x"},
      {"--caller-id", "web"},
      {"--threads", "0"},
      {"--log-level", "loud"},
      {"--issuer", "http://auth.example.com"},
      {"--issuer", "https://auth.example.com/"},
      {"stray"},
  };
  for (const std::vector<const char*>& words : mistakes) {
    EXPECT_EQ(Refused(words).code, 2) << words.front();
    EXPECT_FALSE(Refused(words).text.empty()) << words.front();
  }
}

TEST(CommandLineTest, PlaintextForOtherMachinesNeedsAWord) {
  EXPECT_EQ(Refused({"--listen", "0.0.0.0:80"}).code, 2);
  EXPECT_THAT(Refused({"--listen", "[::]:80"}).text, HasSubstr("--allow-plaintext"));
  EXPECT_EQ(Refused({"--listen", "0.0.0.0:80", "--allow-plaintext"}).text, "accepted");
  EXPECT_EQ(Refused({"--listen", "0.0.0.0:80", "--tls-certificate", "/c", "--tls-key", "/k"}).text,
            "accepted");
}

TEST(CommandLineTest, EveryOptionIsInTheEnvironmentToo) {
  const Environment environment({{"OTPGATE_GATEWAY_LISTEN", "0.0.0.0:80"},
                                 {"OTPGATE_GATEWAY_ALLOW_PLAINTEXT", "true"},
                                 {"OTPGATE_GATEWAY_CALL_TIMEOUT", "1500ms"},
                                 {"OTPGATE_GATEWAY_CORS_ORIGIN", "https://a.test,https://b.test"},
                                 {"OTPGATE_GATEWAY_CALLER_ID", "web"},
                                 {"OTPGATE_GATEWAY_CALLER_SECRET_FILE", "/x"},
                                 {"OTPGATE_GATEWAY_CHANNELS", ""}});
  const std::variant<Settings, Exit> parsed = Parse({});
  const auto* settings = std::get_if<Settings>(&parsed);
  ASSERT_NE(settings, nullptr) << Refused({}).text;
  EXPECT_EQ(settings->http.address, "0.0.0.0:80");
  EXPECT_TRUE(settings->allow_plaintext);
  EXPECT_EQ(settings->gateway.call_timeout, absl::Milliseconds(1500));
  EXPECT_EQ(settings->cors_origins, (std::vector<std::string>{"https://a.test", "https://b.test"}));
  EXPECT_EQ(settings->caller_id, "web");
  EXPECT_EQ(settings->caller_secret_file, "/x");
  EXPECT_EQ(settings->channels, 2);
}

TEST(CommandLineTest, FlagsWinOverTheEnvironmentAndThatOverTheFile) {
  const support::TempFolder folder;
  const std::string file = FileWith(folder, "threads = 3\nchannels = 3\ntrusted-proxies = 3\n");
  const Environment environment({{"OTPGATE_GATEWAY_CONFIG", file},
                                 {"OTPGATE_GATEWAY_THREADS", "5"},
                                 {"OTPGATE_GATEWAY_CHANNELS", "5"}});
  const std::variant<Settings, Exit> parsed = Parse({"--threads", "7"});
  const auto* settings = std::get_if<Settings>(&parsed);
  ASSERT_NE(settings, nullptr) << Refused({}).text;
  EXPECT_EQ(settings->http.threads, 7);
  EXPECT_EQ(settings->channels, 5);
  EXPECT_EQ(settings->gateway.trusted_proxies, 3);
}

TEST(CommandLineTest, MistakesInTheEnvironmentAreUsageErrors) {
  for (const auto& [name, value] :
       {std::pair("OTPGATE_GATEWAY_THREADS", "0"), std::pair("OTPGATE_GATEWAY_CALLER_ID", "web"),
        std::pair("OTPGATE_GATEWAY_CALL_TIMEOUT", "soon"),
        std::pair("OTPGATE_GATEWAY_CONFIG", "/nowhere.toml")}) {
    const Environment environment(Environment::Variables{{name, value}});
    EXPECT_EQ(Refused({}).code, 2) << name;
  }
}

TEST(CommandLineTest, HelpIsNoError) {
  const Exit exit = Refused({"--help"});
  EXPECT_EQ(exit.code, 0);
  EXPECT_THAT(exit.text, HasSubstr("--trusted-proxies"));
  EXPECT_THAT(exit.text, HasSubstr("Env:OTPGATE_GATEWAY_TRUSTED_PROXIES"));
  EXPECT_THAT(exit.text, HasSubstr("Env:OTPGATE_GATEWAY_CONFIG"));
}

}  // namespace
}  // namespace otpgate::gateway
