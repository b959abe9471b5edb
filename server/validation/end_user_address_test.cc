#include "server/validation/end_user_address.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tests/support/status_matchers.h"

namespace otpgate::validation {
namespace {

std::string BucketOf(absl::string_view text) {
  const auto address = ParseEndUserAddress(text);
  return address.ok() ? address->bucket : address.status().ToString();
}

TEST(EndUserAddressTest, D4_AllAddressesOfOneSlash64AreOneBucket) {
  for (int i = 0; i < 1 << 16; ++i) {
    const std::string text = absl::StrFormat("2001:db8:1:2:%x:0:%x:1", i, i ^ 0x5a5a);
    ASSERT_EQ(BucketOf(text), "ip:2001:db8:1:2::/64") << text;
  }
}

TEST(EndUserAddressTest, D4_SpellingsOfOneAddressAreOneBucket) {
  for (const char* text : {"2001:db8::1", "2001:DB8::1", "2001:0db8:0000:0000:0000:0000:0000:0001",
                           "2001:db8:0:0::1", "2001:db8::0:0:1", "2001:db8::0.0.0.1"}) {
    const auto address = ParseEndUserAddress(text);
    ASSERT_OK(address) << text;
    EXPECT_EQ(address->text, "2001:db8::1") << text;
    EXPECT_EQ(address->bucket, "ip:2001:db8::/64") << text;
  }
}

TEST(EndUserAddressTest, D4_MappedIpv4IsIpv4) {
  for (const char* text :
       {"203.0.113.7", "::ffff:203.0.113.7", "::FFFF:cb00:7107", "0:0:0:0:0:ffff:203.0.113.7"}) {
    const auto address = ParseEndUserAddress(text);
    ASSERT_OK(address) << text;
    EXPECT_EQ(address->text, "203.0.113.7") << text;
    EXPECT_EQ(address->bucket, "ip:203.0.113.7/32") << text;
  }
}

TEST(EndUserAddressTest, NeighboursHaveBucketsOfTheirOwn) {
  EXPECT_NE(BucketOf("203.0.113.7"), BucketOf("203.0.113.8"));
  EXPECT_NE(BucketOf("2001:db8:0:1::1"), BucketOf("2001:db8:0:2::1"));
  EXPECT_NE(BucketOf("::203.0.113.7"), BucketOf("203.0.113.7"));
}

TEST(EndUserAddressTest, RefusesWhatIsNotOneAddress) {
  for (const absl::string_view text :
       {absl::string_view(""), absl::string_view(" 203.0.113.7"), absl::string_view("203.0.113.7 "),
        absl::string_view("203.0.113"), absl::string_view("0203.0.113.7"),
        absl::string_view("203.0.113.256"), absl::string_view("0xcb.0.113.7"),
        absl::string_view("3405803783"), absl::string_view("203.0.113.7:443"),
        absl::string_view("203.0.113.7, 198.51.100.1"), absl::string_view("[2001:db8::1]"),
        absl::string_view("fe80::1%eth0"), absl::string_view("2001:db8::1/64"),
        absl::string_view("1::2::3"), absl::string_view("localhost"),
        absl::string_view("203.0.113.7\0", 12), absl::string_view("::1\0x", 5)}) {
    EXPECT_THAT(ParseEndUserAddress(text), support::StatusIs(absl::StatusCode::kInvalidArgument))
        << text;
  }
  EXPECT_FALSE(ParseEndUserAddress(std::string(8'000'000, '1')).ok());
}

}  // namespace
}  // namespace otpgate::validation
