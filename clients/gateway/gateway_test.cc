#include "clients/gateway/gateway.h"

#include <gmock/gmock.h>
#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "clients/gateway/fake_backend.h"
#include "clients/gateway/services.h"
#include "otpgate/v1/auth_service.pb.h"

namespace otpgate::gateway {
namespace {

using ::testing::Contains;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::Key;
using ::testing::Not;
using ::testing::Pair;

constexpr char kPhone[] = R"({"identifier":{"phoneNumber":"+14155550123"}})";
constexpr char kUuid[] = "8e03978e-40d5-43dd-bc93-6894a57f9324";

class GatewayTest : public ::testing::Test {
 protected:
  GatewayTest()
      : transcoder_(*Transcoder::Create(PublicServices())),
        gateway_({.trusted_proxies = 1,
                  .call_timeout = absl::Seconds(3),
                  .caller_authorization = "Basic Y2FsbGVy",
                  .issuer = ""},
                 *Cors::Create({"https://app.example.com"}), &transcoder_, &backend_, &metrics_) {}

  HttpResponse Ask(const std::string& method, const std::string& path, const std::string& body = "",
                   std::vector<HttpHeader> headers = {}) {
    HttpRequest request;
    request.method = method;
    request.target = path;
    request.path = path;
    request.peer_ip = "10.0.0.1";
    request.headers = std::move(headers);
    if (!body.empty()) request.headers.push_back({"content-type", "application/json"});
    request.body = body;
    return AnswerOf(gateway_, std::move(request));
  }

  template <class Message>
  Message Sent() const {
    Message message;
    EXPECT_EQ(backend_.calls.size(), 1U);
    EXPECT_TRUE(message.ParseFromString(backend_.calls.at(0).message));
    return message;
  }

  FakeBackend backend_;
  GatewayMetrics metrics_;
  const Transcoder transcoder_;
  Gateway gateway_;
};

TEST_F(GatewayTest, ARequestBecomesItsRpcAndTheReplyItsJson) {
  v1::RequestOtpResponse reply;
  reply.set_handle("h");
  reply.set_expires_in(600);
  backend_.reply = {0, reply.SerializeAsString(), ""};
  const HttpResponse response = Ask("POST", "/v1/otp:request", kPhone);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body,
            R"({"handle":"h","expiresIn":600,"resendAfter":0,"maskedDestination":"",)"
            R"("codeLength":0,"developmentCode":""})");
  EXPECT_THAT(response.headers, Contains(HttpHeader{"Content-Type", "application/json"}));
  EXPECT_THAT(response.headers, Contains(HttpHeader{"Cache-Control", "no-store"}));
  EXPECT_EQ(backend_.calls.at(0).path, "/otpgate.v1.AuthService/RequestOtp");
  EXPECT_EQ(backend_.calls.at(0).timeout, absl::Seconds(3));
  EXPECT_EQ(Sent<v1::RequestOtpRequest>().identifier().phone_number(), "+14155550123");
}

TEST_F(GatewayTest, D5_TheServerLearnsWhoAsksFromTheGatewayAlone) {
  Ask("POST", "/v1/otp:request", kPhone,
      {{"x-forwarded-for", "6.6.6.6, 203.0.113.7"},
       {"x-otpgate-client-ip", "6.6.6.6"},
       {"x-otpgate-client-authorization", "Basic stolen"}});
  const Metadata& metadata = backend_.calls.at(0).metadata;
  EXPECT_THAT(metadata, Contains(Pair("x-otpgate-client-ip", "203.0.113.7")));
  EXPECT_THAT(metadata, Contains(Pair("x-otpgate-client-authorization", "Basic Y2FsbGVy")));
  EXPECT_THAT(metadata, Not(Contains(Pair("x-otpgate-client-ip", "6.6.6.6"))));
  EXPECT_THAT(metadata, Not(Contains(Pair("x-otpgate-client-authorization", "Basic stolen"))));
}

TEST_F(GatewayTest, BasicCredentialsMakeTheirServiceTheCaller) {
  struct BasicCase {
    const char* sent;
    const char* caller;
  };
  for (const auto& [sent, caller] :
       {BasicCase{"Basic a2lvc2s6YStiJTJG", "Basic a2lvc2s6YStiJTJG"},
        BasicCase{"bAsIc a2lvc2s6YQ", "Basic a2lvc2s6YQ=="}, BasicCase{"Basic nonsense!", "Basic"},
        BasicCase{"Basic", "Basic"}, BasicCase{"Basic \xC3\xA4", "Basic"}}) {
    backend_.calls.clear();
    Ask("POST", "/v1/otp:request", kPhone, {{"authorization", sent}});
    const Metadata& metadata = backend_.calls.at(0).metadata;
    EXPECT_THAT(metadata, Contains(Pair("x-otpgate-client-authorization", caller))) << sent;
    EXPECT_THAT(metadata, Not(Contains(Pair("x-otpgate-client-authorization", "Basic Y2FsbGVy"))));
    EXPECT_THAT(metadata, Not(Contains(Key("authorization")))) << sent;
  }
}

TEST_F(GatewayTest, WrongBasicCredentialsAreNoInvalidToken) {
  backend_.reply = {16, "", ""};
  EXPECT_THAT(Ask("GET", "/v1/users/me", "", {{"authorization", "Basic a2lvc2s6YQ=="}}).headers,
              Contains(HttpHeader{"WWW-Authenticate", R"(Bearer realm="otpgate")"}));
}

TEST_F(GatewayTest, ARefusalKeepsItsReasonAndSaysWhenToRetry) {
  google::rpc::Status status;
  status.set_code(8);
  status.set_message("too many codes");
  google::rpc::ErrorInfo info;
  info.set_reason("SEND_LIMIT");
  info.set_domain("otpgate.v1");
  status.add_details()->PackFrom(info);
  google::rpc::RetryInfo retry;
  retry.mutable_retry_delay()->set_seconds(12);
  status.add_details()->PackFrom(retry);
  backend_.reply = {8, "too many codes", status.SerializeAsString()};
  const HttpResponse response = Ask("POST", "/v1/otp:request", kPhone);
  EXPECT_EQ(response.status, 429);
  EXPECT_THAT(response.headers, Contains(HttpHeader{"Retry-After", "12"}));
  EXPECT_THAT(response.body, HasSubstr("SEND_LIMIT"));
  EXPECT_THAT(
      Ask("POST", "/v1/otp:request", kPhone, {{"accept", "application/problem+json"}}).headers,
      Contains(HttpHeader{"Content-Type", "application/problem+json"}));
}

TEST_F(GatewayTest, AResendTellsItsCooldown) {
  v1::ResendOtpResponse reply;
  reply.set_resend_after(30);
  backend_.reply = {0, reply.SerializeAsString(), ""};
  EXPECT_THAT(Ask("POST", "/v1/otp:resend", R"({"handle":"h"})").headers,
              Contains(HttpHeader{"RateLimit", "\"resend_cooldown\";r=0;t=30"}));
  backend_.reply = {0, v1::ResendOtpResponse().SerializeAsString(), ""};
  EXPECT_THAT(Ask("POST", "/v1/otp:resend", R"({"handle":"h"})").headers,
              Not(Contains(Field(&HttpHeader::name, "RateLimit"))));
}

TEST_F(GatewayTest, AnUnreadableReplyIsAnInternalError) {
  backend_.reply = {0, "\xFF\xFF", ""};
  EXPECT_EQ(Ask("POST", "/v1/otp:request", kPhone).status, 500);
}

TEST_F(GatewayTest, AMethodWithARequestIdAlwaysGetsOne) {
  Ask("POST", "/v1/otp:request", kPhone);
  EXPECT_EQ(Sent<v1::RequestOtpRequest>().request_id().size(), 36U);
}

TEST_F(GatewayTest, TheIdempotencyKeyIsTheRequestId) {
  Ask("POST", "/v1/otp:request", kPhone, {{"idempotency-key", kUuid}});
  EXPECT_EQ(Sent<v1::RequestOtpRequest>().request_id(), kUuid);
}

TEST_F(GatewayTest, ARequestIdInTheBodyStays) {
  Ask("POST", "/v1/otp:verify",
      R"({"handle":"h","code":"123456","requestId":"8e03978e-40d5-43dd-bc93-6894a57f9324"})");
  EXPECT_EQ(Sent<v1::VerifyOtpRequest>().request_id(), kUuid);
}

TEST_F(GatewayTest, TwoDifferentRequestIdsAreRefused) {
  const HttpResponse response =
      Ask("POST", "/v1/otp:verify",
          R"({"handle":"h","code":"123456","requestId":"8e03978e-40d5-43dd-bc93-6894a57f9324"})",
          {{"idempotency-key", "another"}});
  EXPECT_EQ(response.status, 400);
  EXPECT_THAT(response.body, HasSubstr("Idempotency-Key"));
  EXPECT_TRUE(backend_.calls.empty());
}

TEST_F(GatewayTest, RepeatedCredentialsAreRefused) {
  EXPECT_EQ(
      Ask("GET", "/v1/users/me", "", {{"authorization", "Bearer a"}, {"authorization", "Bearer b"}})
          .status,
      400);
  EXPECT_TRUE(backend_.calls.empty());
}

TEST_F(GatewayTest, EveryResponseHasTheHeadersOfAnApi) {
  for (const char* path : {"/v1/users/me", "/nothing", "/healthz"}) {
    const HttpResponse response = Ask("GET", path, "", {{"x-request-id", "abc"}});
    EXPECT_THAT(response.headers, Contains(HttpHeader{"X-Request-Id", "abc"})) << path;
    EXPECT_THAT(response.headers, Contains(HttpHeader{"X-Content-Type-Options", "nosniff"}));
    EXPECT_THAT(response.headers, Contains(HttpHeader{"Cache-Control", "no-store"}));
    EXPECT_THAT(response.headers,
                Not(Contains(Field(&HttpHeader::name, "Strict-Transport-Security"))));
  }
}

TEST_F(GatewayTest, KeysMayBeCachedAndAreNotSentTwice) {
  backend_.reply = {0, v1::GetJwksResponse().SerializeAsString(), ""};
  const HttpResponse first = Ask("GET", "/.well-known/jwks.json");
  EXPECT_EQ(first.body, R"({"keys":[]})");
  EXPECT_THAT(first.headers, Contains(HttpHeader{"Cache-Control", "public, max-age=600"}));
  std::string etag;
  for (const HttpHeader& header : first.headers) {
    if (header.name == "ETag") etag = header.value;
  }
  ASSERT_FALSE(etag.empty());
  const HttpResponse second =
      Ask("GET", "/.well-known/jwks.json", "", {{"if-none-match", "\"x\", W/" + etag}});
  EXPECT_EQ(second.status, 304);
  EXPECT_EQ(second.body, "");
}

TEST_F(GatewayTest, HealthNeedsNoServerAndReadinessDoes) {
  backend_.is_ready = false;
  EXPECT_EQ(Ask("GET", "/healthz").status, 200);
  EXPECT_EQ(Ask("GET", "/readyz").status, 503);
  backend_.is_ready = true;
  EXPECT_EQ(Ask("GET", "/readyz").status, 200);
  EXPECT_EQ(Ask("POST", "/readyz").status, 405);
}

TEST_F(GatewayTest, TheDocumentOfTheApiIsServed) {
  const HttpResponse response = Ask("GET", "/openapi.json");
  EXPECT_EQ(response.status, 200);
  EXPECT_THAT(response.body, HasSubstr("\"/v1/otp:request\""));
  EXPECT_THAT(response.headers, Contains(HttpHeader{"Content-Type", "application/json"}));
  EXPECT_THAT(response.headers, Contains(HttpHeader{"Cache-Control", "public, max-age=600"}));
  const auto etag = std::find_if(response.headers.begin(), response.headers.end(),
                                 [](const HttpHeader& header) { return header.name == "ETag"; });
  ASSERT_NE(etag, response.headers.end());
  EXPECT_EQ(Ask("GET", "/openapi.json", "", {{"if-none-match", etag->value}}).status, 304);
  EXPECT_EQ(Ask("POST", "/openapi.json").status, 405);
  EXPECT_TRUE(backend_.calls.empty());
}

TEST_F(GatewayTest, L3_OptionsTellsTheMethodsOfAPath) {
  const HttpResponse response = Ask("OPTIONS", "/v1/sessions");
  EXPECT_EQ(response.status, 204);
  EXPECT_THAT(response.headers, Contains(HttpHeader{"Allow", "GET, HEAD, OPTIONS"}));
  EXPECT_EQ(Ask("OPTIONS", "/nothing").status, 404);
}

TEST_F(GatewayTest, APageOfAnAllowedOriginMayReadErrorsToo) {
  const HttpResponse response = Ask("GET", "/nothing", "", {{"origin", "https://app.example.com"}});
  EXPECT_EQ(response.status, 404);
  EXPECT_THAT(response.headers,
              Contains(HttpHeader{"Access-Control-Allow-Origin", "https://app.example.com"}));
}

TEST_F(GatewayTest, WhatTheServerItselfRefusesLooksTheSame) {
  const HttpResponse response = gateway_.Reject(431, "the headers are too large");
  EXPECT_EQ(response.status, 431);
  EXPECT_THAT(response.body, HasSubstr("the headers are too large"));
  EXPECT_THAT(response.headers, Contains(Field(&HttpHeader::name, "X-Request-Id")));
}

TEST_F(GatewayTest, ResponsesAreCountedByTheRpcAndNeverByThePath) {
  Ask("POST", "/v1/otp:request", kPhone);
  Ask("DELETE", "/v1/sessions/secret", "", {{"authorization", "Bearer x"}});
  Ask("GET", "/wp-admin");
  const std::string page = metrics_.Text();
  EXPECT_THAT(page, HasSubstr("route=\"otpgate.v1.AuthService/RequestOtp\",status=\"200\"} 1"));
  EXPECT_THAT(page, HasSubstr("route=\"otpgate.v1.AuthService/RevokeSession\""));
  EXPECT_THAT(page, HasSubstr("route=\"other\",status=\"404\"} 1"));
  EXPECT_THAT(page, Not(HasSubstr("secret")));
  EXPECT_THAT(page, Not(HasSubstr("wp-admin")));
}

// A rule of the whole API: every RPC of the service has a route.
TEST_F(GatewayTest, EveryMethodIsReachable) {
  size_t methods = 0;
  for (const google::protobuf::ServiceDescriptor* service : PublicServices()) {
    methods += static_cast<size_t>(service->method_count());
  }
  EXPECT_EQ(transcoder_.routes().bindings().size(), methods);
}

}  // namespace
}  // namespace otpgate::gateway
