#include "server/config/keys.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "tests/support/status_matchers.h"

namespace otpgate::config {
namespace {

TEST(KeysTest, NamesAreUniqueInEverySource) {
  std::set<std::string> names;
  std::set<std::string> variables;
  for (const Key& key : AllKeys()) {
    EXPECT_TRUE(names.insert(std::string(key.name)).second) << key.name;
    EXPECT_TRUE(variables.insert(EnvironmentName(key)).second) << key.name;
    for (const char c : key.name) {
      EXPECT_TRUE(absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '.' || c == '_');
    }
  }
}

TEST(KeysTest, EverySectionStandsInOnePiece) {
  std::set<std::string> ended;
  absl::string_view current;
  for (const Key& key : AllKeys()) {
    if (Section(key) == current) continue;
    current = Section(key);
    EXPECT_TRUE(ended.insert(std::string(current)).second) << current;
  }
}

TEST(KeysTest, EveryKeyIsDocumentedAndItsDefaultIsItself) {
  for (const Key& key : AllKeys()) {
    EXPECT_TRUE(absl::EndsWith(key.doc, ".")) << key.name;
    EXPECT_FALSE(Bounds(key.field).empty()) << key.name;
    const std::string text = FormatValue(key.field, Config());
    Config config;
    ASSERT_OK(SetValue(key.field, text, config)) << key.name << " = " << text;
    EXPECT_EQ(FormatValue(key.field, config), text) << key.name;
  }
}

// Of two keys with the same member of Config, one would silently overwrite the other.
TEST(KeysTest, EveryKeyHasAMemberOfItsOwn) {
  const auto other_value = [](const Key& key) -> std::string {
    const std::string text = FormatValue(key.field, Config());
    for (const char* candidate :
         {"true",        "false", "7",    "3",     "63",         "100000",  "17000000",
          "200ms",       "31s",   "2m",   "20m",   "2d",         "4/16m",   "unix:/x",
          "127.0.0.1:1", "other", "file", "debug", "production", "required"}) {
      Config config;
      if (SetValue(key.field, candidate, config).ok() && FormatValue(key.field, config) != text) {
        return candidate;
      }
    }
    return "";
  };
  for (const Key& key : AllKeys()) {
    const std::string text = other_value(key);
    ASSERT_FALSE(text.empty()) << key.name;
    Config config;
    ASSERT_OK(SetValue(key.field, text, config));
    for (const Key& other : AllKeys()) {
      if (&other == &key) continue;
      EXPECT_EQ(FormatValue(other.field, config), FormatValue(other.field, Config()))
          << key.name << " changes " << other.name;
    }
  }
}

TEST(KeysTest, SpellsNames) {
  const Key* key = FindKey("otp.verify_email_ttl");
  ASSERT_NE(key, nullptr);
  EXPECT_EQ(EnvironmentName(*key), "OTPGATE_OTP_VERIFY_EMAIL_TTL");
  EXPECT_EQ(FlagName(*key), "--otp.verify_email_ttl");
  EXPECT_EQ(Section(*key), "otp");
  EXPECT_EQ(Leaf(*key), "verify_email_ttl");
  EXPECT_EQ(Section(*FindKey("use_database")), "");
  EXPECT_EQ(FindKey("otp.fixed_code"), nullptr);
}

TEST(DidYouMeanTest, NamesTheNearest) {
  EXPECT_EQ(DidYouMean("otp.til", {"otp.ttl", "otp.digits"}), " (did you mean otp.ttl?)");
  EXPECT_EQ(DidYouMean("abc", {"xyzuvw"}), "");
  EXPECT_EQ(DidYouMean(std::string(1'000'000, 'a'), {"otp.ttl"}), "");
}

}  // namespace
}  // namespace otpgate::config
