#include "clients/gateway/transcode/path_template.h"

#include <gmock/gmock.h>

#include "clients/gateway/transcode/request_path.h"
#include "tests/support/status_matchers.h"

namespace otpgate::gateway {
namespace {

using Kind = TemplateSegment::Kind;
using support::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(PathTemplate, LiteralsVariablesAndVerb) {
  const auto path = ParsePathTemplate("/v1/{shelf.id}/%41b/{name=users/*/**}:read");
  ASSERT_OK(path);
  EXPECT_THAT(
      path->segments,
      ElementsAre(TemplateSegment{Kind::kLiteral, "v1"}, TemplateSegment{Kind::kOne, ""},
                  TemplateSegment{Kind::kLiteral, "Ab"}, TemplateSegment{Kind::kLiteral, "users"},
                  TemplateSegment{Kind::kOne, ""}, TemplateSegment{Kind::kMany, ""}));
  EXPECT_THAT(path->variables, ElementsAre(TemplateVariable{"shelf.id", 1, 2, false},
                                           TemplateVariable{"name", 3, 6, true}));
  EXPECT_EQ(path->verb, "read");
}

TEST(PathTemplate, AVariableWithoutTemplateIsOneSegment) {
  for (const char* text : {"/v1/{name}", "/v1/{name=*}"}) {
    const auto path = ParsePathTemplate(text);
    ASSERT_OK(path);
    EXPECT_THAT(path->variables, ElementsAre(TemplateVariable{"name", 1, 2, false})) << text;
  }
  EXPECT_THAT(ParsePathTemplate("/{name=**}")->variables,
              ElementsAre(TemplateVariable{"name", 0, 1, true}));
  EXPECT_THAT(ParsePathTemplate("/{name=me}")->variables,
              ElementsAre(TemplateVariable{"name", 0, 1, false}));
}

class BadTemplate : public ::testing::TestWithParam<const char*> {};

TEST_P(BadTemplate, IsRefused) {
  EXPECT_THAT(ParsePathTemplate(GetParam()), StatusIs(absl::StatusCode::kInvalidArgument));
}

INSTANTIATE_TEST_SUITE_P(All, BadTemplate,
                         ::testing::Values("", "/", "v1", "/v1/", "//v1", "/v1//a", "/v1:", "/:v",
                                           "/v1:a:b", "/v1:a/b", "/{a", "/{}", "/{=*}", "/{a=}",
                                           "/{a={b}}", "/{a}/{a}", "/{a=**}/b", "/**/b", "/***",
                                           "/a*", "/a b", "/a?b", "/a#b", "/%4", "/%00", "/..",
                                           "/%2e", "/\xff", "/a}", "/{a-b}", "/{a=x:y}"));

TEST(RequestPath, IsCutBeforeItIsDecoded) {
  const auto path = ParseRequestPath("/v1/a%2Fb/%e2%82%ac");
  ASSERT_OK(path);
  EXPECT_THAT(path->raw, ElementsAre("v1", "a%2Fb", "%e2%82%ac"));
  EXPECT_THAT(path->segments, ElementsAre("v1", "a/b", "\xe2\x82\xac"));
}

TEST(RequestPath, IsDecodedOnce) {
  EXPECT_THAT(ParseRequestPath("/%252e%252e")->segments, ElementsAre("%2e%2e"));
  EXPECT_THAT(ParseRequestPath("/a+b")->segments, ElementsAre("a+b"));
}

struct BadPath {
  const char* path;
  absl::StatusCode code;
};

class BadRequestPath : public ::testing::TestWithParam<BadPath> {};

TEST_P(BadRequestPath, IsRefused) {
  EXPECT_THAT(ParseRequestPath(GetParam().path), StatusIs(GetParam().code)) << GetParam().path;
}

constexpr absl::StatusCode kMalformed = absl::StatusCode::kInvalidArgument;
constexpr absl::StatusCode kNowhere = absl::StatusCode::kNotFound;

INSTANTIATE_TEST_SUITE_P(
    All, BadRequestPath,
    ::testing::Values(BadPath{"", kNowhere}, BadPath{"v1", kNowhere}, BadPath{"*", kNowhere},
                      BadPath{"/", kNowhere}, BadPath{"/v1/", kNowhere}, BadPath{"//v1", kNowhere},
                      BadPath{"/%", kMalformed}, BadPath{"/%4", kMalformed},
                      BadPath{"/%4g", kMalformed}, BadPath{"/%g4", kMalformed},
                      BadPath{"/%00", kMalformed}, BadPath{"/%0a", kMalformed},
                      BadPath{"/%7f", kMalformed}, BadPath{"/%c2%85", kMalformed},
                      BadPath{"/%ff", kMalformed}, BadPath{"/%c0%af", kMalformed},
                      BadPath{"/%ed%a0%80", kMalformed}, BadPath{"/\x01", kMalformed},
                      BadPath{"/.", kMalformed}, BadPath{"/a/../b", kMalformed},
                      BadPath{"/%2e%2E", kMalformed}, BadPath{"/.%2e", kMalformed}));

TEST(SplitVerb, CutsAtTheLastRawColon) {
  const auto split = SplitVerb(*ParseRequestPath("/v1/a:b%3Ac:re%61d"));
  ASSERT_TRUE(split);
  EXPECT_THAT(split->path.segments, ElementsAre("v1", "a:b:c"));
  EXPECT_THAT(split->path.raw, ElementsAre("v1", "a:b%3Ac"));
  EXPECT_EQ(split->verb, "read");
}

TEST(SplitVerb, NeedsTextOnBothSides) {
  for (const char* path : {"/v1/otp", "/v1/otp:", "/v1/:request", "/v1:x/otp", "/v1/otp%3Ax"}) {
    EXPECT_FALSE(SplitVerb(*ParseRequestPath(path))) << path;
  }
}

std::vector<std::string> Values(const char* path_template, const char* path) {
  return VariableValues(*ParsePathTemplate(path_template), *ParseRequestPath(path));
}

TEST(VariableValues, OneSegmentIsDecodedWhole) {
  EXPECT_THAT(Values("/v1/{id}", "/v1/a%2Fb%20c"), ElementsAre("a/b c"));
  EXPECT_THAT(Values("/{a}/x/{b}", "/1/x/2"), ElementsAre("1", "2"));
}

TEST(VariableValues, SeveralSegmentsKeepEncodedSlashes) {
  EXPECT_THAT(Values("/v1/{name=users/*}", "/v1/users/a%2Fb%2fc%20d"),
              ElementsAre("users/a%2Fb%2fc d"));
  EXPECT_THAT(Values("/v1/{name=**}", "/v1/a/b%2Fc/d"), ElementsAre("a/b%2Fc/d"));
  EXPECT_THAT(Values("/v1/{name=a/**}", "/v1/a"), ElementsAre("a"));
  EXPECT_THAT(Values("/v1/{name=**}", "/v1"), ElementsAre(""));
  EXPECT_THAT(Values("/v1/a", "/v1/a"), IsEmpty());
}

}  // namespace
}  // namespace otpgate::gateway
