#include "clients/gateway/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

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

TEST(CommandLineTest, NothingIsASafeBeginning) {
  const std::variant<Settings, Exit> parsed = Parse({});
  const auto* settings = std::get_if<Settings>(&parsed);
  ASSERT_NE(settings, nullptr);
  EXPECT_EQ(settings->http.address, "127.0.0.1:8080");
  EXPECT_EQ(settings->trusted_proxies, 0);
  EXPECT_TRUE(settings->cors_origins.empty());
}

TEST(CommandLineTest, OptionsArrive) {
  const std::variant<Settings, Exit> parsed = Parse(
      {"--listen", "[::1]:0", "--server", "dns:///a:1", "--call-timeout", "1500ms", "--cors-origin",
       "https://a.example", "--cors-origin", "https://b.example", "--trusted-proxies", "2",
       "--caller-id", "web", "--caller-secret-file", "/x", "--issuer", "https://auth.example.com"});
  const auto* settings = std::get_if<Settings>(&parsed);
  ASSERT_NE(settings, nullptr);
  EXPECT_EQ(settings->call_timeout, absl::Milliseconds(1500));
  EXPECT_EQ(settings->cors_origins.size(), 2U);
  EXPECT_EQ(settings->trusted_proxies, 2);
  EXPECT_EQ(settings->caller_id, "web");
  EXPECT_EQ(settings->issuer, "https://auth.example.com");
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

TEST(CommandLineTest, HelpIsNoError) {
  const Exit exit = Refused({"--help"});
  EXPECT_EQ(exit.code, 0);
  EXPECT_THAT(exit.text, HasSubstr("--trusted-proxies"));
}

}  // namespace
}  // namespace otpgate::gateway
