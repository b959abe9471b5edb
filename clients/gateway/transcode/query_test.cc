#include "clients/gateway/transcode/query.h"

#include <gmock/gmock.h>

#include <ostream>
#include <string>

#include "absl/strings/str_cat.h"
#include "clients/gateway/transcode/route_table.h"
#include "clients/gateway/transcode/test_library.h"

namespace otpgate::gateway {
namespace {

using gateway_test::Everything;

// The message after a query, or its violations.
std::string Applied(absl::string_view query, const Binding& binding = {}) {
  Everything message;
  const std::vector<Violation> violations = ApplyQuery(query, binding, message);
  std::string text = violations.empty() ? message.ShortDebugString() : "";
  for (const Violation& violation : violations) {
    absl::StrAppend(&text, text.empty() ? "" : "; ", violation.field, ": ", violation.description);
  }
  return text;
}

struct QueryCase {
  const char* query;
  const char* result;
};

void PrintTo(const QueryCase& value, std::ostream* out) { *out << value.query; }

class Query : public ::testing::TestWithParam<QueryCase> {};

TEST_P(Query, SetsFieldsOrIsRefused) {
  EXPECT_EQ(Applied(GetParam().query), GetParam().result) << GetParam().query;
}

INSTANTIATE_TEST_SUITE_P(
    Accepted, Query,
    ::testing::Values(
        QueryCase{"", ""}, QueryCase{"&&", ""}, QueryCase{"text=a+b%2Bc%26", "text: \"a b+c&\""},
        QueryCase{"text=a=b", "text: \"a=b\""}, QueryCase{"text=%2541", "text: \"%41\""},
        QueryCase{"te%78t=a", "text: \"a\""}, QueryCase{"text", ""},
        QueryCase{"flag=true&small=-1&smallUnsigned=1", "flag: true small: -1 small_unsigned: 1"},
        QueryCase{"large=-9223372036854775808&large_unsigned=18446744073709551615",
                  "large: -9223372036854775808 large_unsigned: 18446744073709551615"},
        QueryCase{"narrow=1.5&wide=-2e3", "narrow: 1.5 wide: -2000"},
        QueryCase{"wide=Infinity", "wide: inf"}, QueryCase{"blob=aGk", "blob: \"hi\""},
        QueryCase{"color=COLOR_RED", "color: COLOR_RED"},
        QueryCase{"color=-2", "color: COLOR_DARK"},
        QueryCase{"texts=a&text=b&texts=c", "text: \"b\" texts: \"a\" texts: \"c\""},
        QueryCase{"colors=1&colors=COLOR_DARK", "colors: COLOR_RED colors: COLOR_DARK"},
        QueryCase{"inner.text=a&inner.numbers=1&inner.numbers=2",
                  "inner { text: \"a\" numbers: 1 numbers: 2 }"},
        QueryCase{"inner.outer.smallUnsigned=1", "inner { outer { small_unsigned: 1 } }"},
        QueryCase{"maybe=0", "maybe: 0"}, QueryCase{"pickedText=a", "picked_text: \"a\""},
        QueryCase{"inner.nested.text=a&inner.nested.left=b",
                  "inner { nested { text: \"a\" left: \"b\" } }"},
        QueryCase{"renamed=a", "renamed: \"a\""}, QueryCase{"other-name=a", "renamed: \"a\""}));

INSTANTIATE_TEST_SUITE_P(
    Refused, Query,
    ::testing::Values(
        QueryCase{"nope=1", "nope: is not a field of the request"},
        QueryCase{"=1", "(unknown): is not a field of the request"},
        QueryCase{"inner.=1", "inner.: is not a field of the request"},
        QueryCase{"text.x=1", "text.x: is not a field of the request"},
        QueryCase{"%3Cb%3E=1", "(unknown): is not a field of the request"},
        QueryCase{"inner=1", "inner: is a message, not a value"},
        QueryCase{"time=2024-01-01T00:00:00Z", "time: is a message, not a value"},
        QueryCase{"counts=1", "counts: is a message, not a value"},
        QueryCase{"inners.text=a", "inners.text: lies within a repeated field"},
        QueryCase{"counts.key=a", "counts.key: lies within a repeated field"},
        QueryCase{"text=a&text=a", "text: must not come twice"},
        QueryCase{"small_unsigned=1&smallUnsigned=1", "small_unsigned: must not come twice"},
        QueryCase{"small=1.0", "small: must be an integer of 32 bits"},
        QueryCase{"small=2147483648", "small: must be an integer of 32 bits"},
        QueryCase{"small=", "small: must be an integer of 32 bits"},
        QueryCase{"small=+1", "small: must be an integer of 32 bits"},
        QueryCase{"small=0x1", "small: must be an integer of 32 bits"},
        QueryCase{"flag=1", "flag: must be true or false"},
        QueryCase{"flag=True", "flag: must be true or false"},
        QueryCase{"color=7", "color: must be the name or number of a value of its enum"},
        QueryCase{"color=red", "color: must be the name or number of a value of its enum"},
        QueryCase{"wide=1e400", "wide: must be a number in range"},
        QueryCase{"wide=inf", "wide: must be a number in range"},
        QueryCase{"blob=%3F", "blob: must be base64"},
        QueryCase{"text=%4", "text: must be UTF-8 without control characters in percent-encoding"},
        QueryCase{"text=%ff", "text: must be UTF-8 without control characters in percent-encoding"},
        QueryCase{"text=%00", "text: must be UTF-8 without control characters in percent-encoding"},
        QueryCase{"te%xt=a", "query: has a name that is not clean text in percent-encoding"},
        QueryCase{"pickedText=a&pickedFlag=true",
                  "picked_flag: excludes the other members of pick"},
        QueryCase{"inner.left=a&inner.nested.text=a",
                  "inner.nested.text: excludes the other members of choice"},
        QueryCase{"nope=1&flag=2",
                  "nope: is not a field of the request; flag: must be true or false"}));

TEST(QueryLimits, ParametersAndDepth) {
  std::string query;
  for (size_t i = 0; i < kMaxQueryParameters; ++i) query += "texts=a&";
  EXPECT_EQ(Applied(query).find("query"), std::string::npos);
  EXPECT_EQ(Applied(query + "text=a"), "query: must not have more than 64 parameters");
  std::string deep;
  for (int i = 0; i < 1000; ++i) deep += "inner.outer.";
  EXPECT_EQ(Applied(deep + "text=a"), "(unknown): is not a field of the request");
}

TEST(QuerySources, AFieldHasOneSource) {
  Binding binding;
  binding.bound = {"text", "inner.text"};
  EXPECT_EQ(Applied("text=a&inner.text=b&inner.left=c", binding),
            "text: is set by the path; inner.text: is set by the path");
  binding.body = Everything::descriptor()->FindFieldByName("inner");
  EXPECT_EQ(Applied("inner.left=c", binding), "inner.left: belongs to the body, not to the query");
  EXPECT_EQ(Applied("small=1", binding), "small: 1");
  binding.whole_body = true;
  EXPECT_EQ(Applied("small=1", binding), "small: belongs to the body, not to the query");
  EXPECT_EQ(Applied("nope=1", binding), "nope: is not a field of the request");
}

}  // namespace
}  // namespace otpgate::gateway
