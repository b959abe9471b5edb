#include <gtest/gtest.h>

#include <string>

#include "otpgate/v1/auth_service.grpc.pb.h"
#include "server/crypto/base64url.h"
#include "server/rpc/handlers/auth_methods.h"
#include "tests/support/rpc_server.h"

namespace otpgate {
namespace {

using ::otpgate::testing::RpcServer;

const std::string kSessionId(24, 's');
const absl::Time kBirth = absl::FromUnixMicros(1'700'000'000'000'001);

// Each use case keeps what it was given and answers what the test put there.
class SessionMethodsTest : public ::testing::Test {
 protected:
  SessionUseCases UseCases() {
    SessionUseCases use_cases;
    use_cases.refresh_token = [this](const CallContext&, RefreshTokenInput input,
                                     Done<TokenPair> done) {
      refreshed_ = std::move(input);
      done(pair_);
    };
    use_cases.revoke_token = [this](const CallContext&, TokenInput input,
                                    Done<std::monostate> done) {
      token_ = std::move(input);
      done(done_);
    };
    use_cases.introspect_token = [this](const CallContext&, TokenInput input,
                                        Done<std::optional<TokenFacts>> done) {
      token_ = std::move(input);
      done(facts_);
    };
    use_cases.list_sessions = [this](const CallContext& context,
                                     Done<std::vector<SessionView>> done) {
      bearer_ = context.bearer;
      done(sessions_);
    };
    use_cases.revoke_session = [this](const CallContext& context, SessionInput input,
                                      Done<std::monostate> done) {
      bearer_ = context.bearer;
      session_ = std::move(input);
      done(done_);
    };
    use_cases.revoke_all_sessions = [this](const CallContext& context, Done<std::monostate> done) {
      bearer_ = context.bearer;
      done(done_);
    };
    return use_cases;
  }

  Outcome<TokenPair> pair_ = Failure{};
  Outcome<std::monostate> done_;
  Outcome<std::optional<TokenFacts>> facts_ = std::optional<TokenFacts>();
  Outcome<std::vector<SessionView>> sessions_;

  RefreshTokenInput refreshed_;
  TokenInput token_;
  SessionInput session_;
  std::string bearer_;

  RpcServer server_{AuthMethods(AuthUseCases(), UseCases(), ValidationLimits{})};
  std::unique_ptr<v1::AuthService::Stub> stub_ = v1::AuthService::NewStub(server_.NewChannel());
  grpc::ClientContext client_;
};

TEST_F(SessionMethodsTest, RefreshAnswersWithAPair) {
  pair_ = TokenPair{.access_token = "access",
                    .refresh_token = "refresh",
                    .expires_in = absl::Milliseconds(899'999),
                    .refresh_expires_in = absl::Hours(1),
                    .session_id = {kSessionId}};
  v1::RefreshTokenRequest request;
  request.set_refresh_token("token");
  request.set_request_id("7f1d3c2e-9a4b-4c5d-8e6f-0123456789ab");
  v1::RefreshTokenResponse response;
  ASSERT_TRUE(stub_->RefreshToken(&client_, request, &response).ok());
  EXPECT_EQ(refreshed_.refresh_token, "token");
  EXPECT_EQ(refreshed_.request_id.size(), 16u);
  EXPECT_EQ(response.access_token(), "access");
  EXPECT_EQ(response.refresh_token(), "refresh");
  EXPECT_EQ(response.token_type(), "bearer");
  EXPECT_EQ(response.expires_in(), 899u);
  EXPECT_EQ(response.refresh_expires_in(), 3600u);
  EXPECT_EQ(response.session_id(), crypto::Base64UrlEncode(kSessionId));
}

TEST_F(SessionMethodsTest, ARefusedTokenIsUnauthenticated) {
  Failure failure;
  failure.reason = Reason::kTokenInvalid;
  pair_ = failure;
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
  EXPECT_EQ(token_.token, "anything");
  EXPECT_EQ(response.ByteSizeLong(), 0u);
}

TEST_F(SessionMethodsTest, FactsHaveTheNamesOfTheStandard) {
  facts_ = std::optional<TokenFacts>(TokenFacts{.refresh = false,
                                                .user_id = {std::string(24, 'u')},
                                                .session_id = {kSessionId},
                                                .client_id = "web",
                                                .user_type = UserType::kDemo,
                                                .issuer = "iss",
                                                .audiences = {"a", "b"},
                                                .token_id = "id",
                                                .issued_at = kBirth,
                                                .expires_at = kBirth + absl::Seconds(900),
                                                .auth_time = kBirth,
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
  SessionView view;
  view.info.id = {kSessionId};
  view.info.created_at = view.info.last_seen_at = kBirth;
  view.info.idle_expires_at = kBirth + absl::Hours(2);
  view.info.absolute_expires_at = kBirth + absl::Hours(1);
  view.info.device_info = "Pixel";
  view.info.amr = "email";
  view.current = true;
  sessions_ = std::vector<SessionView>{view};
  client_.AddMetadata("authorization", "Bearer token");
  v1::ListSessionsResponse response;
  ASSERT_TRUE(stub_->ListSessions(&client_, {}, &response).ok());
  EXPECT_EQ(bearer_, "token");
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
  EXPECT_EQ(token_.token, "t");

  grpc::ClientContext second;
  v1::RevokeSessionRequest session;
  session.set_session_id(crypto::Base64UrlEncode(kSessionId));
  v1::RevokeSessionResponse session_response;
  EXPECT_TRUE(stub_->RevokeSession(&second, session, &session_response).ok());
  EXPECT_EQ(session_.session_id.bytes, kSessionId);

  grpc::ClientContext third;
  third.AddMetadata("authorization", "Bearer token");
  v1::RevokeAllSessionsResponse all_response;
  EXPECT_TRUE(stub_->RevokeAllSessions(&third, {}, &all_response).ok());
  EXPECT_EQ(bearer_, "token");
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
  EXPECT_EQ(refreshed_.refresh_token, "");
}

}  // namespace
}  // namespace otpgate
