#include "otpgate/client/auth_client.h"

#include <google/protobuf/descriptor.h>
#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "otpgate/client/channel.h"
#include "otpgate/client/jwks.h"
#include "otpgate/v1/auth_service.grpc.pb.h"
#include "tests/support/status_matchers.h"

namespace otpgate::client {
namespace {

constexpr char kService[] = "otpgate.v1.AuthService";
using Headers = std::multimap<std::string, std::string>;

// An AuthService whose errors are scripted; records the requests. Thread-safe.
class Service final : public v1::AuthService::Service {
 public:
  // The next `n` calls end with `status`.
  void FailNext(int n, grpc::Status status) {
    absl::MutexLock lock(&mu_);
    failing_ = n;
    failure_ = std::move(status);
  }
  std::vector<std::string> request_ids() const {
    absl::MutexLock lock(&mu_);
    return request_ids_;
  }
  Headers headers() const {
    absl::MutexLock lock(&mu_);
    return headers_;
  }
  int calls() const {
    absl::MutexLock lock(&mu_);
    return calls_;
  }

 private:
  grpc::Status RequestOtp(grpc::ServerContext* context, const v1::RequestOtpRequest* request,
                          v1::RequestOtpResponse* reply) override {
    reply->set_handle("a handle");
    return Take(context, request->request_id());
  }
  grpc::Status ResendOtp(grpc::ServerContext* context, const v1::ResendOtpRequest* request,
                         v1::ResendOtpResponse*) override {
    return Take(context, request->request_id());
  }
  grpc::Status VerifyOtp(grpc::ServerContext* context, const v1::VerifyOtpRequest* request,
                         v1::VerifyOtpResponse*) override {
    return Take(context, request->request_id());
  }
  grpc::Status RefreshToken(grpc::ServerContext* context, const v1::RefreshTokenRequest* request,
                            v1::RefreshTokenResponse*) override {
    return Take(context, request->request_id());
  }
  grpc::Status RevokeToken(grpc::ServerContext* context, const v1::RevokeTokenRequest*,
                           v1::RevokeTokenResponse*) override {
    return Take(context, "");
  }
  grpc::Status IntrospectToken(grpc::ServerContext* context, const v1::IntrospectTokenRequest*,
                               v1::IntrospectTokenResponse*) override {
    return Take(context, "");
  }
  grpc::Status ListSessions(grpc::ServerContext* context, const v1::ListSessionsRequest*,
                            v1::ListSessionsResponse*) override {
    return Take(context, "");
  }
  grpc::Status RevokeSession(grpc::ServerContext* context, const v1::RevokeSessionRequest*,
                             v1::RevokeSessionResponse*) override {
    return Take(context, "");
  }
  grpc::Status RevokeAllSessions(grpc::ServerContext* context, const v1::RevokeAllSessionsRequest*,
                                 v1::RevokeAllSessionsResponse*) override {
    return Take(context, "");
  }
  grpc::Status GetCurrentUser(grpc::ServerContext* context, const v1::GetCurrentUserRequest*,
                              v1::GetCurrentUserResponse*) override {
    return Take(context, "");
  }
  grpc::Status GetJwks(grpc::ServerContext* context, const v1::GetJwksRequest*,
                       v1::GetJwksResponse* reply) override {
    auto* key = reply->add_keys();
    key->set_kty("EC");
    key->set_kid("k1");
    return Take(context, "");
  }

  grpc::Status Take(grpc::ServerContext* context, const std::string& request_id) {
    absl::MutexLock lock(&mu_);
    ++calls_;
    request_ids_.push_back(request_id);
    headers_.clear();
    for (const auto& [key, value] : context->client_metadata()) {
      headers_.emplace(std::string(key.data(), key.size()),
                       std::string(value.data(), value.size()));
    }
    return failing_-- > 0 ? failure_ : grpc::Status::OK;
  }

  mutable absl::Mutex mu_;
  int calls_ ABSL_GUARDED_BY(mu_) = 0;
  int failing_ ABSL_GUARDED_BY(mu_) = 0;
  grpc::Status failure_ ABSL_GUARDED_BY(mu_);
  std::vector<std::string> request_ids_ ABSL_GUARDED_BY(mu_);
  Headers headers_ ABSL_GUARDED_BY(mu_);
};

class ServiceHost {
 public:
  ServiceHost() {
    grpc::EnableDefaultHealthCheckService(true);
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    SetServing(true);
  }

  void SetServing(bool serving) {
    server_->GetHealthCheckService()->SetServingStatus(kService, serving);
  }
  std::string address() const { return absl::StrCat("127.0.0.1:", port_); }
  Service& service() { return service_; }

 private:
  Service service_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

class AuthClientTest : public ::testing::Test {
 protected:
  std::unique_ptr<AuthClient> Client(const AuthClient::Options& options = {}) {
    return std::make_unique<AuthClient>(*NewChannel({.target = host_.address()}), options);
  }
  Service& service() { return host_.service(); }

  ServiceHost host_;
};

TEST_F(AuthClientTest, ACallGetsARequestIdOfItsOwn) {
  const auto client = Client();
  ASSERT_TRUE(client->RequestOtp({}).ok());
  ASSERT_TRUE(client->ResendOtp({}).ok());
  ASSERT_TRUE(client->VerifyOtp({}).ok());
  ASSERT_TRUE(client->RefreshToken({}).ok());
  const std::vector<std::string> ids = service().request_ids();
  ASSERT_EQ(ids.size(), 4U);
  for (const std::string& id : ids) {
    EXPECT_EQ(id.size(), 36U);
    EXPECT_EQ(std::count(ids.begin(), ids.end(), id), 1);
  }
}

TEST_F(AuthClientTest, EveryMethodOfTheServiceCanBeCalled) {
  const auto client = Client();
  EXPECT_TRUE(client->RequestOtp({}).ok());
  EXPECT_TRUE(client->ResendOtp({}).ok());
  EXPECT_TRUE(client->VerifyOtp({}).ok());
  EXPECT_TRUE(client->RefreshToken({}).ok());
  EXPECT_TRUE(client->RevokeToken({}).ok());
  EXPECT_TRUE(client->IntrospectToken({}).ok());
  EXPECT_TRUE(client->GetCurrentUser({}).ok());
  EXPECT_TRUE(client->ListSessions({}).ok());
  EXPECT_TRUE(client->RevokeSession({}, {}).ok());
  EXPECT_TRUE(client->RevokeAllSessions({}).ok());
  EXPECT_TRUE(client->GetJwks({}).ok());
  const auto* service =
      google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(kService);
  EXPECT_EQ(this->service().calls(), service->method_count());
}

TEST_F(AuthClientTest, AGivenRequestIdIsKept) {
  v1::VerifyOtpRequest request;
  request.set_request_id("mine");
  ASSERT_TRUE(Client()->VerifyOtp(request).ok());
  EXPECT_EQ(service().request_ids(), std::vector<std::string>{"mine"});
}

TEST_F(AuthClientTest, UnavailableIsRepeatedWithTheSameRequestId) {
  service().FailNext(3, {grpc::UNAVAILABLE, "restarting"});
  const auto reply = Client()->RequestOtp({});
  ASSERT_TRUE(reply.ok());
  EXPECT_EQ(reply->handle(), "a handle");
  const std::vector<std::string> ids = service().request_ids();
  EXPECT_EQ(ids, std::vector<std::string>(4, ids[0]));
  EXPECT_EQ(ids[0].size(), 36U);
}

TEST_F(AuthClientTest, TheFourthUnavailableIsTheAnswer) {
  service().FailNext(100, {grpc::UNAVAILABLE, "restarting"});
  const auto reply = Client()->RequestOtp({});
  ASSERT_FALSE(reply.ok());
  EXPECT_EQ(reply.error().code, absl::StatusCode::kUnavailable);
  EXPECT_EQ(service().calls(), 4);
}

TEST_F(AuthClientTest, OtherRefusalsAreNotRepeated) {
  for (const grpc::StatusCode code : {grpc::UNAUTHENTICATED, grpc::RESOURCE_EXHAUSTED,
                                      grpc::INTERNAL, grpc::UNKNOWN, grpc::DEADLINE_EXCEEDED}) {
    const int before = service().calls();
    service().FailNext(1, {code, "no"});
    EXPECT_EQ(Client()->RequestOtp({}).error().code, static_cast<absl::StatusCode>(code));
    EXPECT_EQ(service().calls(), before + 1);
  }
}

TEST_F(AuthClientTest, RefusalsAreTyped) {
  google::rpc::ErrorInfo info;
  info.set_domain("otpgate");
  info.set_reason("SEND_LIMIT");
  google::rpc::Status status;
  status.add_details()->PackFrom(info);
  service().FailNext(1, {grpc::RESOURCE_EXHAUSTED, "no", status.SerializeAsString()});
  EXPECT_EQ(Client()->RequestOtp({}).error().reason, v1::ERROR_REASON_SEND_LIMIT);
}

TEST_F(AuthClientTest, Headers) {
  const auto client = Client({.caller_id = "shop", .caller_secret = "s3cret"});
  ASSERT_TRUE(client->GetCurrentUser({.bearer_token = "tkn", .client_ip = "192.0.2.7"}).ok());
  const Headers headers = service().headers();
  const auto header = [&](const char* name) {
    const auto found = headers.find(name);
    return found == headers.end() ? "" : found->second;
  };
  EXPECT_EQ(header("authorization"), "Bearer tkn");
  EXPECT_EQ(header("x-otpgate-client-ip"), "192.0.2.7");
  EXPECT_EQ(header("x-otpgate-client-authorization"), "Basic c2hvcDpzM2NyZXQ=");
}

// gRPC aborts the process for a header value it cannot send.
TEST_F(AuthClientTest, WhatCannotBeAHeaderIsRefusedBeforeItIsSent) {
  for (const char* bad : {"a\nb", "a\rb", "a\tb", "\x1f", "\x7f", "caf\xC3\xA9", "\xFF"}) {
    const auto token = Client()->GetCurrentUser({.bearer_token = bad});
    ASSERT_FALSE(token.ok());
    EXPECT_EQ(token.error().code, absl::StatusCode::kUnauthenticated);
    EXPECT_EQ(token.error().reason, v1::ERROR_REASON_UNAUTHENTICATED);
    const auto ip = Client()->RequestOtp({}, {.client_ip = bad});
    ASSERT_FALSE(ip.ok());
    EXPECT_EQ(ip.error().code, absl::StatusCode::kInvalidArgument);
    for (const auto& error : {token.error(), ip.error()}) {
      EXPECT_EQ(error.message.find(bad), std::string::npos) << "shows what may be secret";
    }
  }
  const auto zero = Client()->GetCurrentUser({.bearer_token = std::string("a\0b", 3)});
  EXPECT_EQ(zero.error().code, absl::StatusCode::kUnauthenticated);
  EXPECT_EQ(service().calls(), 0);
  EXPECT_TRUE(Client()->GetCurrentUser({.bearer_token = " !~"}).ok());
}

// The secret is sent in base64.
TEST_F(AuthClientTest, SecretsOfCallersAreAnyBytes) {
  ASSERT_TRUE(Client({.caller_id = "shop", .caller_secret = "\n\xC3\xA9"})->RequestOtp({}).ok());
  EXPECT_EQ(service().headers().find("x-otpgate-client-authorization")->second,
            "Basic c2hvcDoKw6k=");
}

TEST_F(AuthClientTest, WhatIsNotSetIsNotSent) {
  ASSERT_TRUE(Client()->RequestOtp({}).ok());
  const Headers headers = service().headers();
  for (const char* name :
       {"authorization", "x-otpgate-client-ip", "x-otpgate-client-authorization"}) {
    EXPECT_EQ(headers.count(name), 0U) << name;
  }
}

TEST_F(AuthClientTest, ADeadlineEndsTheWaitForAServer) {
  host_.SetServing(false);
  const auto by_client = Client({.deadline = absl::Milliseconds(100)})->RequestOtp({});
  EXPECT_EQ(by_client.error().code, absl::StatusCode::kDeadlineExceeded);
  const auto by_call = Client()->RequestOtp({}, {.deadline = absl::Milliseconds(100)});
  EXPECT_EQ(by_call.error().code, absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(service().calls(), 0);
}

TEST_F(AuthClientTest, CallsGoRoundAllServersThatServe) {
  ServiceHost second;
  ServiceHost sick;
  sick.SetServing(false);
  AuthClient client(*NewChannel({.target = absl::StrCat("ipv4:", host_.address(), ",",
                                                        sick.address(), ",", second.address())}));
  for (int i = 0; i < 1000; ++i) {
    ASSERT_TRUE(client.RequestOtp({}).ok());
    if (service().calls() > 0 && second.service().calls() > 0) break;
  }
  EXPECT_GT(service().calls(), 0);
  EXPECT_GT(second.service().calls(), 0);
  EXPECT_EQ(sick.service().calls(), 0);
}

// A proxy named by the environment could read codes and tokens.
TEST_F(AuthClientTest, PlaintextGoesThroughNoProxy) {
  ServiceHost proxy;  // does not speak HTTP/1, so a call through it fails
  ASSERT_EQ(setenv("http_proxy", absl::StrCat("http://", proxy.address()).c_str(), 1), 0);
  const auto client = Client({.deadline = absl::Seconds(5)});
  const auto reply = client->RequestOtp({});
  unsetenv("http_proxy");
  EXPECT_TRUE(reply.ok());
}

TEST_F(AuthClientTest, FetchesAKeySet) {
  const absl::StatusOr<std::string> jwks = FetchJwksFrom(Client())();
  ASSERT_OK(jwks);
  EXPECT_EQ(*jwks, R"({"keys":[{"kty":"EC","kid":"k1"}]})");
}

TEST_F(AuthClientTest, AFailedFetchSaysWhy) {
  service().FailNext(1, {grpc::INTERNAL, "broken"});
  EXPECT_EQ(FetchJwksFrom(Client())().status(), absl::InternalError("broken"));
}

}  // namespace
}  // namespace otpgate::client
