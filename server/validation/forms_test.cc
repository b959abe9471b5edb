#include "server/validation/forms.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "tests/support/status_matchers.h"

namespace otpgate::validation {
namespace {

TEST(CodeFormTest, TakesExactlyTheDigitsAskedFor) {
  EXPECT_OK(CheckCode("000000", 6));
  EXPECT_OK(CheckCode("123456", 6));
  EXPECT_OK(CheckCode("1234567890", 10));
  EXPECT_FALSE(CheckCode("123456", 7).ok());
}

struct TextCase {
  const char* name;
  std::string text;
};

class RefusedCodeTest : public ::testing::TestWithParam<TextCase> {};

TEST_P(RefusedCodeTest, B8_IsNoCode) {
  const absl::Status status = CheckCode(GetParam().text, 6);
  EXPECT_THAT(status, support::StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(status.message(), "must be exactly 6 ASCII digits");  // one text: no oracle
}

INSTANTIATE_TEST_SUITE_P(
    Codes, RefusedCodeTest,
    ::testing::Values(TextCase{"Empty", ""}, TextCase{"Blank", " "},
                      TextCase{"SixBlanks", "      "}, TextCase{"Short", "12345"},
                      TextCase{"Long", "1234567"}, TextCase{"LeadingBlank", " 12345"},
                      TextCase{"TrailingBlank", "12345 "}, TextCase{"TrailingBlankMore", "123456 "},
                      TextCase{"LineFeed", "123456\n"}, TextCase{"InnerBlank", "123 456"},
                      TextCase{"Dashed", "123-456"}, TextCase{"Arabic", "١٢٣"},
                      TextCase{"ArabicSixDigits", "١٢٣٤٥٦"}, TextCase{"FullWidth", "１２３４５６"},
                      TextCase{"FullWidthSixBytes", "１２"}, TextCase{"Exponent", "1e5"},
                      TextCase{"ExponentSixBytes", "1e0005"}, TextCase{"Plus", "+12345"},
                      TextCase{"Minus", "-12345"}, TextCase{"Dot", "12345."},
                      TextCase{"Hex", "0x1234"}, TextCase{"Nul", std::string("12345\0", 6)},
                      TextCase{"NulBehind", std::string("123456\0", 7)},
                      TextCase{"Letters", "abcdef"}, TextCase{"True", "true"},
                      TextCase{"Null", "null"}, TextCase{"List", "[]"},
                      TextCase{"EightMegabytes", std::string(8'000'000, '1')}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(RequestIdFormTest, ReadsUuidsInEitherCase) {
  const auto lower = ParseRequestId("f81d4fae-7dec-11d0-a765-00a0c91e6bf6");
  ASSERT_OK(lower);
  EXPECT_EQ(absl::BytesToHexString(*lower), "f81d4fae7dec11d0a76500a0c91e6bf6");
  const auto upper = ParseRequestId("F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6");
  ASSERT_OK(upper);
  EXPECT_EQ(*upper, *lower);
  const auto none = ParseRequestId("");
  ASSERT_OK(none);
  EXPECT_EQ(*none, "");
}

TEST(RequestIdFormTest, RefusesEverythingElse) {
  for (const char* text :
       {"f81d4fae7dec11d0a76500a0c91e6bf6", "{f81d4fae-7dec-11d0-a765-00a0c91e6bf6}",
        "f81d4fae-7dec-11d0-a765-00a0c91e6bf", "f81d4fae-7dec-11d0-a765-00a0c91e6bf67",
        "f81d4fae-7dec-11d0-a765-00a0c91e6bfg", "f81d4fae-7dec-11d0-a765000a0c91e6bf6",
        " f81d4fae-7dec-11d0-a765-00a0c91e6bf", "00000000-0000-0000-0000-000000000000",
        "------------------------------------"}) {
    EXPECT_FALSE(ParseRequestId(text).ok()) << text;
  }
}

TEST(HandleFormTest, IsBase64UrlWithinBounds) {
  EXPECT_OK(CheckHandle("aZ09-_"));
  EXPECT_OK(CheckHandle(std::string(kHandleBytesMax, 'a')));
  EXPECT_FALSE(CheckHandle(std::string(kHandleBytesMax + 1, 'a')).ok());
  for (const char* text : {"", "a b", "a+b", "a/b", "ab==", "a.b", "ü", "a\n"}) {
    EXPECT_FALSE(CheckHandle(text).ok()) << text;
  }
}

TEST(DeviceInfoFormTest, IsPlainTextWithinBounds) {
  EXPECT_OK(CheckDeviceInfo(""));
  EXPECT_OK(CheckDeviceInfo("Jürgens Pixel 8, Android 15 📱"));
  EXPECT_OK(CheckDeviceInfo(std::string(kDeviceInfoBytesMax, 'a')));
  EXPECT_FALSE(CheckDeviceInfo(std::string(kDeviceInfoBytesMax + 1, 'a')).ok());
  EXPECT_FALSE(CheckDeviceInfo("a\nb").ok());
  EXPECT_FALSE(CheckDeviceInfo("a\xFF").ok());
}

TEST(LocaleFormTest, HasItsUsualCase) {
  const std::vector<std::pair<const char*, const char*>> kLocales = {{"", ""},
                                                                     {"en", "en"},
                                                                     {"EN", "en"},
                                                                     {"pt-br", "pt-BR"},
                                                                     {"pt_BR", "pt-BR"},
                                                                     {"ZH-hant-tw", "zh-Hant-TW"},
                                                                     {"es-419", "es-419"},
                                                                     {"DE-1996", "de-1996"},
                                                                     {"en-ca-X-CA", "en-CA-x-ca"}};
  for (const auto& [locale, canonical] : kLocales) {
    const auto result = CanonicalLocale(locale);
    ASSERT_OK(result) << locale;
    EXPECT_EQ(*result, canonical);
    EXPECT_EQ(*CanonicalLocale(canonical), canonical);
  }
}

TEST(LocaleFormTest, RefusesWhatIsNoTag) {
  for (const char* locale :
       {"e", "1a", "en-", "-en", "en--US", "en US", "en.UTF-8", "englishspeak", "en-123456789",
        "ünglish", "../etc", "x-private", "en-aaaaaaaa-bbbbbbbb-cccccccc-dddddddd"}) {
    EXPECT_FALSE(CanonicalLocale(locale).ok()) << locale;
  }
}

}  // namespace
}  // namespace otpgate::validation
