// The client library with servers.
#include <gtest/gtest.h>
#include <signal.h>

#include "absl/strings/str_join.h"
#include "otpgate/client.h"
#include "tests/e2e/deployment.h"
#include "tests/support/tls_client.h"

namespace otpgate::e2e {
namespace {

using client::NewChannel;
using client::Result;
using client::TokenVerifier;

v1::RequestOtpRequest CodeFor(const std::string& email, v1::UserType type = v1::USER_TYPE_LIVE) {
  v1::RequestOtpRequest request;
  request.mutable_identifier()->set_email(email);
  request.set_user_type(type);
  return request;
}

v1::VerifyOtpRequest Entered(const std::string& handle, const std::string& code) {
  v1::VerifyOtpRequest request;
  request.set_handle(handle);
  request.set_code(code);
  return request;
}

class ClientLibraryTest : public ::testing::Test {
 protected:
  // A client of all servers of the deployment.
  std::shared_ptr<client::AuthClient> NewClient() {
    std::vector<std::string> addresses;
    for (int i = 0; i < deployment_.servers(); ++i) {
      addresses.push_back(absl::StrCat("127.0.0.1:", deployment_.server(i).port()));
    }
    const auto channel =
        NewChannel({.target = absl::StrCat("ipv4:", absl::StrJoin(addresses, ","))});
    return std::make_shared<client::AuthClient>(*channel);
  }
  client::Result<v1::VerifyOtpResponse> SignIn(v1::UserType type = v1::USER_TYPE_LIVE) {
    const auto asked = client_->RequestOtp(CodeFor("test@example.com", type));
    if (!asked.ok()) return asked.error();
    return client_->VerifyOtp(Entered(asked->handle(), asked->development_code()));
  }

  Deployment deployment_{{.servers = 2}};
  std::shared_ptr<client::AuthClient> client_ = NewClient();
};

TEST_F(ClientLibraryTest, RefusalsAreTyped) {
  const auto form = client_->RequestOtp(CodeFor("nobody"));
  ASSERT_FALSE(form.ok());
  EXPECT_EQ(form.error().reason, v1::ERROR_REASON_INVALID_REQUEST);
  ASSERT_EQ(form.error().violations.size(), 1U);
  EXPECT_EQ(form.error().violations[0].field, "identifier.email");

  const auto asked = client_->RequestOtp(CodeFor("test@example.com"));
  ASSERT_TRUE(asked.ok());
  const auto guess =
      client_->VerifyOtp(Entered(asked->handle(), support::WrongCode(asked->development_code())));
  ASSERT_FALSE(guess.ok());
  EXPECT_EQ(guess.error().reason, v1::ERROR_REASON_OTP_INVALID);
  EXPECT_TRUE(guess.error().attempts_remaining.has_value());

  v1::ResendOtpRequest again;
  again.set_handle(asked->handle());
  const auto early = client_->ResendOtp(again);
  ASSERT_FALSE(early.ok());
  EXPECT_EQ(early.error().code, absl::StatusCode::kResourceExhausted);
  EXPECT_GT(early.error().retry_after, absl::ZeroDuration());

  EXPECT_EQ(client_->GetCurrentUser({.bearer_token = "nonsense"}).error().code,
            absl::StatusCode::kUnauthenticated);
}

TEST_F(ClientLibraryTest, TokensAreVerifiedHere) {
  client::TokenVerifier verifier(client_);
  const auto live = SignIn();
  ASSERT_TRUE(live.ok());
  const auto claims = verifier.Verify(live->access_token());
  ASSERT_TRUE(claims.ok()) << claims.status();
  EXPECT_EQ(claims->sub, live->user().id());
  EXPECT_EQ(claims->sid, live->session_id());
  const auto user = client_->GetCurrentUser({.bearer_token = live->access_token()});
  ASSERT_TRUE(user.ok());
  EXPECT_EQ(user->user().id(), claims->sub);

  const auto demo = SignIn(v1::USER_TYPE_DEMO);
  ASSERT_TRUE(demo.ok());
  EXPECT_TRUE(absl::IsUnauthenticated(verifier.Verify(demo->access_token()).status()));
  client::TokenVerifier for_demo(client::FetchJwksFrom(client_),
                                 {.demo_audiences = {"otpgate-demo"}});
  EXPECT_TRUE(for_demo.Verify(demo->access_token()).ok());
}

// Retries with the same `request_id` reach the other server.
TEST_F(ClientLibraryTest, NoRefreshIsLostWithAServer) {
  constexpr int kRefreshes = 60;
  auto signed_in = SignIn();
  ASSERT_TRUE(signed_in.ok());
  std::string token = signed_in->refresh_token();
  for (int i = 0; i < kRefreshes; ++i) {
    if (i == kRefreshes / 3) deployment_.server(0).Signal(SIGKILL);
    v1::RefreshTokenRequest request;
    request.set_refresh_token(token);
    const auto next = client_->RefreshToken(request);
    ASSERT_TRUE(next.ok()) << i << ' ' << client::ToStatus(next.error());
    token = next->refresh_token();
  }
  EXPECT_EQ(deployment_.database().Value("SELECT generation FROM sessions"),
            absl::StrCat(kRefreshes));
}

TEST(ClientLibraryTls, BothSidesShowWhoTheyAre) {
  const support::CertificateAuthority authority;
  const support::CertifiedKey orders = authority.Issue("URI:spiffe://example.com/orders");
  const support::MountedSecret secret(authority.Issue("DNS:localhost,IP:127.0.0.1"),
                                      authority.pem());
  const support::ServerProcess server({"--use_database=false", "--listen.addresses=127.0.0.1:0",
                                       "--listen.tls_directory=" + secret.path(),
                                       "--listen.client_certificates=required"});
  server.AwaitServing();
  const auto call = [&](const support::TlsClient& shown, absl::Duration deadline) {
    const auto channel = NewChannel(
        {.target = absl::StrCat("localhost:", server.port()), .credentials = shown.credentials()});
    return client::AuthClient(*channel).GetJwks({.deadline = deadline});
  };
  EXPECT_TRUE(call({authority.pem(), orders}, absl::Seconds(30)).ok());
  EXPECT_FALSE(call({authority.pem()}, absl::Seconds(1)).ok());
  EXPECT_FALSE(call({support::CertificateAuthority().pem(), orders}, absl::Seconds(1)).ok());
}

}  // namespace
}  // namespace otpgate::e2e
