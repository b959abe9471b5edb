#include "storage/row_check.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"

namespace otpgate::storage {
namespace {

struct TextCase {
  const char* name;
  std::string text;
  bool ok;
};

const TextCase kTexts[] = {
    {"Empty", "", true},
    {"Ascii", "a@example.com\x01\x7f", true},
    {"Nul", std::string("a\0", 2), false},
    {"TwoBytesFirst", "\xc2\x80", true},
    {"TwoBytesLast", "\xdf\xbf", true},
    {"OverlongTwo", "\xc1\xbf", false},
    {"OverlongNul", "\xc0\x80", false},
    {"ThreeBytesFirst", "\xe0\xa0\x80", true},
    {"OverlongThree", "\xe0\x9f\xbf", false},
    {"BeforeSurrogates", "\xed\x9f\xbf", true},
    {"Surrogate", "\xed\xa0\x80", false},
    {"AfterSurrogates", "\xee\x80\x80", true},
    {"NonCharacter", "\xef\xbf\xbf", true},
    {"FourBytesFirst", "\xf0\x90\x80\x80", true},
    {"OverlongFour", "\xf0\x8f\xbf\xbf", false},
    {"LastCodePoint", "\xf4\x8f\xbf\xbf", true},
    {"AboveLast", "\xf4\x90\x80\x80", false},
    {"FiveBytes", "\xf8\x88\x80\x80\x80", false},
    {"LoneContinuation", "\x80", false},
    {"CutAfterOne", "a\xe4", false},
    {"CutAfterTwo", "a\xe4\xb8", false},
    {"CutAfterThree", "\xf0\x90\x80", false},
    {"BadThird",
     "\xe4\xb8"
     "a",
     false},
    {"BadFourth",
     "\xf0\x90\x80"
     "a",
     false},
    {"Latin1InTheMiddle", "caf\xe9 au lait", false},
};

TEST(RowCheckTest, TextIsUtf8WithoutNul) {
  for (const TextCase& c : kTexts) {
    EXPECT_EQ(IsStorableText(c.text), c.ok) << c.name;
    EXPECT_EQ(IsStorableText(absl::StrCat("ab", c.text, "cd")), c.ok) << c.name;
  }
}

TEST(RowCheckTest, TimeIsWholeMicrosecondsOfFourDigitYears) {
  const auto year = [](int n) { return absl::FromCivil(absl::CivilYear(n), absl::UTCTimeZone()); };
  const absl::Duration us = absl::Microseconds(1);
  EXPECT_TRUE(IsStorableTime(absl::UnixEpoch()));
  EXPECT_TRUE(IsStorableTime(absl::UnixEpoch() - us));
  EXPECT_FALSE(IsStorableTime(absl::UnixEpoch() + absl::Nanoseconds(1)));
  EXPECT_FALSE(IsStorableTime(absl::UnixEpoch() - absl::Nanoseconds(1)));
  EXPECT_TRUE(IsStorableTime(year(1)));
  EXPECT_FALSE(IsStorableTime(year(1) - us));
  EXPECT_TRUE(IsStorableTime(year(10000) - us));
  EXPECT_FALSE(IsStorableTime(year(10000)));
  EXPECT_FALSE(IsStorableTime(absl::InfiniteFuture()));
  EXPECT_FALSE(IsStorableTime(absl::InfinitePast()));
}

TEST(RowCheckTest, NamesTheFirstBrokenRuleAndNoValue) {
  RowCheck check;
  check.Table("t");
  check.Text("fine", "value", 1, 5);
  EXPECT_TRUE(check.ToStatus().ok());
  check.Text("first", "secret", 1, 5);
  check.Table("u");
  check.Range("second", 7, 0, 5);
  EXPECT_EQ(check.ToStatus(), absl::InvalidArgumentError("t_first_length"));
}

}  // namespace
}  // namespace otpgate::storage
