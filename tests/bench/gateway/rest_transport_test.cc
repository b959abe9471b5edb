#include "tests/bench/gateway/rest_transport.h"

#include <gtest/gtest.h>

#include "otpgate/v1/auth_service.pb.h"

namespace otpgate::bench {
namespace {

TEST(OverRest, AGetHasNoMessageAndKeepsAddressAndBearer) {
  const LoadCall http = OverRest({.method = "otpgate.v1.AuthService/GetCurrentUser",
                                  .message = "",
                                  .client_ip = "192.0.2.1",
                                  .bearer = "token"});
  EXPECT_EQ(http.method, "v1/users/me");
  EXPECT_EQ(http.message, "");
  EXPECT_EQ(http.client_ip, "192.0.2.1");
  EXPECT_EQ(http.bearer, "token");
}

TEST(OverRest, APostHasTheMessageAsJson) {
  v1::RequestOtpRequest message;
  message.mutable_identifier()->set_phone_number("+14155550100");
  const LoadCall http = OverRest(
      {.method = "otpgate.v1.AuthService/RequestOtp", .message = message.SerializeAsString()});
  EXPECT_EQ(http.method, "v1/otp:request");
  EXPECT_EQ(http.message, R"({"identifier":{"phoneNumber":"+14155550100"}})");
}

// An empty message would be a GET.
TEST(OverRest, APostWithoutFieldsHasAnObject) {
  const LoadCall http =
      OverRest({.method = "otpgate.v1.AuthService/RevokeAllSessions", .message = ""});
  EXPECT_EQ(http.method, "v1/sessions:revokeAll");
  EXPECT_EQ(http.message, "{}");
}

}  // namespace
}  // namespace otpgate::bench
