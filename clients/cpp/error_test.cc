#include "otpgate/client/error.h"

#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>
#include <grpcpp/support/status.h>
#include <gtest/gtest.h>

namespace otpgate::client {
namespace {

// A refusal with these details, encoded as the service sends it.
template <class... Details>
grpc::Status Refusal(grpc::StatusCode code, const Details&... details) {
  google::rpc::Status status;
  status.set_code(code);
  (status.add_details()->PackFrom(details), ...);
  return {code, "what happened", status.SerializeAsString()};
}

google::rpc::ErrorInfo Info(const std::string& reason, const std::string& domain = "otpgate") {
  google::rpc::ErrorInfo info;
  info.set_reason(reason);
  info.set_domain(domain);
  return info;
}

TEST(Error, ReasonAndWhatBelongsToIt) {
  google::rpc::ErrorInfo info = Info("OTP_INVALID");
  (*info.mutable_metadata())["attempts_remaining"] = "2";
  const Error error = ErrorOf(Refusal(grpc::UNAUTHENTICATED, info));
  EXPECT_EQ(error.code, absl::StatusCode::kUnauthenticated);
  EXPECT_EQ(error.reason, v1::ERROR_REASON_OTP_INVALID);
  EXPECT_EQ(error.reason_name, "OTP_INVALID");
  EXPECT_EQ(error.message, "what happened");
  EXPECT_EQ(error.attempts_remaining, 2);
  EXPECT_FALSE(error.retry_after.has_value());
  EXPECT_TRUE(error.violations.empty());
}

TEST(Error, RetryAfter) {
  google::rpc::RetryInfo retry;
  retry.mutable_retry_delay()->set_seconds(59);
  retry.mutable_retry_delay()->set_nanos(500'000'000);
  const Error error = ErrorOf(Refusal(grpc::RESOURCE_EXHAUSTED, Info("SEND_LIMIT"), retry));
  EXPECT_EQ(error.reason, v1::ERROR_REASON_SEND_LIMIT);
  EXPECT_EQ(error.retry_after, absl::Milliseconds(59'500));
}

TEST(Error, Violations) {
  google::rpc::BadRequest bad_request;
  auto* violation = bad_request.add_field_violations();
  violation->set_field("code");
  violation->set_description("must be digits");
  const Error error =
      ErrorOf(Refusal(grpc::INVALID_ARGUMENT, Info("INVALID_REQUEST"), bad_request));
  EXPECT_EQ(error.reason, v1::ERROR_REASON_INVALID_REQUEST);
  ASSERT_EQ(error.violations.size(), 1U);
  EXPECT_EQ(error.violations[0].field, "code");
  EXPECT_EQ(error.violations[0].description, "must be digits");
}

TEST(Error, Incident) {
  google::rpc::ErrorInfo info = Info("INTERNAL");
  (*info.mutable_metadata())["request_id"] = "abc";
  EXPECT_EQ(ErrorOf(Refusal(grpc::INTERNAL, info)).incident, "abc");
}

// A newer service may give reasons this build does not know.
TEST(Error, UnknownReasonKeepsItsName) {
  const Error error = ErrorOf(Refusal(grpc::FAILED_PRECONDITION, Info("FROM_TOMORROW")));
  EXPECT_EQ(error.reason, v1::ERROR_REASON_UNSPECIFIED);
  EXPECT_EQ(error.reason_name, "FROM_TOMORROW");
  EXPECT_EQ(error.code, absl::StatusCode::kFailedPrecondition);
}

TEST(Error, ReasonsOfOthersAreNotOurs) {
  const Error error = ErrorOf(Refusal(grpc::UNAVAILABLE, Info("OTP_INVALID", "proxy.example")));
  EXPECT_EQ(error.reason, v1::ERROR_REASON_UNSPECIFIED);
  EXPECT_EQ(error.reason_name, "");
}

TEST(Error, WithoutOrWithBrokenDetailsTheCodeRemains) {
  for (const std::string details : {"", "\xFF\xFF not a message"}) {
    const Error error = ErrorOf({grpc::UNAVAILABLE, "gone", details});
    EXPECT_EQ(error.code, absl::StatusCode::kUnavailable);
    EXPECT_EQ(error.reason, v1::ERROR_REASON_UNSPECIFIED);
    EXPECT_EQ(error.message, "gone");
  }
}

TEST(Error, AsStatus) {
  EXPECT_EQ(ToStatus(ErrorOf(Refusal(grpc::UNAUTHENTICATED, Info("OTP_INVALID")))),
            absl::UnauthenticatedError("OTP_INVALID: what happened"));
  EXPECT_EQ(ToStatus(ErrorOf({grpc::UNAVAILABLE, "gone"})), absl::UnavailableError("gone"));
}

TEST(Result, HoldsAReplyOrAnError) {
  const Result<int> good = 7;
  ASSERT_TRUE(good.ok());
  EXPECT_EQ(*good, 7);
  EXPECT_THROW(good.error(), std::bad_variant_access);
  const Result<int> bad = ErrorOf({grpc::UNAVAILABLE, "gone"});
  ASSERT_FALSE(bad.ok());
  EXPECT_EQ(bad.error().code, absl::StatusCode::kUnavailable);
  EXPECT_THROW(*bad, std::bad_variant_access);
}

}  // namespace
}  // namespace otpgate::client
