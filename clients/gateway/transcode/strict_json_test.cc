#include "clients/gateway/transcode/strict_json.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>

#include <ostream>
#include <string>

#include "absl/strings/str_cat.h"
#include "clients/gateway/transcode/test_library.h"

namespace otpgate::gateway {
namespace {

using gateway_test::Everything;

std::string ShownViolations(const std::vector<Violation>& violations) {
  std::string text;
  for (const Violation& violation : violations) {
    absl::StrAppend(&text, text.empty() ? "" : "; ", violation.field, ": ", violation.description);
  }
  return text;
}

std::string Check(absl::string_view text) {
  return ShownViolations(CheckJson(text, *Everything::descriptor()));
}

class AcceptedJson : public ::testing::TestWithParam<const char*> {};

TEST_P(AcceptedJson, ByThisAndByProtobuf) {
  EXPECT_EQ(Check(GetParam()), "") << GetParam();
  Everything message;
  EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(GetParam(), &message).ok()) << GetParam();
}

INSTANTIATE_TEST_SUITE_P(
    All, AcceptedJson,
    ::testing::Values(
        "{}", " \t\r\n{ } ", R"({"text":""})", R"({"text":"\u00e9\ud83d\ude00\n"})",
        R"({"text":null,"flag":null,"small":null,"inner":null,"texts":null,"counts":null})",
        R"({"flag":true})", R"({"small":-2147483648})", R"({"small":"2147483647"})",
        R"({"smallUnsigned":4294967295})", R"({"small_unsigned":"0"})", R"({"small":-0})",
        R"({"large":9007199254740991})", R"({"large":-9007199254740991})",
        R"({"large":"-9223372036854775808"})", R"({"largeUnsigned":"18446744073709551615"})",
        R"({"narrow":1.5e3,"wide":-1e300})", R"({"wide":"1.5"})", R"({"wide":"NaN"})",
        R"({"narrow":"-Infinity"})", R"({"wide":1e-400})",
        R"({"wide":123456789012345678901234567890})", R"({"blob":"aGk="})", R"({"blob":"_-8"})",
        R"({"color":"COLOR_RED"})", R"({"color":1})", R"({"color":-2})",
        R"({"inner":{"text":"a","numbers":[1,"2"],"outer":{"inner":{}}}})", R"({"texts":[]})",
        R"({"texts":["a",""],"colors":["COLOR_RED",0],"inners":[{},{"text":"a"}]})",
        R"({"counts":{"a":1,"":2}})", R"({"byNumber":{"-1":{},"2":{"text":"a"}}})",
        R"({"byFlag":{"true":"a","false":"b"}})", R"({"maybe":0})", R"({"pickedText":"a"})",
        R"({"pickedText":"a","pickedFlag":null})", R"({"pickedNull":null})",
        R"({"time":"2024-01-01T00:00:00Z","duration":"1.5s","mask":"a,b"})", R"({"wrapped":"5"})",
        R"({"object":{"a":[1,{"b":null}],"c":"d"},"value":null,"list":[null,1,[]]})",
        R"({"value":{"a":{"a":1}}})", R"({"other-name":"a"})", R"({"renamed":"a"})"));

struct RefusedCase {
  std::string text;
  const char* violations;
};

void PrintTo(const RefusedCase& value, std::ostream* out) { *out << value.text; }

class RefusedJson : public ::testing::TestWithParam<RefusedCase> {};

TEST_P(RefusedJson, WithTheFieldAndNotTheValue) {
  EXPECT_EQ(Check(GetParam().text), GetParam().violations) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    Bytes, RefusedJson,
    ::testing::Values(RefusedCase{"\xef\xbb\xbf{}", "body: must not begin with a byte order mark"},
                      RefusedCase{std::string("{}\0", 3), "body: must not contain NUL"},
                      RefusedCase{std::string("{}\0{}", 5), "body: must not contain NUL"},
                      RefusedCase{"{\"text\":\"\xff\"}", "body: must be UTF-8"},
                      RefusedCase{"{\"text\":\"\xed\xa0\x80\"}", "body: must be UTF-8"},
                      RefusedCase{"{\"text\":\"\xc0\x80\"}", "body: must be UTF-8"}));

INSTANTIATE_TEST_SUITE_P(
    Syntax, RefusedJson,
    ::testing::Values(
        RefusedCase{"", "body: is not JSON (RFC 8259) at byte 1"},
        RefusedCase{"{", "body: is not JSON (RFC 8259) at byte 2"},
        RefusedCase{"{}{}", "body: is not JSON (RFC 8259) at byte 3"},
        RefusedCase{R"({"text":"a",})", "body: is not JSON (RFC 8259) at byte 13"},
        RefusedCase{R"({'text':"a"})", "body: is not JSON (RFC 8259) at byte 2"},
        RefusedCase{R"({text:"a"})", "body: is not JSON (RFC 8259) at byte 3"},
        RefusedCase{R"({"nope":1,"text":'a'})", "body: is not JSON (RFC 8259) at byte 18"},
        RefusedCase{"{}//", "body: is not JSON (RFC 8259) at byte 3"},
        RefusedCase{"/**/{}", "body: is not JSON (RFC 8259) at byte 1"},
        RefusedCase{R"({"wide":NaN})", "body: is not JSON (RFC 8259) at byte 9"},
        RefusedCase{R"({"wide":Infinity})", "body: is not JSON (RFC 8259) at byte 9"},
        RefusedCase{R"({"small":+1})", "body: is not JSON (RFC 8259) at byte 10"},
        RefusedCase{R"({"small":01})", "body: is not JSON (RFC 8259) at byte 11"},
        RefusedCase{R"({"wide":.5})", "body: is not JSON (RFC 8259) at byte 9"},
        RefusedCase{R"({"flag":True})", "body: is not JSON (RFC 8259) at byte 9"},
        RefusedCase{"{\"text\":\"\x01\"}", "body: is not JSON (RFC 8259) at byte 10"},
        RefusedCase{R"({"text":"\ud800"})", "body: is not JSON (RFC 8259) at byte 16"},
        RefusedCase{R"({"text":"\udc00"})", "body: is not JSON (RFC 8259) at byte 15"},
        RefusedCase{R"({"text":"\x41"})", "body: is not JSON (RFC 8259) at byte 11"}));

INSTANTIATE_TEST_SUITE_P(
    Types, RefusedJson,
    ::testing::Values(
        RefusedCase{"[]", "body: must be an object"}, RefusedCase{"null", "body: must not be null"},
        RefusedCase{"1", "body: must be an object"},
        RefusedCase{R"("a")", "body: must be an object"},
        RefusedCase{R"({"text":1})", "text: must be a string"},
        RefusedCase{R"({"text":true})", "text: must be a string"},
        RefusedCase{R"({"text":{}})", "text: must be a string"},
        RefusedCase{R"({"text":["a"]})", "text: must be a string"},
        RefusedCase{R"({"flag":"true"})", "flag: must be true or false"},
        RefusedCase{R"({"flag":1})", "flag: must be true or false"},
        RefusedCase{R"({"small":1.0})", "small: must be an integer of 32 bits"},
        RefusedCase{R"({"small":1e2})", "small: must be an integer of 32 bits"},
        RefusedCase{R"({"small":2147483648})", "small: must be an integer of 32 bits"},
        RefusedCase{R"({"small":" 1"})", "small: must be an integer of 32 bits"},
        RefusedCase{R"({"small":"+1"})", "small: must be an integer of 32 bits"},
        RefusedCase{R"({"small":"01"})", "small: must be an integer of 32 bits"},
        RefusedCase{R"({"small":""})", "small: must be an integer of 32 bits"},
        RefusedCase{R"({"small":true})", "small: must be an integer of 32 bits"},
        RefusedCase{R"({"smallUnsigned":-1})",
                    "small_unsigned: must be an unsigned integer of 32 bits"},
        RefusedCase{R"({"large":9007199254740992})",
                    "large: must be an integer of 64 bits, in quotes if beyond 2^53"},
        RefusedCase{R"({"large":-9007199254740992})",
                    "large: must be an integer of 64 bits, in quotes if beyond 2^53"},
        RefusedCase{R"({"large":"9223372036854775808"})",
                    "large: must be an integer of 64 bits, in quotes if beyond 2^53"},
        RefusedCase{R"({"largeUnsigned":18446744073709551616})",
                    "large_unsigned: must be an unsigned integer of 64 bits, in quotes if beyond "
                    "2^53"},
        RefusedCase{R"({"narrow":1e39})", "narrow: must be a number in range"},
        RefusedCase{R"({"wide":1e400})", "wide: is a number out of range"},
        RefusedCase{R"({"wide":"1e400"})", "wide: must be a number in range"},
        RefusedCase{R"({"wide":"inf"})", "wide: must be a number in range"},
        RefusedCase{R"({"small":1e400})", "small: is a number out of range"},
        RefusedCase{R"({"blob":"?"})", "blob: must be base64"},
        RefusedCase{R"({"color":"RED"})",
                    "color: must be the name or number of a value of its enum"},
        RefusedCase{R"({"color":"color_red"})",
                    "color: must be the name or number of a value of its enum"},
        RefusedCase{R"({"color":"1"})", "color: must be the name or number of a value of its enum"},
        RefusedCase{R"({"color":7})", "color: must be the name or number of a value of its enum"},
        RefusedCase{R"({"inner":"a"})", "inner: must be an object"},
        RefusedCase{R"({"inner":[]})", "inner: must be an object"},
        RefusedCase{R"({"texts":"a"})", "texts: must be an array"},
        RefusedCase{R"({"texts":[null]})", "texts[0]: must not be null"},
        RefusedCase{R"({"inners":[{},{"text":1}]})", "inners[1].text: must be a string"},
        RefusedCase{R"({"inner":{"numbers":[1,"x"]}})",
                    "inner.numbers[1]: must be an integer of 32 bits"},
        RefusedCase{R"({"counts":[]})", "counts: must be an object"},
        RefusedCase{R"({"counts":{"a":"b"}})", "counts[]: must be an integer of 32 bits"},
        RefusedCase{R"({"counts":{"a":null}})", "counts[]: must not be null"},
        RefusedCase{R"({"byNumber":{"01":{}}})",
                    "by_number: has a key that must be an integer of 32 bits"},
        RefusedCase{R"({"byFlag":{"yes":""}})", "by_flag: has a key that must be true or false"},
        RefusedCase{R"({"time":1})", "time: must be a string"},
        RefusedCase{R"({"wrapped":{"value":1}})",
                    "wrapped: must be an integer of 64 bits, in quotes if beyond 2^53"},
        RefusedCase{R"({"object":[]})", "object: must be an object"},
        RefusedCase{R"({"list":{}})", "list: must be an array"},
        RefusedCase{R"({"any":{"@type":"a"}})", "any: cannot be set in JSON"}));

INSTANTIATE_TEST_SUITE_P(
    Members, RefusedJson,
    ::testing::Values(
        RefusedCase{R"({"nope":{"text":1,"text":[]}})", "nope: is not a field of the request"},
        RefusedCase{R"({"Text":"a"})", "Text: is not a field of the request"},
        RefusedCase{R"({"<b>":1})", "(unknown): is not a field of the request"},
        RefusedCase{R"({"inner":{"nope":1}})", "inner.nope: is not a field of the request"},
        RefusedCase{R"({"text":"a","text":"a"})", "text: must not come twice"},
        RefusedCase{R"({"text":"a","\u0074ext":"a"})", "text: must not come twice"},
        RefusedCase{R"({"text":null,"text":"a"})", "text: must not come twice"},
        RefusedCase{R"({"small_unsigned":1,"smallUnsigned":1})",
                    "small_unsigned: must not come twice"},
        RefusedCase{R"({"other-name":"a","renamed":"b"})", "renamed: must not come twice"},
        RefusedCase{R"({"pickedText":"","pickedFlag":false})",
                    "picked_flag: excludes the other members of pick"},
        RefusedCase{R"({"pickedText":"","pickedNull":null})",
                    "picked_null: excludes the other members of pick"},
        RefusedCase{R"({"inner":{"left":"","nested":{}}})",
                    "inner.nested: excludes the other members of choice"},
        RefusedCase{R"({"counts":{"a":1,"a":2}})", "counts: must not have a key twice"},
        RefusedCase{R"({"object":{"a":1,"a":2}})", "object: must not have a key twice"},
        RefusedCase{R"({"value":[{"a":1,"a":2}]})", "value: must not have a key twice"}));

TEST(StrictJson, TellsAllViolationsUpToALimit) {
  EXPECT_EQ(Check(R"({"text":1,"flag":2,"nope":3})"),
            "text: must be a string; flag: must be true or false; nope: is not a field of the "
            "request");
  std::string many = "{";
  for (int i = 0; i < 100; ++i) absl::StrAppend(&many, "\"x", i, "\":1,");
  EXPECT_EQ(CheckJson(absl::StrCat(many, "\"text\":\"\"}"), *Everything::descriptor()).size(),
            kMaxViolations);
}

std::string Nested(int levels) {
  std::string text = R"({"value":)";
  for (int i = 1; i < levels; ++i) text += '[';
  for (int i = 1; i < levels; ++i) text += ']';
  return text + "}";
}

TEST(StrictJson, LimitsTheLevels) {
  EXPECT_EQ(Check(Nested(kMaxJsonLevels)), "");
  for (int levels : {kMaxJsonLevels + 1, 20'000}) {
    EXPECT_EQ(Check(Nested(levels)), "body: must not be nested deeper than 16 levels");
  }
}

TEST(StrictJson, FieldsOfThePathCannotBeInTheBody) {
  const std::string bound[] = {"text", "inner.text"};
  const auto check = [&](const char* text) {
    return ShownViolations(CheckJson(text, *Everything::descriptor(), bound));
  };
  EXPECT_EQ(check(R"({"inner":{"numbers":[1]}})"), "");
  EXPECT_EQ(check(R"({"text":"a"})"), "text: is set by the path");
  EXPECT_EQ(check(R"({"inner":{"text":"a"}})"), "inner.text: is set by the path");
}

TEST(StrictJson, ValuesOfOneField) {
  const auto check = [](const char* name, const char* text) {
    return ShownViolations(CheckJsonValue(text, *Everything::descriptor()->FindFieldByName(name)));
  };
  EXPECT_EQ(check("texts", R"(["a"])"), "");
  EXPECT_EQ(check("text", R"("a")"), "");
  EXPECT_EQ(check("counts", R"({"a":1})"), "");
  EXPECT_EQ(check("inner", R"({"text":"a"})"), "");
  EXPECT_EQ(check("inner", R"({"text":1})"), "inner.text: must be a string");
  EXPECT_EQ(check("texts", R"([1])"), "texts[0]: must be a string");
  EXPECT_EQ(check("inner", "null"), "inner: must not be null");
  EXPECT_EQ(check("inner", "{},"), "body: is not JSON (RFC 8259) at byte 3");
}

TEST(UnknownMembersTest, AreIgnoredWhereTheyAreAllowedAndNothingElseIs) {
  const auto check = [](absl::string_view text) {
    return ShownViolations(
        CheckJson(text, *Everything::descriptor(), {}, UnknownMembers::kIgnored));
  };
  EXPECT_EQ(check(R"({"nope":{"text":1,"more":[{}]},"text":"a"})"), "");
  EXPECT_EQ(check(R"({"nope":1,"text":2})"), "text: must be a string");
  EXPECT_EQ(check(R"({"text":"a","text":"b"})"), "text: must not come twice");
}

}  // namespace
}  // namespace otpgate::gateway
