#include "server/rpc/handlers/auth_methods.h"

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/crypto/base64url.h"
#include "otpgate/v1/auth_service.grpc.pb.h"
#include "tests/support/rpc_server.h"

namespace otpgate::rpc {
namespace {

using support::RpcServer;
using ::testing::UnorderedElementsAreArray;

constexpr char kRequestId[] = "7f1d3c2e-9a4b-4c5d-8e6f-0123456789ab";

// Records what it was given and answers what the test put there.
class FakeOtps final : public service::OtpApi {
 public:
  runtime::Task<errors::Outcome<service::OtpIssued>> RequestOtp(
      service::CallContext given, validation::RequestOtpInput input) const override {
    context = std::move(given);
    requested = std::move(input);
    co_return issued;
  }
  runtime::Task<errors::Outcome<service::OtpIssued>> ResendOtp(
      service::CallContext given, validation::ResendOtpInput input) const override {
    context = std::move(given);
    resent = std::move(input);
    co_return issued;
  }
  runtime::Task<errors::Outcome<service::OtpVerified>> VerifyOtp(
      service::CallContext given, validation::VerifyOtpInput input) const override {
    context = std::move(given);
    verifying = std::move(input);
    co_return verified;
  }
  runtime::Task<errors::Outcome<service::UserProfile>> GetCurrentUser(
      service::CallContext given) const override {
    context = std::move(given);
    co_return profile;
  }

  errors::Outcome<service::OtpIssued> issued;
  errors::Outcome<service::OtpVerified> verified = tl::unexpected(errors::Failure{});
  errors::Outcome<service::UserProfile> profile;

  mutable service::CallContext context;
  mutable validation::RequestOtpInput requested;
  mutable validation::ResendOtpInput resent;
  mutable validation::VerifyOtpInput verifying;
};

class AuthMethodsTest : public ::testing::Test {
 protected:
  AuthMethodsTest() {
    otps_.issued = Issued();
    otps_.profile = Profile();
  }

  static service::UserProfile Profile() {
    service::UserProfile profile;
    profile.id = UserId{std::string(24, 'u')};
    profile.user_type = storage::UserType::kDemo;
    profile.email = "test@example.com";
    profile.created_at = absl::FromUnixMicros(1'700'000'000'000'001);
    return profile;
  }

  static service::OtpIssued Issued() {
    service::OtpIssued issued;
    issued.handle = "handle";
    issued.expires_in = absl::Milliseconds(299'999);
    issued.resend_after = absl::Milliseconds(29'001);
    issued.identifier = "test@example.com";
    issued.code_length = 6;
    return issued;
  }

  FakeOtps otps_;
  support::RpcServer server_{
      AuthMethods(&otps_, /*sessions=*/nullptr, validation::ValidationLimits{})};
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
  for (const UnaryMethod& method : AuthMethods(&otps_, /*sessions=*/nullptr, {})) {
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
  EXPECT_EQ(otps_.requested.identifier, "test@example.com");
  EXPECT_EQ(otps_.requested.user_type, storage::UserType::kDemo);
  EXPECT_EQ(otps_.requested.request_id.size(), 16u);
  EXPECT_EQ(otps_.context.caller, "development");
  EXPECT_EQ(otps_.context.bearer, "token");
  ASSERT_TRUE(otps_.context.end_user_address.has_value());
  EXPECT_EQ(otps_.context.end_user_address->text, "203.0.113.7");
  EXPECT_LT(otps_.context.cancellation.deadline, absl::InfiniteDuration());
  EXPECT_NE(otps_.context.cancellation.cancelled, nullptr);
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
  EXPECT_EQ(otps_.verifying, validation::VerifyOtpInput{});
}

TEST_F(AuthMethodsTest, ARefusalOfTheUseCaseIsPassedOn) {
  errors::Failure failure;
  failure.reason = errors::Reason::kResendCooldown;
  otps_.issued = tl::unexpected(failure);
  v1::ResendOtpRequest request;
  request.set_handle("handle");
  v1::ResendOtpResponse response;
  EXPECT_EQ(stub_->ResendOtp(&client_, request, &response).error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(otps_.resent.handle, "handle");
}

TEST_F(AuthMethodsTest, ALoginAnswersWithUserAndTokens) {
  service::OtpVerified verified;
  verified.user = Profile();
  verified.new_user = true;
  verified.tokens = service::TokenPair{"access", "refresh", absl::Minutes(15), absl::Hours(720),
                                       SessionId{std::string(24, 's')}};
  otps_.verified = verified;
  v1::VerifyOtpRequest request;
  request.set_handle("handle");
  request.set_code("012345");
  request.set_device_info("Pixel");
  v1::VerifyOtpResponse response;
  ASSERT_TRUE(stub_->VerifyOtp(&client_, request, &response).ok());
  EXPECT_EQ(otps_.verifying.code, "012345");
  EXPECT_EQ(otps_.verifying.device_info, "Pixel");
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
  service::OtpVerified verified;
  verified.user = Profile();
  otps_.verified = verified;
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

TEST_F(AuthMethodsTest, AVerificationAnswersWithAProofAlone) {
  service::OtpVerified verified;
  verified.proof = "proof";
  otps_.verified = verified;
  v1::VerifyOtpRequest request;
  request.set_handle("handle");
  request.set_code("012345");
  v1::VerifyOtpResponse response;
  ASSERT_TRUE(stub_->VerifyOtp(&client_, request, &response).ok());
  v1::VerifyOtpResponse expected;
  expected.set_verified(true);
  expected.set_proof("proof");
  EXPECT_EQ(response.SerializeAsString(), expected.SerializeAsString());
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

}  // namespace
}  // namespace otpgate::rpc
