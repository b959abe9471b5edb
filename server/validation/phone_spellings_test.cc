// Every example number of libphonenumber, in every spelling that people use.
#include <gtest/gtest.h>
#include <phonenumbers/phonenumberutil.h>

#include <set>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "server/validation/phone.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace otpgate::validation {
namespace {

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

const PhoneNumberUtil& Util() { return *PhoneNumberUtil::GetInstance(); }

struct Example {
  PhoneNumber number;
  std::string region;  // empty: a number without a country
};

std::vector<Example> Examples() {
  std::vector<Example> examples;
  std::set<std::string> regions;
  Util().GetSupportedRegions(&regions);
  for (const std::string& region : regions) {
    for (int type = 0; type <= PhoneNumberUtil::kMaxNumberType; ++type) {
      PhoneNumber number;
      if (Util().GetExampleNumberForType(
              region, static_cast<PhoneNumberUtil::PhoneNumberType>(type), &number)) {
        examples.push_back({number, region});
      }
    }
  }
  std::set<int> codes;
  Util().GetSupportedGlobalNetworkCallingCodes(&codes);
  for (const int code : codes) {
    PhoneNumber number;
    if (Util().GetExampleNumberForNonGeoEntity(code, &number)) examples.push_back({number, ""});
  }
  return examples;
}

// Canada's 310 numbers work only within Canada, so nothing can be sent to them.
bool IsReachable(const PhoneNumber& number) {
  return Util().IsPossibleNumberWithReason(number) == PhoneNumberUtil::IS_POSSIBLE;
}

std::string Format(const PhoneNumber& number, PhoneNumberUtil::PhoneNumberFormat format) {
  std::string text;
  Util().Format(number, format, &text);
  return text;
}

// Replaces "0" to "9" by `digits` and "+" by `plus`.
std::string Transcribe(const std::string& text, const std::vector<std::string>& digits,
                       const std::string& plus) {
  std::string out;
  for (const char c : text) {
    if (c == '+') {
      out += plus;
    } else {
      out += digits[static_cast<size_t>(c - '0')];
    }
  }
  return out;
}

const std::vector<std::string> kFullWidth = {"０", "１", "２", "３", "４",
                                             "５", "６", "７", "８", "９"};
const std::vector<std::string> kArabic = {"٠", "١", "٢", "٣", "٤", "٥", "٦", "٧", "٨", "٩"};
const std::vector<std::string> kDevanagari = {"०", "१", "२", "३", "४", "५", "६", "७", "८", "९"};

struct Spelling {
  std::string name;
  std::string number;
  std::string region;
  std::string country_code;
};

std::vector<Spelling> SpellingsOf(const Example& example) {
  const std::string e164 = Format(example.number, PhoneNumberUtil::E164);
  const std::string international = Format(example.number, PhoneNumberUtil::INTERNATIONAL);
  const std::string national = Format(example.number, PhoneNumberUtil::NATIONAL);
  const std::string code = absl::StrCat(example.number.country_code());
  const std::string rest = e164.substr(1 + code.size());
  std::vector<Spelling> spellings = {
      {"E164", e164, "", ""},
      {"International", international, "", ""},
      {"Rfc3966", Format(example.number, PhoneNumberUtil::RFC3966), "", ""},
      {"Blanks", absl::StrCat("  ", absl::StrReplaceAll(international, {{"-", "  "}}), "\t"), "",
       ""},
      {"Dots", absl::StrReplaceAll(international, {{" ", "."}, {"-", "."}}), "", ""},
      {"UnicodeDashes", absl::StrReplaceAll(international, {{" ", "‑"}, {"-", "–"}}), "", ""},
      {"NoBreakSpaces", absl::StrReplaceAll(international, {{" ", "\u00A0"}, {"-", "\u202F"}}), "",
       ""},
      {"Brackets", absl::StrCat("(+", code, ") [", rest, "]"), "", ""},
      {"FullWidth", Transcribe(e164, kFullWidth, "＋"), "", ""},
      {"Arabic", Transcribe(e164, kArabic, "+"), "", ""},
      {"Devanagari", Transcribe(e164, kDevanagari, "+"), "", ""},
      {"DoubleZero", absl::StrCat("00", code, rest), "", ""},
      {"CountryCode", rest, "", code},
      {"CountryCodeWithPlus", e164, "", absl::StrCat("+", code)},
  };
  if (!example.region.empty()) {
    spellings.push_back({"National", national, example.region, ""});
    spellings.push_back(
        {"NationalLowerCaseRegion", national, absl::AsciiStrToLower(example.region), code});
    spellings.push_back({"ForeignRegionIsIgnored", e164, example.region == "US" ? "DE" : "US", ""});
  }
  return spellings;
}

std::string Canonical(const Spelling& spelling) {
  const auto phone = CanonicalPhone(
      {.number = spelling.number, .region = spelling.region, .country_code = spelling.country_code},
      PhoneTypes::kAll);
  return phone.ok() ? *phone : phone.status().ToString();
}

TEST(PhoneTest, C2_EverySpellingOfEveryExampleNumberIsOneKey) {
  const std::vector<Example> examples = Examples();
  ASSERT_GT(examples.size(), 1000u);
  int wrong = 0;
  int unreachable = 0;
  for (const Example& example : examples) {
    if (!IsReachable(example.number)) {
      ++unreachable;
      continue;
    }
    const std::string expected = Format(example.number, PhoneNumberUtil::E164);
    const std::vector<Spelling> spellings = SpellingsOf(example);
    ASSERT_GE(spellings.size(), 12u);
    for (const Spelling& spelling : spellings) {
      const std::string canonical = Canonical(spelling);
      if (canonical == expected) continue;
      ++wrong;
      ADD_FAILURE() << spelling.name << " of " << example.region << ": \"" << spelling.number
                    << "\" gives " << canonical << " instead of " << expected;
    }
    ASSERT_LT(wrong, 50) << "and so on";
  }
  EXPECT_LE(unreachable, 1);
}

// Also numbers that are invalid by the metadata, where libphonenumber guesses national prefixes.
TEST(PhoneTest, C2_CanonicalFormIsAFixedPoint) {
  std::set<int> code_set;
  Util().GetSupportedCallingCodes(&code_set);
  const std::vector<int> codes(code_set.begin(), code_set.end());
  support::SeededRandom random(2);
  int accepted = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string text = absl::StrCat("+", codes[random.Uint64() % codes.size()]);
    const size_t size = 9 + random.Uint64() % 7;
    if (random.Uint64() % 2 == 0) text += "0";
    while (text.size() <= size) text += static_cast<char>('0' + random.Uint64() % 10);
    const auto once = CanonicalPhone({.number = text}, PhoneTypes::kAll);
    if (!once.ok()) continue;
    ++accepted;
    const auto twice = CanonicalPhone({.number = *once}, PhoneTypes::kAll);
    ASSERT_OK(twice) << text << " -> " << *once;
    ASSERT_EQ(*twice, *once) << text;
    ASSERT_LE(once->size(), kE164BytesMax);
  }
  EXPECT_GT(accepted, 3000);
}

}  // namespace
}  // namespace otpgate::validation
