#include "clients/gateway/oauth/oauth.h"

#include <gmock/gmock.h>
#include <google/rpc/code.pb.h>
#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>
#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "clients/gateway/fake_backend.h"
#include "clients/gateway/gateway.h"
#include "clients/gateway/services.h"
#include "otpgate/v1/auth_service.pb.h"

namespace otpgate::gateway {
namespace {

using ::google::rpc::Code;
using ::nlohmann::json;
using ::testing::Contains;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::Key;
using ::testing::Not;
using ::testing::Pair;

constexpr char kForm[] = "application/x-www-form-urlencoded";
constexpr char kToken[] = "/oauth2/token";
constexpr char kIntrospect[] = "/oauth2/introspect";
constexpr char kRevoke[] = "/oauth2/revoke";
constexpr char kRefresh[] = "grant_type=refresh_token&refresh_token=s3cret";
constexpr char kServerPath[] = "/.well-known/oauth-authorization-server";
constexpr char kOpenIdPath[] = "/.well-known/openid-configuration";

HttpHeader Basic(absl::string_view text) {
  return {"authorization", absl::StrCat("Basic ", absl::Base64Escape(text))};
}

// How the server refuses a call.
RpcReply RefusedReply(int code, const std::string& reason, int retry_seconds = 0) {
  google::rpc::Status status;
  status.set_code(code);
  google::rpc::ErrorInfo info;
  info.set_reason(reason);
  info.set_domain("otpgate");
  if (!reason.empty()) status.add_details()->PackFrom(info);
  google::rpc::RetryInfo retry;
  retry.mutable_retry_delay()->set_seconds(retry_seconds);
  if (retry_seconds > 0) status.add_details()->PackFrom(retry);
  return {code, "s3cret text", status.SerializeAsString()};
}

class OAuthTest : public ::testing::Test {
 protected:
  OAuthTest() { Configure("https://auth.example.com"); }

  void Configure(const std::string& issuer) {
    gateway_ = std::make_unique<Gateway>(
        GatewayOptions{.trusted_proxies = 0,
                       .call_timeout = absl::Seconds(3),
                       .caller_authorization = "Basic Z2F0ZXdheQ==",
                       .issuer = issuer},
        *Cors::Create({"https://app.example.com"}), &transcoder_, &backend_, &metrics_);
  }

  HttpResponse Ask(const std::string& method, const std::string& path, const std::string& body = "",
                   std::vector<HttpHeader> headers = {}, const std::string& query = "") {
    HttpRequest request;
    request.method = method;
    request.path = path;
    request.query = query;
    request.target = query.empty() ? path : absl::StrCat(path, "?", query);
    request.peer_ip = "10.0.0.1";
    request.headers = std::move(headers);
    request.body = body;
    return AnswerOf(*gateway_, std::move(request));
  }
  HttpResponse Post(const std::string& path, const std::string& form,
                    std::vector<HttpHeader> headers = {}) {
    headers.push_back({"content-type", kForm});
    return Ask("POST", path, form, std::move(headers));
  }

  template <class Message>
  Message Sent() const {
    Message message;
    EXPECT_EQ(backend_.calls.size(), 1U);
    EXPECT_TRUE(message.ParseFromString(backend_.calls.at(0).message));
    return message;
  }
  template <class Message>
  void Reply(const Message& message) {
    backend_.reply = {0, message.SerializeAsString(), ""};
  }
  static std::string ErrorIn(const HttpResponse& response) {
    const json body = json::parse(response.body, nullptr, false);
    return body.is_object() ? body.value("error", "") : "no JSON";
  }
  // What all answers of the three endpoints have in common.
  static void ExpectUncached(const HttpResponse& response) {
    EXPECT_THAT(response.headers, Contains(HttpHeader{"Cache-Control", "no-store"}));
    EXPECT_THAT(response.headers, Contains(HttpHeader{"Pragma", "no-cache"}));
    EXPECT_THAT(response.headers, Contains(Field(&HttpHeader::name, "X-Request-Id")));
  }
  void ExpectRefused(const HttpResponse& response, int status, const std::string& error) {
    EXPECT_EQ(response.status, status);
    EXPECT_EQ(ErrorIn(response), error);
    ExpectUncached(response);
    EXPECT_THAT(response.headers, Contains(HttpHeader{"Content-Type", "application/json"}));
    EXPECT_THAT(response.body, Not(HasSubstr("s3cret")));
    const auto challenge = HttpHeader{"WWW-Authenticate", "Basic realm=\"otpgate\""};
    if (status == 401) {
      EXPECT_THAT(response.headers, Contains(challenge));
    } else {
      EXPECT_THAT(response.headers, Not(Contains(challenge)));
    }
  }

  FakeBackend backend_;
  GatewayMetrics metrics_;
  const Transcoder transcoder_ = *Transcoder::Create(PublicServices());
  std::unique_ptr<Gateway> gateway_;
};

TEST_F(OAuthTest, ARefreshTokenGivesTheNextPair) {
  v1::RefreshTokenResponse tokens;
  tokens.set_access_token("a");
  tokens.set_refresh_token("r");
  tokens.set_token_type("bearer");
  tokens.set_expires_in(900);
  tokens.set_session_id("s");
  Reply(tokens);
  const HttpResponse response =
      Post(kToken, "grant_type=refresh_token&refresh_token=a%2Bb+c&scope=openid&client_id=app");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body,
            R"({"access_token":"a","token_type":"Bearer","expires_in":900,"refresh_token":"r"})");
  ExpectUncached(response);
  EXPECT_THAT(response.headers, Contains(HttpHeader{"Content-Type", "application/json"}));
  const auto sent = Sent<v1::RefreshTokenRequest>();
  EXPECT_EQ(sent.refresh_token(), "a+b c");
  EXPECT_EQ(sent.request_id().size(), 36U);
  const RpcCall& call = backend_.calls.at(0);
  EXPECT_EQ(call.path, "/otpgate.v1.AuthService/RefreshToken");
  EXPECT_EQ(call.timeout, absl::Seconds(3));
  EXPECT_THAT(call.metadata,
              Contains(Pair("x-otpgate-client-authorization", "Basic Z2F0ZXdheQ==")));
  EXPECT_THAT(call.metadata, Contains(Pair("x-otpgate-client-ip", "10.0.0.1")));
  EXPECT_THAT(call.metadata, Contains(Key("x-request-id")));
  EXPECT_THAT(metrics_.Text(),
              HasSubstr("route=\"otpgate.v1.AuthService/RefreshToken\",status=\"200\"} 1"));
}

TEST_F(OAuthTest, TheIdempotencyKeyIsTheRequestId) {
  constexpr char kId[] = "8e03978e-40d5-43dd-bc93-6894a57f9324";
  Post(kToken, kRefresh, {{"idempotency-key", kId}});
  EXPECT_EQ(Sent<v1::RefreshTokenRequest>().request_id(), kId);
  ExpectRefused(Post(kToken, kRefresh, {{"idempotency-key", ""}}), 400, "invalid_request");
  EXPECT_EQ(backend_.calls.size(), 1U);
}

TEST_F(OAuthTest, WithoutAKeyEachRequestHasAnIdOfItsOwn) {
  Post(kToken, kRefresh);
  const std::string first = Sent<v1::RefreshTokenRequest>().request_id();
  backend_.calls.clear();
  Post(kToken, kRefresh);
  EXPECT_NE(Sent<v1::RefreshTokenRequest>().request_id(), first);
}

TEST_F(OAuthTest, MistakesInTheParametersAreRefusedHere) {
  struct MistakeCase {
    const char* path;
    std::string form;
    const char* error;
  };
  const std::vector<MistakeCase> cases = {
      {kToken, "", "invalid_request"},
      {kToken, "refresh_token=s3cret", "invalid_request"},
      {kToken, "grant_type=&refresh_token=s3cret", "invalid_request"},
      {kToken, "grant_type=refresh_token", "invalid_request"},
      {kToken, "grant_type=refresh_token&refresh_token=", "invalid_request"},
      {kToken, "grant_type=password&username=a&password=s3cret", "unsupported_grant_type"},
      {kToken, "grant_type=authorization_code&code=s3cret", "unsupported_grant_type"},
      {kToken, "grant_type=client_credentials", "unsupported_grant_type"},
      {kToken, "grant_type=Refresh_Token&refresh_token=s3cret", "unsupported_grant_type"},
      {kToken, absl::StrCat(kRefresh, "&refresh_token=s3cret"), "invalid_request"},
      {kToken, absl::StrCat(kRefresh, "&grant_type=refresh_token"), "invalid_request"},
      {kToken, absl::StrCat(kRefresh, "&scope=a&scope=b"), "invalid_request"},
      {kToken, absl::StrCat(kRefresh, "&a=%zz"), "invalid_request"},
      {kToken, absl::StrCat(kRefresh, "&a=%FF"), "invalid_request"},
      {kToken, "grant_type=refresh_token&refresh_token=s3cret%00", "invalid_request"},
      {kRevoke, "", "invalid_request"},
      {kRevoke, "token_type_hint=refresh_token", "invalid_request"},
      {kRevoke, "token=s3cret&token=s3cret", "invalid_request"},
  };
  for (const auto& [path, form, error] : cases) {
    SCOPED_TRACE(absl::StrCat(path, " ", form));
    ExpectRefused(Post(path, form), 400, error);
  }
  ExpectRefused(Post(kIntrospect, "", {Basic("a:b")}), 400, "invalid_request");
  EXPECT_TRUE(backend_.calls.empty());
}

TEST_F(OAuthTest, OnlyAFormIsTaken) {
  for (const char* type : {"application/json", "multipart/form-data; boundary=a", "text/plain", "",
                           "application/x-www-form-urlencoded; charset=latin1"}) {
    SCOPED_TRACE(type);
    ExpectRefused(Ask("POST", kToken, kRefresh, {{"content-type", type}}), 415, "invalid_request");
  }
  ExpectRefused(Ask("POST", kToken, kRefresh), 415, "invalid_request");
  ExpectRefused(Post(kToken, kRefresh, {{"content-type", kForm}}), 400, "invalid_request");
  ExpectRefused(Post(kToken, std::string(kMaxBodyBytes + 1, 'a')), 413, "invalid_request");
  EXPECT_TRUE(backend_.calls.empty());
  Ask("POST", kToken, kRefresh, {{"content-type", absl::StrCat(kForm, ";charset=UTF-8")}});
  EXPECT_EQ(backend_.calls.size(), 1U);
}

TEST_F(OAuthTest, ParametersInTheUrlAreRefused) {
  ExpectRefused(Ask("POST", kToken, kRefresh, {{"content-type", kForm}}, "scope=a"), 400,
                "invalid_request");
  EXPECT_TRUE(backend_.calls.empty());
}

TEST_F(OAuthTest, OtherMethodsAreRefused) {
  for (const char* path : {kToken, kIntrospect, kRevoke}) {
    for (const char* method : {"GET", "HEAD", "PUT", "DELETE"}) {
      const HttpResponse response = Ask(method, path, kRefresh, {{"content-type", kForm}});
      ExpectRefused(response, 405, "invalid_request");
      EXPECT_THAT(response.headers, Contains(HttpHeader{"Allow", "POST"}));
    }
  }
  ExpectRefused(Ask("post", kToken, kRefresh, {{"content-type", kForm}}), 501, "invalid_request");
  EXPECT_THAT(Ask("POST", kServerPath).headers, Contains(HttpHeader{"Allow", "GET, HEAD"}));
  EXPECT_TRUE(backend_.calls.empty());
}

TEST_F(OAuthTest, L3_OptionsTellsTheMethods) {
  const HttpResponse response = Ask("OPTIONS", kToken);
  EXPECT_EQ(response.status, 204);
  EXPECT_THAT(response.headers, Contains(HttpHeader{"Allow", "POST, OPTIONS"}));
  EXPECT_THAT(Ask("OPTIONS", kOpenIdPath).headers,
              Contains(HttpHeader{"Allow", "GET, HEAD, OPTIONS"}));
  const std::vector<HttpHeader> preflight = {{"origin", "https://app.example.com"},
                                             {"access-control-request-method", "POST"}};
  EXPECT_THAT(Ask("OPTIONS", kToken, "", preflight).headers,
              Contains(HttpHeader{"Access-Control-Allow-Methods", "POST"}));
}

TEST_F(OAuthTest, APageOfAnAllowedOriginMayReadTheAnswer) {
  EXPECT_THAT(Post(kToken, "", {{"origin", "https://app.example.com"}}).headers,
              Contains(HttpHeader{"Access-Control-Allow-Origin", "https://app.example.com"}));
}

TEST_F(OAuthTest, RefusalsOfTheServerHaveTheErrorsOfRfc6749) {
  struct RefusalCase {
    RpcReply reply;
    int status;
    const char* error;
  };
  const std::vector<RefusalCase> cases = {
      {RefusedReply(Code::UNAUTHENTICATED, "TOKEN_INVALID"), 400, "invalid_grant"},
      {RefusedReply(Code::FAILED_PRECONDITION, "REQUEST_SUPERSEDED"), 400, "invalid_grant"},
      {RefusedReply(Code::FAILED_PRECONDITION, "REQUEST_ID_REUSED"), 400, "invalid_request"},
      {RefusedReply(Code::INVALID_ARGUMENT, "INVALID_REQUEST"), 400, "invalid_request"},
      {RefusedReply(Code::PERMISSION_DENIED, "PERMISSION_DENIED"), 400, "unauthorized_client"},
      {RefusedReply(Code::UNAUTHENTICATED, "UNAUTHENTICATED"), 401, "invalid_client"},
      {RefusedReply(Code::RESOURCE_EXHAUSTED, "CLIENT_LIMIT"), 429, "temporarily_unavailable"},
      {RefusedReply(Code::RESOURCE_EXHAUSTED, "OVERLOADED"), 429, "temporarily_unavailable"},
      {RefusedReply(Code::UNAVAILABLE, "UNAVAILABLE"), 503, "temporarily_unavailable"},
      {RefusedReply(Code::UNAVAILABLE, ""), 503, "temporarily_unavailable"},
      {RefusedReply(Code::ABORTED, "CONFLICT"), 503, "temporarily_unavailable"},
      {RefusedReply(Code::DEADLINE_EXCEEDED, ""), 503, "temporarily_unavailable"},
      {RefusedReply(Code::UNKNOWN, "OUTCOME_UNKNOWN"), 500, "server_error"},
      {RefusedReply(Code::INTERNAL, "INTERNAL"), 500, "server_error"},
      {RefusedReply(Code::UNIMPLEMENTED, ""), 500, "server_error"},
      {RpcReply{Code::INTERNAL, "s3cret", "\xFF"}, 500, "server_error"},
      {RpcReply{0, "\xFF\xFF", ""}, 500, "server_error"},
  };
  for (const auto& [reply, status, error] : cases) {
    SCOPED_TRACE(absl::StrCat(reply.code, " ", error));
    backend_.reply = reply;
    ExpectRefused(Post(kToken, kRefresh), status, error);
  }
}

TEST_F(OAuthTest, D7_ALimitSaysWhenToRetry) {
  backend_.reply = RefusedReply(Code::RESOURCE_EXHAUSTED, "CLIENT_LIMIT", 12);
  EXPECT_THAT(Post(kToken, kRefresh).headers, Contains(HttpHeader{"Retry-After", "12"}));
  backend_.reply = RefusedReply(Code::UNAVAILABLE, "UNAVAILABLE", 1);
  EXPECT_THAT(Post(kToken, kRefresh).headers, Contains(HttpHeader{"Retry-After", "1"}));
}

TEST_F(OAuthTest, CredentialsMakeTheirServiceTheCaller) {
  struct CallerCase {
    const char* sent;    // inside of Basic
    const char* caller;  // as the server gets it
  };
  for (const auto& [sent, caller] : {
           CallerCase{"kiosk:plain-secret", "kiosk:plain-secret"},
           CallerCase{"kiosk:a%2Bb%2Fc%3D", "kiosk:a+b/c="},    // encoded as RFC 6749, 2.3.1 says
           CallerCase{"kiosk:a+b/c=", "kiosk:a+b/c="},          // not encoded, and it shows
           CallerCase{"kiosk:a+b", "kiosk:a b"},                // may be encoded, so it is
           CallerCase{"kiosk:a%3Ab:c", "kiosk:a%3Ab:c"},        // ":" is never left alone
           CallerCase{"kiosk:a%3Ab", "kiosk:a:b"},              //
           CallerCase{"ki%6Fsk:%25%C3%A4", "kiosk:%\xC3\xA4"},  //
           CallerCase{"kiosk:p\xC3\xA4ss%41", "kiosk:p\xC3\xA4ss%41"},
       }) {
    for (const auto& [path, form] : {std::pair{kToken, kRefresh},
                                     {kIntrospect, "token=t"},
                                     {kRevoke, "token=t&client_id=kiosk"}}) {
      SCOPED_TRACE(absl::StrCat(path, " ", sent));
      backend_.calls.clear();
      Post(path, form, {Basic(sent)});
      ASSERT_EQ(backend_.calls.size(), 1U);
      const Metadata& metadata = backend_.calls.at(0).metadata;
      EXPECT_THAT(metadata, Contains(Pair("x-otpgate-client-authorization", Basic(caller).value)));
      EXPECT_THAT(metadata,
                  Not(Contains(Pair("x-otpgate-client-authorization", "Basic Z2F0ZXdheQ=="))));
      EXPECT_THAT(metadata, Not(Contains(Key("authorization"))));
    }
  }
}

TEST_F(OAuthTest, CredentialsOfAnotherFormNeverBecomeTheGateway) {
  const HttpHeader headers[] = {
      {"authorization", "Bearer s3cret"}, {"authorization", "Basic"},
      {"authorization", "Basic !!!"},     {"authorization", ""},
      Basic("no colon s3cret"),           Basic(":s3cret"),
      Basic("kiosk:s3cret%zz"),           Basic("kiosk:s3cret%FF"),
      Basic("kio%3Ask:s3cret"),
  };
  for (const HttpHeader& header : headers) {
    for (const char* path : {kToken, kIntrospect, kRevoke}) {
      SCOPED_TRACE(absl::StrCat(path, " ", header.value));
      ExpectRefused(Post(path, absl::StrCat(kRefresh, "&token=t"), {header}), 401,
                    "invalid_client");
    }
  }
  for (const char* more : {"&client_id=a&client_secret=s3cret", "&client_assertion=s3cret"}) {
    ExpectRefused(Post(kToken, absl::StrCat(kRefresh, more)), 401, "invalid_client");
    ExpectRefused(Post(kToken, absl::StrCat(kRefresh, more), {Basic("a:b")}), 401,
                  "invalid_client");
  }
  ExpectRefused(Post(kToken, absl::StrCat(kRefresh, "&client_id=other"), {Basic("kiosk:s3cret")}),
                400, "invalid_request");
  ExpectRefused(Post(kToken, kRefresh, {Basic("a:b"), Basic("c:d")}), 400, "invalid_request");
  EXPECT_TRUE(backend_.calls.empty());
}

TEST_F(OAuthTest, IntrospectionNeedsACaller) {
  ExpectRefused(Post(kIntrospect, "token=s3cret"), 401, "invalid_client");
  ExpectRefused(Post(kIntrospect, "token=s3cret&client_id=orders"), 401, "invalid_client");
  EXPECT_TRUE(backend_.calls.empty());
}

TEST_F(OAuthTest, IntrospectionTellsTheFactsByTheirNamesInRfc7662) {
  v1::IntrospectTokenResponse facts;
  facts.set_active(true);
  facts.set_token_type("access_token");
  facts.set_sub("u");
  facts.set_sid("s");
  facts.set_client_id("gateway");
  facts.set_user_type(v1::USER_TYPE_LIVE);
  facts.set_iss("https://auth.example.com");
  facts.add_aud("api");
  facts.set_jti("j");
  facts.set_iat(1'800'000'000);
  facts.set_exp(4'000'000'000);
  facts.set_auth_time(1'700'000'000);
  facts.add_amr("sms");
  Reply(facts);
  const HttpResponse response =
      Post(kIntrospect, "token=t%2B1&token_type_hint=nonsense", {Basic("orders:x")});
  EXPECT_EQ(response.status, 200);
  ExpectUncached(response);
  EXPECT_EQ(response.body,
            R"({"active":true,"token_type":"Bearer","sub":"u","sid":"s","client_id":"gateway",)"
            R"("iss":"https://auth.example.com","aud":["api"],"jti":"j","iat":1800000000,)"
            R"("exp":4000000000,"auth_time":1700000000,"amr":["sms"],"user_type":"live"})");
  EXPECT_EQ(backend_.calls.at(0).path, "/otpgate.v1.AuthService/IntrospectToken");
  EXPECT_EQ(Sent<v1::IntrospectTokenRequest>().token(), "t+1");
}

TEST_F(OAuthTest, ARefreshTokenDoesNotLookLikeAnAccessToken) {
  v1::IntrospectTokenResponse facts;
  facts.set_active(true);
  facts.set_token_type("refresh_token");
  facts.set_sub("u");
  facts.set_user_type(v1::USER_TYPE_DEMO);
  Reply(facts);
  EXPECT_EQ(Post(kIntrospect, "token=t", {Basic("orders:x")}).body,
            R"({"active":true,"token_type":"refresh_token","sub":"u","user_type":"demo"})");
}

TEST_F(OAuthTest, AnInactiveTokenHasNoFacts) {
  v1::IntrospectTokenResponse facts;
  facts.set_sub("never said");
  Reply(facts);
  EXPECT_EQ(Post(kIntrospect, "token=t", {Basic("orders:x")}).body, R"({"active":false})");
}

TEST_F(OAuthTest, RevocationHasAnEmptyAnswer) {
  for (const char* form : {"token=t", "token=t&token_type_hint=access_token"}) {
    backend_.calls.clear();
    const HttpResponse response = Post(kRevoke, form);
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, "");
    ExpectUncached(response);
    EXPECT_EQ(backend_.calls.at(0).path, "/otpgate.v1.AuthService/RevokeToken");
    EXPECT_EQ(Sent<v1::RevokeTokenRequest>().token(), "t");
    EXPECT_THAT(backend_.calls.at(0).metadata,
                Contains(Pair("x-otpgate-client-authorization", "Basic Z2F0ZXdheQ==")));
  }
}

TEST_F(OAuthTest, MetadataMayBeCached) {
  for (const char* path : {kServerPath, kOpenIdPath}) {
    const HttpResponse response = Ask("GET", path);
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(json::parse(response.body)["issuer"], "https://auth.example.com");
    EXPECT_THAT(response.headers, Contains(HttpHeader{"Content-Type", "application/json"}));
    EXPECT_THAT(response.headers, Contains(HttpHeader{"Cache-Control", "public, max-age=600"}));
    EXPECT_THAT(response.headers, Contains(Field(&HttpHeader::name, "ETag")));
    EXPECT_EQ(Ask("HEAD", path).status, 200);
    EXPECT_EQ(Ask("GET", path, "", {{"if-none-match", "*"}}).status, 304);
  }
  EXPECT_TRUE(backend_.calls.empty());
}

// The endpoints of the metadata are there, and so are the keys.
TEST_F(OAuthTest, MetadataNamesPathsOfTheGateway) {
  const json metadata = json::parse(Ask("GET", kServerPath).body);
  const std::string issuer = metadata["issuer"];
  for (const char* name :
       {"jwks_uri", "token_endpoint", "introspection_endpoint", "revocation_endpoint"}) {
    const std::string url = metadata[name];
    EXPECT_EQ(Ask("OPTIONS", url.substr(issuer.size())).status, 204) << url;
  }
}

TEST_F(OAuthTest, WithoutAnIssuerThereIsNoMetadata) {
  Configure("");
  for (const char* path : {kServerPath, kOpenIdPath}) {
    EXPECT_EQ(Ask("GET", path).status, 404);
    EXPECT_EQ(Ask("OPTIONS", path).status, 404);
  }
  Post(kToken, kRefresh);
  EXPECT_EQ(backend_.calls.size(), 1U);
}

TEST_F(OAuthTest, ThePathOfAnIssuerMayFollowTheWellKnownOne) {
  Configure("https://example.com/auth");
  for (const char* path : {kServerPath, kOpenIdPath}) {
    EXPECT_EQ(Ask("GET", path).status, 200);
    EXPECT_EQ(Ask("GET", absl::StrCat(path, "/auth")).status, 200);
    EXPECT_EQ(Ask("GET", absl::StrCat(path, "/other")).status, 404);
    EXPECT_EQ(Ask("GET", absl::StrCat(path, "/")).status, 404);
  }
}

TEST_F(OAuthTest, OtherSpellingsOfAPathAreNoEndpoint) {
  for (const char* path : {"/oauth2/token/", "/oauth2/%74oken", "/OAuth2/token", "/oauth2",
                           "/oauth2/authorize", "//oauth2/token"}) {
    EXPECT_GE(Post(path, kRefresh).status, 400) << path;
  }
  EXPECT_TRUE(backend_.calls.empty());
}

}  // namespace
}  // namespace otpgate::gateway
