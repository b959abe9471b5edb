#include "clients/gateway/transcode/compat_error.h"

#include <google/rpc/code.pb.h>
#include <gtest/gtest.h>

#include "clients/gateway/transcode/error_body.h"

namespace otpgate::gateway {
namespace {

HttpError Answer(const Rejection& rejection, v1::CompatForm form, bool token_sent = false) {
  return ErrorOf(rejection, ErrorStyle{.token_sent = token_sent, .compat_form = form});
}

TEST(CompatErrorTest, ViolationsInEachForm) {
  const Rejection bad{400, "bad", {{"phone", "must be a string"}, {"code", "must be there"}}};
  const HttpError error = Answer(bad, v1::COMPAT_FORM_ERROR);
  EXPECT_EQ(error.status, 400);
  EXPECT_EQ(error.content_type, "application/json");
  EXPECT_EQ(error.body, R"({"error":"phone: must be a string; code: must be there"})");
  EXPECT_EQ(Answer(bad, v1::COMPAT_FORM_MESSAGE).body,
            R"({"success":false,"message":"phone: must be a string; code: must be there"})");
  const HttpError detail = Answer(bad, v1::COMPAT_FORM_DETAIL);
  EXPECT_EQ(detail.status, 422);
  EXPECT_EQ(detail.body,
            R"({"detail":[{"loc":["body","phone"],"msg":"must be a string","type":"value_error"},)"
            R"({"loc":["body","code"],"msg":"must be there","type":"value_error"}]})");
}

TEST(CompatErrorTest, OneViolationIsAListToo) {
  const Rejection bad{400, "bad", {{"otp", "must be a string"}}};
  EXPECT_EQ(Answer(bad, v1::COMPAT_FORM_DETAIL).body,
            R"({"detail":[{"loc":["body","otp"],"msg":"must be a string","type":"value_error"}]})");
}

TEST(CompatErrorTest, AMissingTokenIsNotCalledRevoked) {
  const Rejection refused{401, "no", {}};
  EXPECT_EQ(Answer(refused, v1::COMPAT_FORM_ERROR, /*token_sent=*/true).body,
            R"({"error":"Token revoked"})");
  EXPECT_EQ(Answer(refused, v1::COMPAT_FORM_ERROR).body, R"({"error":"Not authenticated"})");
}

TEST(CompatErrorTest, WhatIsSwitchedOffIsNotFound) {
  const HttpError error = ErrorOf(RpcError{google::rpc::UNIMPLEMENTED, "", ""},
                                  ErrorStyle{.compat_form = v1::COMPAT_FORM_DETAIL});
  EXPECT_EQ(error.status, 404);
  EXPECT_EQ(error.body, R"({"detail":"Not found"})");
}

}  // namespace
}  // namespace otpgate::gateway
