#include "clients/gateway/oauth/form.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"

namespace otpgate::gateway {
namespace {

TEST(OAuthFormTest, DecodesNamesAndValues) {
  struct FormCase {
    std::string body;
    OAuthForm form;
  };
  for (const auto& [body, form] : {
           FormCase{"", {}},
           FormCase{"a=1&b=2", {{"a", "1"}, {"b", "2"}}},
           FormCase{"&a=1&&", {{"a", "1"}}},
           FormCase{"a=x+y%2B%C3%A4%26%3D", {{"a", "x y+\u00E4&="}}},
           FormCase{"%61=1=2", {{"a", "1=2"}}},
           FormCase{"a=&b&=c&d=1", {{"", "c"}, {"d", "1"}}},
       }) {
    const auto parsed = ParseForm(body);
    ASSERT_TRUE(parsed.ok()) << body;
    EXPECT_EQ(*parsed, form) << body;
  }
}

TEST(OAuthFormTest, WhatNoHonestClientSendsIsRefused) {
  for (const char* body : {"a=1&a=1", "a=1&%61=2", "a=&a=", "a&a", "a=%", "a=%2", "a=%zz", "%=1",
                           "a=%00", "a=%0A", "a=%FF", "a=%C0%80", "a=%ED%A0%80", "a=%C2%85"}) {
    const auto parsed = ParseForm(body);
    EXPECT_FALSE(parsed.ok()) << body;
  }
}

TEST(OAuthFormTest, TakesSixteenParameters) {
  std::string body;
  for (size_t i = 0; i < kMaxFormParameters; ++i) absl::StrAppend(&body, "&p", i, "=x");
  EXPECT_TRUE(ParseForm(body).ok());
  EXPECT_FALSE(ParseForm(body + "&more=").ok());
}

TEST(OAuthFormTest, TheErrorQuotesNothing) {
  EXPECT_THAT(std::string(ParseForm("s3cret=s3cret&s3cret=1").status().message()),
              ::testing::Not(::testing::HasSubstr("s3cret")));
}

}  // namespace
}  // namespace otpgate::gateway
