#include "base/crypto/base64url.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>

#include "tests/support/seeded_random.h"

namespace otpgate::crypto {
namespace {

TEST(Base64UrlTest, Vectors) {  // RFC 7515, appendix C
  const std::string bytes("\x03\xec\xff\xe0\xc1", 5);
  EXPECT_EQ(Base64UrlEncode(bytes), "A-z_4ME");
  EXPECT_EQ(Base64UrlDecode("A-z_4ME"), bytes);
}

TEST(Base64UrlTest, RoundTripOfEveryLength) {
  support::SeededRandom random(1);
  for (size_t size = 0; size <= 100; ++size) {
    std::string bytes(size, '\0');
    random.Fill(bytes.data(), size);
    EXPECT_EQ(Base64UrlDecode(Base64UrlEncode(bytes)), bytes);
  }
}

struct Refused {
  const char* name;
  const char* text;
};

void PrintTo(const Refused& value, std::ostream* out) { *out << value.name; }

class Base64UrlRefusalTest : public ::testing::TestWithParam<Refused> {};

TEST_P(Base64UrlRefusalTest, IsNotDecoded) {
  EXPECT_EQ(Base64UrlDecode(GetParam().text), std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(
    All, Base64UrlRefusalTest,
    ::testing::Values(Refused{"Padding", "QQ=="}, Refused{"DotPadding", "QQ.."},
                      Refused{"TrailingBits", "QR"}, Refused{"TrailingBitsOfThree", "QUF"},
                      Refused{"LeadingSpace", " QQ"}, Refused{"TrailingNewline", "QQ\n"},
                      Refused{"InnerSpace", "QU FB"}, Refused{"LengthOne", "QUFBQ"},
                      Refused{"StandardAlphabetPlus", "A+z_4ME"},
                      Refused{"StandardAlphabetSlash", "A-z/4ME"},
                      Refused{"NotAscii", "QU\xc3\xa4"}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace otpgate::crypto
