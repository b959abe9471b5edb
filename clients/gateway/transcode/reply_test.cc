#include "clients/gateway/transcode/reply.h"

#include <gmock/gmock.h>

#include "clients/gateway/transcode/test_library.h"
#include "tests/support/status_matchers.h"

namespace otpgate::gateway {
namespace {

using gateway_test::Shelf;
using support::StatusIs;

Binding BindingWith(const char* response_body) {
  Binding binding;
  binding.response = Shelf::descriptor()->FindFieldByName(response_body);
  return binding;
}

Shelf FullShelf() {
  Shelf shelf;
  shelf.add_books()->set_name("b/\xc3\xa9");
  shelf.mutable_books(0)->set_pages(int64_t{1} << 60);
  shelf.set_count(1);
  return shelf;
}

TEST(RenderReply, NamesAreLowerCamelCaseAndDefaultsAreThere) {
  v1::RequestOtpResponse reply;
  reply.set_handle("h");
  reply.set_expires_in(300);
  EXPECT_EQ(*RenderReply(reply, Binding()),
            R"({"handle":"h","expiresIn":300,"resendAfter":0,"maskedDestination":"",)"
            R"("codeLength":0,"developmentCode":""})");
  EXPECT_EQ(*RenderReply(v1::RevokeTokenResponse(), Binding()), "{}");
  EXPECT_EQ(*RenderReply(v1::ListSessionsResponse(), Binding()), R"({"sessions":[]})");
}

TEST(RenderReply, OnlyTheFieldOfResponseBody) {
  const std::string book =
      "{\"name\":\"b/\xc3\xa9\",\"title\":\"\",\"pages\":\"1152921504606846976\",\"tags\":[]}";
  EXPECT_EQ(*RenderReply(FullShelf(), BindingWith("books")), "[" + book + "]");
  EXPECT_EQ(*RenderReply(FullShelf(), BindingWith("count")), R"("1")");
  EXPECT_EQ(*RenderReply(Shelf(), BindingWith("books")), "[]");
  EXPECT_EQ(*RenderReply(Shelf(), BindingWith("count")), R"("0")");
  EXPECT_EQ(*RenderReply(Shelf(), BindingWith("newest")),
            R"({"name":"","title":"","pages":"0","tags":[]})");
}

TEST(RenderReply, WhatHasNoJsonIsAnError) {
  v1::GetCurrentUserResponse reply;
  reply.mutable_user()->mutable_create_time()->set_seconds(int64_t{1} << 60);
  EXPECT_THAT(RenderReply(reply, Binding()), StatusIs(absl::StatusCode::kInternal));
}

TEST(ParseReply, ReadsTheTypeOfTheMethod) {
  const auto* method =
      v1::RequestOtpRequest::descriptor()->file()->service(0)->FindMethodByName("RequestOtp");
  v1::RequestOtpResponse sent;
  sent.set_handle("h");
  const auto reply = ParseReply(*method, sent.SerializeAsString());
  ASSERT_OK(reply);
  EXPECT_EQ((*reply)->SerializeAsString(), sent.SerializeAsString());
  EXPECT_OK(ParseReply(*method, ""));
  EXPECT_THAT(ParseReply(*method, "\xff"), StatusIs(absl::StatusCode::kInternal));
}

}  // namespace
}  // namespace otpgate::gateway
