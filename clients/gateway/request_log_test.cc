#include "clients/gateway/request_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "clients/gateway/fake_backend.h"
#include "clients/gateway/gateway.h"
#include "clients/gateway/services.h"
#include "otpgate/v1/auth_service.pb.h"
#include "tests/support/captured_log.h"
#include "tests/support/fake_clock.h"

namespace otpgate::gateway {
namespace {

using ::testing::ContainsRegex;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class RequestLogTest : public ::testing::Test {
 protected:
  RequestLogTest()
      : transcoder_(*Transcoder::Create(PublicServices())),
        gateway_({}, Cors(), &transcoder_, &backend_, &metrics_, &log_) {}

  void Ask(const std::string& method, const std::string& path, const std::string& query = "",
           const std::string& body = "", std::vector<HttpHeader> headers = {}) {
    HttpRequest request;
    request.method = method;
    request.target = request.path = path;
    request.query = query;
    request.body = body;
    request.headers = std::move(headers);
    request.headers.push_back({"x-request-id", "r-1"});
    request.headers.push_back({"content-type", "application/json"});
    request.peer_ip = "192.0.2.1";
    AnswerOf(gateway_, std::move(request));
  }

  support::FakeClock clock_;
  support::CapturedLog lines_;
  Log log_{&lines_, &clock_};
  FakeBackend backend_;
  GatewayMetrics metrics_;
  const Transcoder transcoder_;
  Gateway gateway_;
};

TEST_F(RequestLogTest, ARequestIsOneLine) {
  backend_.reply = {0, v1::GetCurrentUserResponse().SerializeAsString(), ""};
  Ask("GET", "/v1/users/me");
  EXPECT_THAT(
      lines_.Lines(),
      ElementsAre(ContainsRegex("\"level\":\"info\",\"event\":\"HTTP\",\"method\":\"GET\","
                                "\"rpc\":\"otpgate.v1.AuthService/GetCurrentUser\",\"status\":200,"
                                "\"duration_us\":[0-9]+,\"x_request_id\":\"r-1\"}\n")));
}

TEST_F(RequestLogTest, N1_NothingElseOfTheRequestIsInIt) {
  backend_.reply = {9, "FORGED", "FORGED"};
  Ask("POST", "/v1/otp:verify", "", R"({"handle":"FORGED","code":"FORGED"})",
      {{"authorization", "Bearer FORGED"}, {"cookie", "FORGED"}, {"idempotency-key", "FORGED"}});
  Ask("DELETE", "/v1/sessions/FORGED", "FORGED=FORGED");
  Ask("GET", "/FORGED", "FORGED");
  Ask("FORGED", "/v1/users/me");
  Ask("POST", "/oauth2/token", "FORGED", "FORGED");
  EXPECT_EQ(lines_.Lines().size(), 5U);
  EXPECT_THAT(lines_.Text(), Not(HasSubstr("FORGED")));
  EXPECT_THAT(lines_.Text(), HasSubstr("\"method\":\"other\""));
}

TEST_F(RequestLogTest, TheAddressIsToldOfThoseWhoAreNobody) {
  Ask("GET", "/nothing");
  EXPECT_THAT(lines_.Text(), Not(HasSubstr("192.0.2.1")));
  backend_.reply = {16, "", ""};
  Ask("GET", "/v1/users/me");
  EXPECT_THAT(lines_.Text(), HasSubstr("\"status\":401"));
  EXPECT_THAT(lines_.Text(), HasSubstr("\"peer\":\"192.0.2.1\""));
}

TEST_F(RequestLogTest, ProbesAreSilentAndFaultsAreErrors) {
  Ask("GET", "/healthz");
  Ask("GET", "/readyz");
  EXPECT_THAT(lines_.Lines(), IsEmpty());
  backend_.reply = {0, "\xFF", ""};
  Ask("GET", "/v1/users/me");
  EXPECT_THAT(lines_.Lines(), ElementsAre(HasSubstr("\"level\":\"error\"")));
}

TEST_F(RequestLogTest, WhatNeverWasARequestHasALineToo) {
  const HttpResponse response = gateway_.Reject(431, "the headers are too large");
  std::string id;
  for (const HttpHeader& header : response.headers) {
    if (header.name == "X-Request-Id") id = header.value;
  }
  EXPECT_THAT(lines_.Lines(), ElementsAre(HasSubstr("\"status\":431")));
  EXPECT_THAT(lines_.Text(), HasSubstr("\"x_request_id\":\"" + id + "\""));
}

}  // namespace
}  // namespace otpgate::gateway
