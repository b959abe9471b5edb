#include "base/crypto/strict_json.h"

#include <gtest/gtest.h>

#include <ostream>

namespace otpgate::crypto {
namespace {

TEST(StrictJsonTest, ReadsMembersByType) {
  const auto object = ParseStrictObject(
      R"( {"s":"x","n":18446744073709551615,"one":"x","list":["a","b"],"o":{"s":1},"neg":-1} )");
  ASSERT_TRUE(object);
  EXPECT_EQ(GetString(*object, "s"), "x");
  EXPECT_EQ(GetUint(*object, "n"), 18446744073709551615u);
  EXPECT_EQ(GetStrings(*object, "one"), std::vector<std::string>{"x"});
  EXPECT_EQ(GetStrings(*object, "list"), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(GetString(*object, "n"), std::nullopt);
  EXPECT_EQ(GetString(*object, "none"), std::nullopt);
  EXPECT_EQ(GetUint(*object, "s"), std::nullopt);
  EXPECT_EQ(GetUint(*object, "neg"), std::nullopt);
  EXPECT_EQ(GetStrings(*object, "o"), std::nullopt);
  EXPECT_EQ(GetStrings(*object, "n"), std::nullopt);
}

TEST(StrictJsonTest, NumbersThatAreNotWholeAreNoUint) {
  const auto object = ParseStrictObject(
      R"({"float":1.0,"exponent":1e3,"huge":18446744073709551616,"bool":true,"text":"1"})");
  ASSERT_TRUE(object);
  for (const char* name : {"float", "exponent", "huge", "bool", "text"}) {
    EXPECT_EQ(GetUint(*object, name), std::nullopt) << name;
  }
}

TEST(StrictJsonTest, SameNameOnOtherLevelsIsFine) {
  EXPECT_TRUE(ParseStrictObject(R"({"a":{"a":1},"b":[{"a":1},{"a":2}]})"));
}

struct Refused {
  const char* name;
  std::string text;
};

void PrintTo(const Refused& value, std::ostream* out) { *out << value.name; }

class StrictJsonRefusalTest : public ::testing::TestWithParam<Refused> {};

TEST_P(StrictJsonRefusalTest, IsNotParsed) {
  EXPECT_EQ(ParseStrictObject(GetParam().text), std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(
    All, StrictJsonRefusalTest,
    ::testing::Values(Refused{"Empty", ""}, Refused{"Array", "[]"}, Refused{"Text", R"("a")"},
                      Refused{"Duplicate", R"({"a":1,"a":1})"},
                      Refused{"EscapedDuplicate", R"({"a":1,"\u0061":2})"},
                      Refused{"InnerDuplicate", R"({"b":[{"a":1,"a":1}]})"},
                      Refused{"TrailingComma", R"({"a":1,})"},
                      Refused{"SingleQuotes", R"({'a':1})"}, Refused{"UnquotedName", "{a:1}"},
                      Refused{"Comment", "{} // x"}, Refused{"TwoObjects", "{}{}"},
                      Refused{"ByteOrderMark", "\xef\xbb\xbf{}"},
                      Refused{"NotUtf8", "{\"a\":\"\xc3\x28\"}"},
                      Refused{"LoneSurrogate", R"({"a":"\ud800"})"},
                      Refused{"RawNul", std::string("{\"a\":\"\0\"}", 9)},
                      Refused{"AfterANulByte", std::string("{}\0{", 4)},
                      Refused{"NulByteAtTheEnd", std::string("{}\0", 3)},
                      Refused{"Deep", R"({"a":)" + std::string(8, '[') + std::string(8, ']') + "}"},
                      Refused{"VeryDeep", R"({"a":)" + std::string(100'000, '[')}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace otpgate::crypto
