#include "server/validation/email.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/support/status_matchers.h"

namespace otpgate::validation {
namespace {

std::string Canonical(absl::string_view spelling) {
  const auto email = CanonicalEmail(spelling);
  return email.ok() ? *email : email.status().ToString();
}

std::string Repeat(absl::string_view piece, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) absl::StrAppend(&text, piece);
  return text;
}

struct EmailCase {
  const char* name;
  std::string spelling;
  std::string canonical;
};

class AcceptedEmailTest : public ::testing::TestWithParam<EmailCase> {};

TEST_P(AcceptedEmailTest, C2_HasOneCanonicalFormWhichIsItsOwn) {
  EXPECT_EQ(Canonical(GetParam().spelling), GetParam().canonical);
  EXPECT_EQ(Canonical(GetParam().canonical), GetParam().canonical);
}

INSTANTIATE_TEST_SUITE_P(
    Emails, AcceptedEmailTest,
    ::testing::Values(
        EmailCase{"Plain", "test@example.com", "test@example.com"},
        EmailCase{"Case", "TeSt@EXAMPLE.Com", "test@example.com"},
        EmailCase{"Blanks", " test@example.com\t\n", "test@example.com"},
        EmailCase{"TagAndDotsStay", "first.last+tag@example.com", "first.last+tag@example.com"},
        EmailCase{"AllAtext", "!#$%&'*+-/=?^_`{|}~@example.com", "!#$%&'*+-/=?^_`{|}~@example.com"},
        EmailCase{"LocalOf64", Repeat("a", 64) + "@example.com", Repeat("a", 64) + "@example.com"},
        EmailCase{"DigitLabels", "a@1.2.3.example", "a@1.2.3.example"},
        EmailCase{"InnerHyphens", "a@b-c-d.example", "a@b-c-d.example"},
        EmailCase{"Idn", "a@bücher.example", "a@xn--bcher-kva.example"},
        EmailCase{"IdnCase", "a@BÜCHER.example", "a@xn--bcher-kva.example"},
        EmailCase{"IdnDecomposed", "a@bu\u0308cher.example", "a@xn--bcher-kva.example"},
        EmailCase{"IdnALabel", "a@XN--Bcher-KVA.example", "a@xn--bcher-kva.example"},
        EmailCase{"IdnFullWidth", "a@ｂücher．example", "a@xn--bcher-kva.example"},
        EmailCase{"IdnIdeographicDot", "a@例え。テスト", "a@xn--r8jz45g.xn--zckzah"},
        EmailCase{"SharpSIsNotSs", "a@faß.example", "a@xn--fa-hia.example"},
        EmailCase{"FinalSigma", "a@βόλος.example", "a@xn--nxasmm1c.example"},
        EmailCase{"Cyrillic", "a@почта.рф", "a@xn--80a1acny.xn--p1ai"}),
    [](const auto& test) { return std::string(test.param.name); });

class RefusedEmailTest : public ::testing::TestWithParam<EmailCase> {};

TEST_P(RefusedEmailTest, IsRefused) {
  EXPECT_THAT(CanonicalEmail(GetParam().spelling),
              support::StatusIs(absl::StatusCode::kInvalidArgument));
}

const std::string kLabel63 = Repeat("b", 63);

INSTANTIATE_TEST_SUITE_P(
    Emails, RefusedEmailTest,
    ::testing::Values(
        EmailCase{"Empty", "", ""}, EmailCase{"NoAt", "example.com", ""},
        EmailCase{"NoLocal", "@example.com", ""}, EmailCase{"NoDomain", "a@", ""},
        EmailCase{"TwoAts", "a@b@example.com", ""}, EmailCase{"InnerBlank", "a b@example.com", ""},
        EmailCase{"BlankBeforeAt", "a @example.com", ""},
        EmailCase{"BlankAfterAt", "a@ example.com", ""},
        EmailCase{"LeadingDot", ".a@example.com", ""},
        EmailCase{"TrailingDot", "a.@example.com", ""},
        EmailCase{"DoubleDot", "a..b@example.com", ""},
        EmailCase{"Quoted", "\"a b\"@example.com", ""},
        EmailCase{"Comment", "a(b)@example.com", ""},
        EmailCase{"DisplayName", "Ann <a@example.com>", ""},
        EmailCase{"List", "a@example.com,b@example.com", ""},
        EmailCase{"HeaderInjection", "a@example.com\r\nBcc: b@example.com", ""},
        EmailCase{"Nul", std::string("a@example.com\0.evil.example", 27), ""},
        EmailCase{"NulInIdn", std::string("a@bücher.example\0.evil.example", 31), ""},
        EmailCase{"NulInLocal", std::string("a\0b@example.com", 15), ""},
        EmailCase{"LocalOf65", Repeat("a", 65) + "@example.com", ""},
        EmailCase{"LocalBeyondAscii", "jürgen@example.com", ""},
        EmailCase{"SingleLabel", "root@localhost", ""}, EmailCase{"Ipv4", "a@192.0.2.1", ""},
        EmailCase{"Ipv4Literal", "a@[192.0.2.1]", ""},
        EmailCase{"Ipv6Literal", "a@[IPv6:2001:db8::1]", ""},
        EmailCase{"RootDot", "a@example.com.", ""}, EmailCase{"EmptyLabel", "a@example..com", ""},
        EmailCase{"LeadingHyphen", "a@-example.com", ""},
        EmailCase{"TrailingHyphen", "a@example-.com", ""},
        EmailCase{"Underscore", "a@exa_mple.com", ""}, EmailCase{"Percent", "a@exa%6dple.com", ""},
        EmailCase{"LabelOf64", "a@" + Repeat("b", 64) + ".com", ""},
        EmailCase{"DomainOf254", "a@" + Repeat(kLabel63 + ".", 3) + Repeat("b", 62), ""},
        EmailCase{"AddressOf255",
                  Repeat("a", 64) + "@" + Repeat(kLabel63 + ".", 2) + Repeat("b", 62), ""},
        EmailCase{"Endless", Repeat("a", 1'000'000) + "@example.com", ""},
        EmailCase{"FakeALabel", "a@xn--zzzzzz9999.example", ""},
        EmailCase{"ALabelOfAscii", "a@xn--example-.com", ""},
        EmailCase{"ReservedHyphens", "a@ab--cd.example", ""},
        EmailCase{"FullWidthAt", "a＠example.com", ""},
        EmailCase{"FullWidthAtInDomain", "a@b＠example.com", ""},
        EmailCase{"FullWidthSlash", "a@exam／ple.com", ""},
        EmailCase{"FullWidthUnderscore", "a@exa＿mple.com", ""},
        EmailCase{"IdnUnderscore", "a@ö_x.com", ""}, EmailCase{"IdnBlank", "a@ö x.com", ""},
        EmailCase{"ParenthesizedDigit", "a@a⑷b.com", ""},
        EmailCase{"EmptyALabel", "a@xn--.com", ""}, EmailCase{"EmojiDomain", "a@📱.example", ""},
        EmailCase{"BrokenUtf8", "a@b\xFF.example", ""},
        EmailCase{"MixedDirections", "a@aא.example", ""},
        EmailCase{"LeadingCombining", "a@\u0308b.example", ""}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(EmailTest, LongestAddressIsTaken) {
  const std::string longest = Repeat("a", 64) + "@" + Repeat(kLabel63 + ".", 2) + Repeat("b", 61);
  ASSERT_EQ(longest.size(), kEmailBytesMax);
  EXPECT_EQ(Canonical(longest), longest);
}

// Addresses that look equal after case folding, width folding or in some font. Each is refused or a
// key of its own, except where the DNS itself has one name for both.
TEST(EmailTest, C3_LookalikesNeverMeetTheVictim) {
  const std::vector<std::string> lookalikes = {
      "mıke@github.com",       "mike@gıthub.com",      "MİKE@github.com",
      "mike@gİthub.com",       "mi\u212Ae@github.com", "mike\u200B@github.com",
      "mike@git\u0433hub.com", "ｍike@github.com",     "mike@g\u0456thub.com",
      "m\u0456ke@github.com",  "mike@githűb.com",      "mike\u00AD@github.com",
      "mike@github.c\u03BFm",  "m1ke@github.com",      "mike@gith\u03C5b.com",
      "ﬀmike@github.com"};
  std::set<std::string> keys = {"mike@github.com"};
  for (const std::string& lookalike : lookalikes) {
    const auto email = CanonicalEmail(lookalike);
    if (!email.ok()) continue;
    EXPECT_TRUE(keys.insert(*email).second) << lookalike << " merges into " << *email;
  }
  EXPECT_GT(keys.size(), 4u);  // some are domain names of their own
}

std::string Utf8(char32_t c) {
  const auto tail = [c](int shift) { return static_cast<char>(0x80 | (c >> shift & 0x3F)); };
  if (c < 0x80) return {static_cast<char>(c)};
  if (c < 0x800) return {static_cast<char>(0xC0 | c >> 6), tail(0)};
  if (c < 0x10000) return {static_cast<char>(0xE0 | c >> 12), tail(6), tail(0)};
  return {static_cast<char>(0xF0 | c >> 18), tail(12), tail(6), tail(0)};
}

// Every code point within a domain name is refused, or gives a plain ASCII key that is its own
// canonical form. Only what UTS 46 ignores is dropped, never a character that makes another name.
TEST(EmailTest, C2_EveryCodePointGivesAFixedPointOrNothing) {
  int accepted = 0;
  std::set<std::string> merged;
  for (char32_t c = 1; c < 0x30000; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    const auto once = CanonicalEmail(absl::StrCat("a@ex", Utf8(c), "ample.com"));
    if (!once.ok()) continue;
    ++accepted;
    ASSERT_EQ(Canonical(*once), *once) << std::hex << static_cast<uint32_t>(c);
    for (const char byte : *once) ASSERT_TRUE(byte > ' ' && byte < 0x7F);
    if (*once == "a@example.com") merged.insert(Utf8(c));
  }
  EXPECT_GT(accepted, 10000);
  EXPECT_EQ(merged.size(), 30u);  // soft hyphen, joiners, variation selectors, shorthand controls
  for (const std::string& dropped : merged) EXPECT_GT(dropped.size(), 1u) << dropped;
}

// Spellings that the DNS maps to one name give one key, and mail goes to that name.
TEST(EmailTest, C3_NamesTheDnsMergesAreOneKeyOfPlainAscii) {
  for (const char* spelling : {"mike@ﬁthub.com", "mike@fi\u00ADthub.com", "mike@fit\u210Cub.com"}) {
    EXPECT_EQ(Canonical(spelling), "mike@fithub.com") << spelling;
  }
}

}  // namespace
}  // namespace otpgate::validation
