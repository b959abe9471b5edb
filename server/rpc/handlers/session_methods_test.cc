#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/crypto/base64url.h"
#include "base/crypto/signing.h"
#include "otpgate/v1/auth_service.grpc.pb.h"
#include "server/rpc/handlers/auth_methods.h"
#include "tests/support/rpc_server.h"

namespace otpgate::rpc {
namespace {

using support::RpcServer;

const std::string kSessionId(24, 's');
const absl::Time kCreated = absl::FromUnixMicros(1'700'000'000'000'001);

// Records what it was given and answers what the test put there.
class FakeSessions final : public service::SessionApi {
 public:
  runtime::Task<errors::Outcome<service::TokenPair>> RefreshToken(
      service::CallContext, validation::RefreshTokenInput input) const override {
    refreshed = std::move(input);
    co_return pair;
  }
  runtime::Task<errors::Outcome<std::monostate>> RevokeToken(
      service::CallContext, validation::TokenInput input) const override {
    token = std::move(input);
    co_return done;
  }
  runtime::Task<errors::Outcome<std::optional<service::TokenFacts>>> IntrospectToken(
      service::CallContext, validation::TokenInput input) const override {
    token = std::move(input);
    co_return facts;
  }
  runtime::Task<errors::Outcome<std::vector<service::SessionView>>> ListSessions(
      service::CallContext context) const override {
    bearer = context.bearer;
    co_return sessions;
  }
  runtime::Task<errors::Outcome<std::monostate>> RevokeSession(
      service::CallContext context, validation::SessionInput input) const override {
    bearer = context.bearer;
    session = std::move(input);
    co_return done;
  }
  runtime::Task<errors::Outcome<std::monostate>> RevokeAllSessions(
      service::CallContext context) const override {
    bearer = context.bearer;
    co_return done;
  }
  runtime::Task<errors::Outcome<std::vector<crypto::VerifyKey>>> GetJwks(
      service::CallContext) const override {
    co_return keys;
  }

  errors::Outcome<service::TokenPair> pair = tl::unexpected(errors::Failure{});
  errors::Outcome<std::monostate> done;
  errors::Outcome<std::optional<service::TokenFacts>> facts = std::optional<service::TokenFacts>();
  errors::Outcome<std::vector<service::SessionView>> sessions;
  errors::Outcome<std::vector<crypto::VerifyKey>> keys;

  mutable validation::RefreshTokenInput refreshed;
  mutable validation::TokenInput token;
  mutable validation::SessionInput session;
  mutable std::string bearer;
};

class SessionMethodsTest : public ::testing::Test {
 protected:
  FakeSessions sessions_;
  support::RpcServer server_{
      AuthMethods(/*otps=*/nullptr, &sessions_, validation::ValidationLimits{})};
  std::unique_ptr<v1::AuthService::Stub> stub_ = v1::AuthService::NewStub(server_.NewChannel());
  grpc::ClientContext client_;
};

TEST_F(SessionMethodsTest, RefreshAnswersWithAPair) {
  sessions_.pair = service::TokenPair{.access_token = "access",
                                      .refresh_token = "refresh",
                                      .expires_in = absl::Milliseconds(899'999),
                                      .refresh_expires_in = absl::Hours(1),
                                      .session_id = {kSessionId}};
  v1::RefreshTokenRequest request;
  request.set_refresh_token("token");
  request.set_request_id("7f1d3c2e-9a4b-4c5d-8e6f-0123456789ab");
  v1::RefreshTokenResponse response;
  ASSERT_TRUE(stub_->RefreshToken(&client_, request, &response).ok());
  EXPECT_EQ(sessions_.refreshed.refresh_token, "token");
  EXPECT_EQ(sessions_.refreshed.request_id.size(), 16u);
  EXPECT_EQ(response.access_token(), "access");
  EXPECT_EQ(response.refresh_token(), "refresh");
  EXPECT_EQ(response.token_type(), "bearer");
  EXPECT_EQ(response.expires_in(), 899u);
  EXPECT_EQ(response.refresh_expires_in(), 3600u);
  EXPECT_EQ(response.session_id(), crypto::Base64UrlEncode(kSessionId));
}

TEST_F(SessionMethodsTest, ARefusedTokenIsUnauthenticated) {
  errors::Failure failure;
  failure.reason = errors::Reason::kTokenInvalid;
  sessions_.pair = tl::unexpected(failure);
  v1::RefreshTokenRequest request;
  request.set_refresh_token("token");
  v1::RefreshTokenResponse response;
  EXPECT_EQ(stub_->RefreshToken(&client_, request, &response).error_code(),
            grpc::StatusCode::UNAUTHENTICATED);
}

TEST_F(SessionMethodsTest, ATokenThatIsGoodForNothingHasNoFacts) {
  v1::IntrospectTokenRequest request;
  request.set_token("anything");
  v1::IntrospectTokenResponse response;
  ASSERT_TRUE(stub_->IntrospectToken(&client_, request, &response).ok());
  EXPECT_EQ(sessions_.token.token, "anything");
  EXPECT_EQ(response.ByteSizeLong(), 0u);
}

TEST_F(SessionMethodsTest, FactsHaveTheNamesOfTheStandard) {
  sessions_.facts = std::optional<service::TokenFacts>(
      service::TokenFacts{.refresh = false,
                          .user_id = {std::string(24, 'u')},
                          .session_id = {kSessionId},
                          .client_id = "web",
                          .user_type = storage::UserType::kDemo,
                          .issuer = "iss",
                          .audiences = {"a", "b"},
                          .token_id = "id",
                          .issued_at = kCreated,
                          .expires_at = kCreated + absl::Seconds(900),
                          .auth_time = kCreated,
                          .amr = "sms"});
  v1::IntrospectTokenRequest request;
  request.set_token("t");
  v1::IntrospectTokenResponse response;
  ASSERT_TRUE(stub_->IntrospectToken(&client_, request, &response).ok());
  EXPECT_TRUE(response.active());
  EXPECT_EQ(response.token_type(), "access_token");
  EXPECT_EQ(response.sub(), crypto::Base64UrlEncode(std::string(24, 'u')));
  EXPECT_EQ(response.sid(), crypto::Base64UrlEncode(kSessionId));
  EXPECT_EQ(response.user_type(), v1::USER_TYPE_DEMO);
  EXPECT_EQ(response.aud_size(), 2);
  EXPECT_EQ(response.iat(), 1'700'000'000u);
  EXPECT_EQ(response.exp(), 1'700'000'900u);
  EXPECT_EQ(response.amr(0), "sms");
}

TEST_F(SessionMethodsTest, SessionsAreListedForTheBearer) {
  service::SessionView view;
  view.info.id = {kSessionId};
  view.info.created_at = view.info.last_seen_at = kCreated;
  view.info.idle_expires_at = kCreated + absl::Hours(2);
  view.info.absolute_expires_at = kCreated + absl::Hours(1);
  view.info.device_info = "Pixel";
  view.info.amr = "email";
  view.current = true;
  sessions_.sessions = std::vector<service::SessionView>{view};
  client_.AddMetadata("authorization", "Bearer token");
  v1::ListSessionsResponse response;
  ASSERT_TRUE(stub_->ListSessions(&client_, {}, &response).ok());
  EXPECT_EQ(sessions_.bearer, "token");
  ASSERT_EQ(response.sessions_size(), 1);
  const v1::Session& session = response.sessions(0);
  EXPECT_EQ(session.id(), crypto::Base64UrlEncode(kSessionId));
  EXPECT_TRUE(session.current());
  EXPECT_EQ(session.device_info(), "Pixel");
  EXPECT_EQ(session.create_time().nanos(), 1'000);
  EXPECT_EQ(session.expire_time().seconds(), 1'700'003'600) << "whichever end comes first";
}

TEST_F(SessionMethodsTest, RevocationsPassOnWhatTheyWereAsked) {
  v1::RevokeTokenRequest token;
  token.set_token("t");
  v1::RevokeTokenResponse token_response;
  EXPECT_TRUE(stub_->RevokeToken(&client_, token, &token_response).ok());
  EXPECT_EQ(sessions_.token.token, "t");

  grpc::ClientContext second;
  v1::RevokeSessionRequest session;
  session.set_session_id(crypto::Base64UrlEncode(kSessionId));
  v1::RevokeSessionResponse session_response;
  EXPECT_TRUE(stub_->RevokeSession(&second, session, &session_response).ok());
  EXPECT_EQ(sessions_.session.session_id.bytes, kSessionId);

  grpc::ClientContext third;
  third.AddMetadata("authorization", "Bearer token");
  v1::RevokeAllSessionsResponse all_response;
  EXPECT_TRUE(stub_->RevokeAllSessions(&third, {}, &all_response).ok());
  EXPECT_EQ(sessions_.bearer, "token");
}

TEST_F(SessionMethodsTest, BadInputNamesItsField) {
  v1::RevokeSessionRequest session;
  session.set_session_id("short");
  v1::RevokeSessionResponse session_response;
  EXPECT_EQ(stub_->RevokeSession(&client_, session, &session_response).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
  grpc::ClientContext second;
  v1::RefreshTokenRequest refresh;
  refresh.set_refresh_token(std::string(1025, 'x'));
  v1::RefreshTokenResponse refresh_response;
  EXPECT_EQ(stub_->RefreshToken(&second, refresh, &refresh_response).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(sessions_.refreshed.refresh_token, "");
}

TEST_F(SessionMethodsTest, GetJwksIsRefusedWhileThereAreNoKeys) {
  errors::Failure not_yet;
  not_yet.reason = errors::Reason::kUnavailable;
  sessions_.keys = tl::unexpected(not_yet);
  v1::GetJwksResponse response;
  EXPECT_EQ(stub_->GetJwks(&client_, {}, &response).error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(SessionMethodsTest, GetJwksShowsThePublicKeys) {
  const std::vector<crypto::VerifyKey> keys = {crypto::SigningKey::Generate().public_key(),
                                               crypto::SigningKey::Generate().public_key()};
  sessions_.keys = keys;
  v1::GetJwksResponse response;
  const grpc::Status status = stub_->GetJwks(&client_, {}, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  ASSERT_EQ(response.keys_size(), 2);
  EXPECT_EQ(response.keys(0).kid(), keys[0].kid());
  EXPECT_EQ(response.keys(1).kid(), keys[1].kid());
  EXPECT_EQ(response.keys(0).kty(), "EC");
  EXPECT_EQ(response.keys(0).crv(), "P-256");
  EXPECT_EQ(response.keys(0).alg(), "ES256");
  EXPECT_EQ(response.keys(0).use(), "sig");
  const auto key = crypto::VerifyKey::FromJwk(response.keys(0).x(), response.keys(0).y());
  ASSERT_TRUE(key.ok());
  EXPECT_EQ(key->kid(), keys[0].kid());
}

}  // namespace
}  // namespace otpgate::rpc
