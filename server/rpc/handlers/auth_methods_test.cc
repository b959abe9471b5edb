#include "server/rpc/handlers/auth_methods.h"

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "otpgate/v1/auth_service.grpc.pb.h"
#include "server/crypto/base64url.h"
#include "tests/support/rpc_server.h"

namespace otpgate {
namespace {

using ::otpgate::testing::RpcServer;
using ::testing::UnorderedElementsAreArray;

constexpr char kRequestId[] = "7f1d3c2e-9a4b-4c5d-8e6f-0123456789ab";

// Each use case keeps what it was given and answers what the test put there.
class AuthMethodsTest : public ::testing::Test {
 protected:
  AuthUseCases UseCases() {
    AuthUseCases use_cases;
    use_cases.request_otp = [this](CallContext context, RequestOtpInput input,
                                   Done<OtpIssued> done) {
      context_ = std::move(context);
      requested_ = std::move(input);
      done(issued_);
    };
    use_cases.resend_otp = [this](CallContext context, ResendOtpInput input, Done<OtpIssued> done) {
      context_ = std::move(context);
      resent_ = std::move(input);
      done(issued_);
    };
    use_cases.verify_otp = [this](CallContext context, VerifyOtpInput input,
                                  Done<OtpVerified> done) {
      context_ = std::move(context);
      verifying_ = std::move(input);
      done(verified_);
    };
    use_cases.get_current_user = [this](CallContext context, Done<UserProfile> done) {
      context_ = std::move(context);
      done(profile_);
    };
    use_cases.public_keys = [this] { return keys_; };
    return use_cases;
  }

  static UserProfile Profile() {
    UserProfile profile;
    profile.id = UserId{std::string(24, 'u')};
    profile.user_type = UserType::kDemo;
    profile.email = "test@example.com";
    profile.created_at = absl::FromUnixMicros(1'700'000'000'000'001);
    return profile;
  }

  static OtpIssued Issued() {
    OtpIssued issued;
    issued.handle = "handle";
    issued.expires_in = absl::Milliseconds(299'999);
    issued.resend_after = absl::Milliseconds(29'001);
    issued.identifier = "test@example.com";
    issued.code_length = 6;
    return issued;
  }

  Outcome<OtpIssued> issued_ = Issued();
  Outcome<OtpVerified> verified_ = Failure{};
  Outcome<UserProfile> profile_ = Profile();
  Outcome<std::vector<crypto::VerifyKey>> keys_;

  CallContext context_;
  RequestOtpInput requested_;
  ResendOtpInput resent_;
  VerifyOtpInput verifying_;

  RpcServer server_{AuthMethods(UseCases(), SessionUseCases(), ValidationLimits{})};
  std::unique_ptr<v1::AuthService::Stub> stub_ = v1::AuthService::NewStub(server_.NewChannel());
  grpc::ClientContext client_;
};

TEST_F(AuthMethodsTest, EveryMethodOfTheServiceIsServed) {
  const auto* service = google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(
      "otpgate.v1.AuthService");
  ASSERT_NE(service, nullptr);
  std::vector<std::string> published, served;
  for (int i = 0; i < service->method_count(); ++i) {
    published.push_back(absl::StrCat(service->full_name(), "/", service->method(i)->name()));
  }
  for (const UnaryMethod& method : AuthMethods(UseCases(), SessionUseCases(), ValidationLimits{})) {
    served.push_back(method.name);
    EXPECT_EQ(method.access,
              method.name == "otpgate.v1.AuthService/GetJwks" ? Access::kAnyone : Access::kCallers);
  }
  EXPECT_THAT(served, UnorderedElementsAreArray(published));
}

TEST_F(AuthMethodsTest, RequestOtpPassesOnWhatItWasAsked) {
  v1::RequestOtpRequest request;
  request.mutable_identifier()->set_email("Test@Example.com");
  request.set_user_type(v1::USER_TYPE_DEMO);
  request.set_request_id(kRequestId);
  v1::RequestOtpResponse response;
  client_.AddMetadata("x-otpgate-client-ip", "203.0.113.7");
  client_.AddMetadata("authorization", "Bearer token");
  const grpc::Status status = stub_->RequestOtp(&client_, request, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(requested_.identifier, "test@example.com");
  EXPECT_EQ(requested_.user_type, UserType::kDemo);
  EXPECT_EQ(requested_.request_id.size(), 16u);
  EXPECT_EQ(context_.caller, "development");
  EXPECT_EQ(context_.bearer, "token");
  ASSERT_TRUE(context_.client.has_value());
  EXPECT_EQ(context_.client->text, "203.0.113.7");
  EXPECT_LT(context_.patience.deadline, absl::InfiniteDuration());
  EXPECT_NE(context_.patience.cancelled, nullptr);
}

TEST_F(AuthMethodsTest, RequestOtpAnswersWithRoundedTimesAndAMaskedDestination) {
  v1::RequestOtpRequest request;
  request.mutable_identifier()->set_email("test@example.com");
  v1::RequestOtpResponse response;
  ASSERT_TRUE(stub_->RequestOtp(&client_, request, &response).ok());
  EXPECT_EQ(response.handle(), "handle");
  EXPECT_EQ(response.expires_in(), 299u);
  EXPECT_EQ(response.resend_after(), 30u);
  EXPECT_EQ(response.masked_destination(), "t***@e***.com");
  EXPECT_EQ(response.code_length(), 6u);
  EXPECT_EQ(response.development_code(), "");
}

TEST_F(AuthMethodsTest, AnInvalidRequestReachesNoUseCase) {
  v1::VerifyOtpRequest request;
  request.set_handle("handle");
  request.set_code("12345x");
  v1::VerifyOtpResponse response;
  EXPECT_EQ(stub_->VerifyOtp(&client_, request, &response).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(verifying_, VerifyOtpInput{});
}

TEST_F(AuthMethodsTest, ARefusalOfTheUseCaseIsPassedOn) {
  Failure failure;
  failure.reason = Reason::kResendCooldown;
  issued_ = failure;
  v1::ResendOtpRequest request;
  request.set_handle("handle");
  v1::ResendOtpResponse response;
  EXPECT_EQ(stub_->ResendOtp(&client_, request, &response).error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(resent_.handle, "handle");
}

TEST_F(AuthMethodsTest, ALoginAnswersWithUserAndTokens) {
  OtpVerified verified;
  verified.user = Profile();
  verified.new_user = true;
  verified.tokens = TokenPair{"access", "refresh", absl::Minutes(15), absl::Hours(720),
                              SessionId{std::string(24, 's')}};
  verified_ = verified;
  v1::VerifyOtpRequest request;
  request.set_handle("handle");
  request.set_code("012345");
  request.set_device_info("Pixel");
  v1::VerifyOtpResponse response;
  ASSERT_TRUE(stub_->VerifyOtp(&client_, request, &response).ok());
  EXPECT_EQ(verifying_.code, "012345");
  EXPECT_EQ(verifying_.device_info, "Pixel");
  EXPECT_TRUE(response.verified());
  EXPECT_TRUE(response.new_user());
  EXPECT_EQ(response.user().id(), crypto::Base64UrlEncode(std::string(24, 'u')));
  EXPECT_EQ(response.access_token(), "access");
  EXPECT_EQ(response.refresh_token(), "refresh");
  EXPECT_EQ(response.token_type(), "bearer");
  EXPECT_EQ(response.expires_in(), 900u);
  EXPECT_EQ(response.refresh_expires_in(), 2'592'000u);
  EXPECT_EQ(response.session_id(), crypto::Base64UrlEncode(std::string(24, 's')));
}

TEST_F(AuthMethodsTest, AnAttachedIdentifierAnswersWithoutTokens) {
  OtpVerified verified;
  verified.user = Profile();
  verified_ = verified;
  v1::VerifyOtpRequest request;
  request.set_handle("handle");
  request.set_code("012345");
  v1::VerifyOtpResponse response;
  ASSERT_TRUE(stub_->VerifyOtp(&client_, request, &response).ok());
  EXPECT_TRUE(response.verified());
  EXPECT_EQ(response.access_token() + response.refresh_token() + response.token_type() +
                response.session_id(),
            "");
  EXPECT_EQ(response.expires_in() + response.refresh_expires_in(), 0u);
}

TEST_F(AuthMethodsTest, GetCurrentUserShowsTheAccount) {
  v1::GetCurrentUserResponse response;
  ASSERT_TRUE(stub_->GetCurrentUser(&client_, {}, &response).ok());
  const v1::User& user = response.user();
  EXPECT_EQ(user.user_type(), v1::USER_TYPE_DEMO);
  EXPECT_EQ(user.email(), "test@example.com");
  EXPECT_TRUE(user.email_verified());
  EXPECT_EQ(user.phone_number(), "");
  EXPECT_FALSE(user.phone_verified());
  EXPECT_EQ(user.create_time().seconds(), 1'700'000'000);
  EXPECT_EQ(user.create_time().nanos(), 1'000);
}

TEST_F(AuthMethodsTest, GetJwksIsRefusedWhileThereAreNoKeys) {
  Failure not_yet;
  not_yet.reason = Reason::kUnavailable;
  keys_ = not_yet;
  v1::GetJwksResponse response;
  EXPECT_EQ(stub_->GetJwks(&client_, {}, &response).error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(AuthMethodsTest, GetJwksShowsThePublicKeys) {
  const std::vector<crypto::VerifyKey> keys = {crypto::SigningKey::Generate().public_key(),
                                               crypto::SigningKey::Generate().public_key()};
  keys_ = keys;
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
}  // namespace otpgate
