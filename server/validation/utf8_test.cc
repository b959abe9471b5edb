#include "server/validation/utf8.h"

#include <gtest/gtest.h>

#include <string>

namespace otpgate::validation {
namespace {

std::string Encode(char32_t c) {
  const auto byte = [](char32_t value) { return static_cast<char>(value); };
  if (c < 0x80) return {byte(c)};
  if (c < 0x800) return {byte(0xC0 | c >> 6), byte(0x80 | (c & 0x3F))};
  if (c < 0x10000) {
    return {byte(0xE0 | c >> 12), byte(0x80 | (c >> 6 & 0x3F)), byte(0x80 | (c & 0x3F))};
  }
  return {byte(0xF0 | c >> 18), byte(0x80 | (c >> 12 & 0x3F)), byte(0x80 | (c >> 6 & 0x3F)),
          byte(0x80 | (c & 0x3F))};
}

TEST(Utf8Test, EveryCodePointComesBackAndSurrogatesDoNot) {
  for (char32_t c = 0; c <= 0x110000; ++c) {
    const std::string encoded = Encode(c);
    absl::string_view text = encoded;
    const std::optional<char32_t> decoded = TakeCodePoint(text);
    if ((c >= 0xD800 && c <= 0xDFFF) || c > 0x10FFFF) {
      ASSERT_EQ(decoded, std::nullopt) << std::hex << static_cast<uint32_t>(c);
    } else {
      ASSERT_EQ(decoded, c) << std::hex << static_cast<uint32_t>(c);
      ASSERT_TRUE(text.empty());
    }
  }
}

struct Utf8Case {
  const char* name;
  std::string text;
  bool plain;
};

class PlainTextTest : public ::testing::TestWithParam<Utf8Case> {};

TEST_P(PlainTextTest, TellsPlainFromDisturbing) {
  EXPECT_EQ(IsPlainText(GetParam().text), GetParam().plain);
}

INSTANTIATE_TEST_SUITE_P(
    Texts, PlainTextTest,
    ::testing::Values(
        Utf8Case{"Empty", "", true}, Utf8Case{"Ascii", "Pixel 8, Android 15", true},
        Utf8Case{"Umlaut", "Jürgens Gerät", true}, Utf8Case{"Emoji", "📱", true},
        Utf8Case{"ZeroWidthJoiner", "👩‍💻", true},
        Utf8Case{"Nul", std::string("a\0b", 3), false}, Utf8Case{"LineFeed", "a\nb", false},
        Utf8Case{"Escape", "\x1b[31m", false}, Utf8Case{"Delete", "\x7f", false},
        Utf8Case{"NextLine", "\xC2\x85", false}, Utf8Case{"LineSeparator", "\xE2\x80\xA8", false},
        Utf8Case{"RightToLeftOverride", "\xE2\x80\xAE", false},
        Utf8Case{"Isolate", "\xE2\x81\xA6", false}, Utf8Case{"LoneContinuation", "\x80", false},
        Utf8Case{"OverlongSlash", "\xC0\xAF", false},
        Utf8Case{"OverlongThree", "\xE0\x80\xAF", false},
        Utf8Case{"OverlongNul", "\xF0\x80\x80\x80", false}, Utf8Case{"CutShort", "\xE2\x82", false},
        Utf8Case{"Latin1", "J\xFCrgen", false}),
    [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace otpgate::validation
