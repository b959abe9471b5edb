#include "server/validation/phone.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "tests/support/status_matchers.h"

namespace otpgate::validation {
namespace {

struct PhoneCase {
  const char* name;
  PhoneSpelling spelling;
  const char* canonical;
};

class AcceptedPhoneTest : public ::testing::TestWithParam<PhoneCase> {};

TEST_P(AcceptedPhoneTest, HasItsCanonicalForm) {
  const auto phone = CanonicalPhone(GetParam().spelling);
  ASSERT_OK(phone);
  EXPECT_EQ(*phone, GetParam().canonical);
}

INSTANTIATE_TEST_SUITE_P(
    Phones, AcceptedPhoneTest,
    ::testing::Values(
        PhoneCase{"Fictitious", {.number = "+14155550123"}, "+14155550123"},
        PhoneCase{
            "NationalWithRegion", {.number = "(415) 555-0123", .region = "US"}, "+14155550123"},
        PhoneCase{"CountryCode", {.number = "9876543210", .country_code = "+91"}, "+919876543210"},
        PhoneCase{
            "CountryCodeTwice", {.number = "919876543210", .country_code = "91"}, "+919876543210"},
        PhoneCase{
            "NationalPrefix", {.number = "09876543210", .country_code = "91"}, "+919876543210"},
        PhoneCase{"OptionalZero", {.number = "+44 (0)20 7946 0958"}, "+442079460958"},
        PhoneCase{"ItalianZeroStays", {.number = "+39 06 6982"}, "+39066982"},
        PhoneCase{
            "ArgentineMobile", {.number = "011 15-2345-6789", .region = "AR"}, "+5491123456789"},
        PhoneCase{
            "IddOfRegion", {.number = "011 44 20 7946 0958", .region = "US"}, "+442079460958"},
        PhoneCase{"OfNoCountry", {.number = "+870773111632"}, "+870773111632"},
        // Not in a range of the 2022 metadata, but of a length that the country uses.
        PhoneCase{"UnknownRange", {.number = "+4915599999999"}, "+4915599999999"}),
    [](const auto& test) { return std::string(test.param.name); });

class RefusedPhoneTest : public ::testing::TestWithParam<PhoneCase> {};

// For refused numbers, `canonical` is a part of the description.
TEST_P(RefusedPhoneTest, SaysWhyAndNotWhat) {
  const auto phone = CanonicalPhone(GetParam().spelling);
  ASSERT_THAT(phone, support::StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_TRUE(absl::StrContains(phone.status().message(), GetParam().canonical))
      << phone.status().message();
  EXPECT_FALSE(absl::StrContains(phone.status().message(), "555"));
}

INSTANTIATE_TEST_SUITE_P(
    Phones, RefusedPhoneTest,
    ::testing::Values(
        PhoneCase{"Empty", {.number = ""}, "digits"}, PhoneCase{"Plus", {.number = "+"}, "digits"},
        PhoneCase{"NationalAlone", {.number = "4155550123"}, "region or country_code"},
        PhoneCase{"ExtensionX", {.number = "+14155550123x7"}, "extension"},
        PhoneCase{"ExtensionParameter", {.number = "tel:+1-415-555-0123;ext=7"}, "extension"},
        PhoneCase{"ExtensionComma", {.number = "+14155550123,,7"}, "extension"},
        PhoneCase{"ServiceCode", {.number = "*#06#"}, "service code"},
        PhoneCase{"Vanity", {.number = "+1415FLOWERS"}, "only digits"},
        PhoneCase{"Sentence", {.number = "call +14155550123"}, "only digits"},
        PhoneCase{"TwoNumbers", {.number = "+14155550123+14155550124"}, "only in front"},
        PhoneCase{"DoublePlus", {.number = "++14155550123"}, "only in front"},
        PhoneCase{"Nul", {.number = absl::string_view("+14155550123\0", 13)}, "only digits"},
        PhoneCase{"BrokenUtf8", {.number = "+1415555012\xFF"}, "UTF-8"},
        PhoneCase{"NoSuchCountry", {.number = "+999123456789"}, "calling code"},
        PhoneCase{"TooShort", {.number = "+1415555"}, "short"},
        PhoneCase{"TooLong", {.number = "+141555501234"}, "long"},
        PhoneCase{"Endless", {.number = "+1415555012345678901234567890"}, "long"},
        PhoneCase{"MoreThan15Digits", {.number = "+49301234567890123"}, ""},
        PhoneCase{"LocalOnly", {.number = "5550123", .region = "US"}, "area code"},
        PhoneCase{"Emergency", {.number = "110", .region = "DE"}, "area code"},
        PhoneCase{"PremiumRate", {.number = "+19002530000"}, "person"},
        PhoneCase{"TollFree", {.number = "+18002530000"}, "person"},
        PhoneCase{"Region", {.number = "4155550123", .region = "XX"}, "two-letter region"},
        PhoneCase{"RegionOfNone", {.number = "4155550123", .region = "001"}, "two-letter region"},
        PhoneCase{"CountryCode", {.number = "4155550123", .country_code = "1a"}, "calling code"},
        PhoneCase{
            "CountryCodeOfNone", {.number = "4155550123", .country_code = "999"}, "calling code"},
        PhoneCase{
            "CountryCodeNegative", {.number = "4155550123", .country_code = "-1"}, "calling code"},
        PhoneCase{"Disagrees", {.number = "+14155550123", .country_code = "44"}, "disagrees"},
        PhoneCase{"RegionDisagrees",
                  {.number = "4155550123", .region = "US", .country_code = "44"},
                  "disagrees"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(PhoneTest, RefusesLongSpellingsBeforeReadingThem) {
  const std::string zeros(8'000'000, '1');
  EXPECT_THAT(CanonicalPhone({.number = zeros}),
              support::StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(PhoneTest, ThreadsMayShareIt) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([] {
      for (int i = 0; i < 200; ++i) {
        const auto phone = CanonicalPhone({.number = "020 7946 0958", .region = "GB"});
        ASSERT_OK(phone);
        ASSERT_EQ(*phone, "+442079460958");
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace otpgate::validation
