#include "server/delivery/template.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "server/delivery/phrases.h"
#include "tests/support/status_matchers.h"

namespace otpgate::delivery {
namespace {

using support::StatusIs;
using ::testing::HasSubstr;
using ::testing::Not;

const Templates& Example() {
  static const Templates templates = *Templates::Create({"Example", "example.com"});
  return templates;
}

std::string Body(storage::Channel channel, storage::Purpose purpose, absl::string_view locale) {
  return Example().Render(channel, purpose, locale, "012345", absl::Minutes(5))->body;
}

struct Golden {
  const char* name;
  storage::Channel channel;
  storage::Purpose purpose;
  const char* locale;
  Text text;
};

const Golden kGoldens[] = {
    {"login by SMS",
     storage::Channel::kSms,
     storage::Purpose::kLogin,
     "en",
     {"",
      "012345 is your Example sign-in code. Valid for 5 min. Never share it.\n"
      "\n"
      "@example.com #012345"}},
    {"verify_phone",
     storage::Channel::kSms,
     storage::Purpose::kVerifyPhone,
     "en",
     {"",
      "012345 is your Example code to confirm this number. Valid for 5 min. Never share it.\n"
      "\n"
      "@example.com #012345"}},
    {"login by e-mail",
     storage::Channel::kEmail,
     storage::Purpose::kLogin,
     "en",
     {"Your Example sign-in code",
      "Your Example sign-in code is:\n"
      "\n"
      "    012345\n"
      "\n"
      "It is valid for 5 min. Never share it: nobody at Example will ask for it.\n"
      "\n"
      "If you did not try to sign in, ignore this message.\n"}},
    {"verify_email",
     storage::Channel::kEmail,
     storage::Purpose::kVerifyEmail,
     "en",
     {"Confirm your e-mail address for Example",
      "Your Example code to confirm this e-mail address is:\n"
      "\n"
      "    012345\n"
      "\n"
      "It is valid for 5 min. Never share it: nobody at Example will ask for it.\n"
      "\n"
      "If you did not ask for it, ignore this message.\n"}},
    {"verification by SMS",
     storage::Channel::kSms,
     storage::Purpose::kVerification,
     "en",
     {"",
      "012345 is your Example verification code. Valid for 5 min. Never share it.\n"
      "\n"
      "@example.com #012345"}},
    {"verification by e-mail",
     storage::Channel::kEmail,
     storage::Purpose::kVerification,
     "en",
     {"Your Example verification code",
      "Your Example verification code is:\n"
      "\n"
      "    012345\n"
      "\n"
      "It is valid for 5 min. Never share it: nobody at Example will ask for it.\n"
      "\n"
      "If you did not ask for it, ignore this message.\n"}},
    {"login by SMS in German",
     storage::Channel::kSms,
     storage::Purpose::kLogin,
     "de",
     {"",
      "012345 ist Ihr Anmeldecode bei Example. Er gilt 5 Min. Geben Sie ihn nie weiter.\n"
      "\n"
      "@example.com #012345"}},
};

TEST(TemplateTest, C7_Goldens) {
  for (const Golden& golden : kGoldens) {
    const auto text =
        Example().Render(golden.channel, golden.purpose, golden.locale, "012345", absl::Minutes(5));
    ASSERT_OK(text) << golden.name;
    EXPECT_EQ(*text, golden.text) << golden.name;
  }
}

// The GSM 7-bit alphabet without what costs two characters, as far as it is ASCII.
bool IsGsm7(char c) {
  return c == '\n' || (c >= ' ' && c <= 'z' && !absl::StrContains("[\\]^`", std::string(1, c)));
}

TEST(TemplateTest, C7_EverySmsIsOneSegmentThatEndsWithTheOriginBoundLine) {
  const auto widest = Templates::Create({std::string(30, 'W'), "login.example.com"});
  ASSERT_OK(widest);
  for (const Phrases& phrases : AllPhrases()) {
    if (phrases.sms == nullptr) continue;
    const auto text = widest->Render(storage::Channel::kSms, phrases.purpose, phrases.language,
                                     "0123456789", absl::Minutes(9999));
    ASSERT_OK(text);
    EXPECT_LE(text->body.size(), 160u) << text->body;
    EXPECT_TRUE(std::all_of(text->body.begin(), text->body.end(), IsGsm7)) << text->body;
    const std::vector<std::string> lines = absl::StrSplit(text->body, '\n');
    EXPECT_EQ(lines.back(), "@login.example.com #0123456789");
  }
}

TEST(TemplateTest, C7_SubjectsDoNotHoldTheCode) {
  for (const Phrases& phrases : AllPhrases()) {
    if (phrases.body == nullptr) continue;
    const auto text = Example().Render(storage::Channel::kEmail, phrases.purpose, phrases.language,
                                       "012345", absl::Minutes(5));
    ASSERT_OK(text);
    EXPECT_THAT(text->subject, Not(HasSubstr("012345")));
    EXPECT_THAT(text->body, HasSubstr("    012345\n"));
  }
}

TEST(TemplateTest, LanguagesFallBackToTheirFirstPartAndThenToEnglish) {
  const std::string german = Body(storage::Channel::kSms, storage::Purpose::kLogin, "de");
  const std::string english = Body(storage::Channel::kSms, storage::Purpose::kLogin, "en");
  ASSERT_NE(german, english);
  EXPECT_EQ(Body(storage::Channel::kSms, storage::Purpose::kLogin, "de-AT"), german);
  EXPECT_EQ(Body(storage::Channel::kSms, storage::Purpose::kLogin, "DE"), german);
  EXPECT_EQ(Body(storage::Channel::kSms, storage::Purpose::kLogin, "en-GB"), english);
  for (const char* unknown : {"", "pt-BR", "d", "deu", "-", "-de", "$0", "../../de"}) {
    EXPECT_EQ(Body(storage::Channel::kSms, storage::Purpose::kLogin, unknown), english) << unknown;
  }
}

TEST(TemplateTest, C7_OnlyDigitsCanBeACode) {
  for (const char* code : {"", " ", "12345 ", "12a456", "$0", "123\n456", "http://x.test", "+1234",
                           "\xd9\xa1\xd9\xa2\xd9\xa3", "12345678901"}) {
    EXPECT_THAT(Example().Render(storage::Channel::kSms, storage::Purpose::kLogin, "en", code,
                                 absl::Minutes(5)),
                support::StatusIs(absl::StatusCode::kInvalidArgument))
        << code;
  }
  EXPECT_THAT(Example().Render(storage::Channel::kSms, storage::Purpose::kLogin, "en",
                               absl::string_view("1\0002", 3), absl::Minutes(5)),
              support::StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(TemplateTest, PurposesHaveTextsForTheirOwnChannelsAlone) {
  EXPECT_THAT(Example().Render(storage::Channel::kEmail, storage::Purpose::kVerifyPhone, "", "1",
                               absl::Minutes(1)),
              support::StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Example().Render(storage::Channel::kSms, storage::Purpose::kVerifyEmail, "", "1",
                               absl::Minutes(1)),
              support::StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(TemplateTest, MinutesAreNotPromisedBeyondTheCode) {
  struct Case {
    absl::Duration valid;
    const char* says;
  };
  const Case cases[] = {
      {absl::Minutes(5), "Valid for 5 min"},
      {absl::Minutes(5) - absl::Seconds(15), "Valid for 5 min"},
      {absl::Minutes(5) - absl::Seconds(16), "Valid for 4 min"},
      {absl::Seconds(10), "Valid for 1 min"},
      {-absl::Seconds(10), "Valid for 1 min"},
      {absl::InfiniteDuration(), "Valid for 9999 min"},
  };
  for (const Case& c : cases) {
    const auto text =
        Example().Render(storage::Channel::kSms, storage::Purpose::kLogin, "en", "1", c.valid);
    ASSERT_OK(text);
    EXPECT_THAT(text->body, HasSubstr(c.says)) << c.valid;
  }
}

struct BrandCase {
  const char* name;
  Brand brand;
  bool ok;
};

const BrandCase kBrands[] = {
    {"plain", {"Example", "example.com"}, true},
    {"all signs", {"A & B-C.d 1", "a-b.example.com"}, true},
    {"localhost", {"Example", "localhost"}, true},
    {"no name", {"", "example.com"}, false},
    {"name with edge blank", {"Example ", "example.com"}, false},
    {"name too long", {std::string(31, 'x'), "example.com"}, false},
    {"name outside ASCII", {"Ex\xc3\xa4mple", "example.com"}, false},
    {"name with placeholder", {"$0", "example.com"}, false},
    {"name with line", {"Ex\nample", "example.com"}, false},
    {"name that counts twice", {"[Example]", "example.com"}, false},
    {"no host", {"Example", ""}, false},
    {"host in capitals", {"Example", "Example.com"}, false},
    {"host with scheme", {"Example", "https://example.com"}, false},
    {"host with port", {"Example", "example.com:443"}, false},
    {"host with blank", {"Example", "example.com #1"}, false},
    {"host ends with dot", {"Example", "example.com."}, false},
    {"host with empty label", {"Example", "example..com"}, false},
    {"host label begins with hyphen", {"Example", "-example.com"}, false},
    {"host label ends with hyphen", {"Example", "example-.com"}, false},
    {"host leaves no room", {"Example", std::string(60, 'x') + ".com"}, false},
};

TEST(TemplateTest, C7_BrandsThatCouldBreakAMessageAreRefused) {
  for (const BrandCase& c : kBrands) {
    EXPECT_EQ(Templates::Create(c.brand).ok(), c.ok) << c.name;
  }
}

}  // namespace
}  // namespace otpgate::delivery
