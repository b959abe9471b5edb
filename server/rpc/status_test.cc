#include "server/rpc/status.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/rpc/code.pb.h"
#include "google/rpc/error_details.pb.h"

namespace otpgate::rpc {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kCallId[] = "00c0ffee00c0ffee";

template <class Detail>
std::vector<Detail> DetailsOf(const google::rpc::Status& status) {
  std::vector<Detail> found;
  Detail detail;
  for (const auto& any : status.details()) {
    if (any.UnpackTo(&detail)) found.push_back(detail);
  }
  return found;
}

google::rpc::ErrorInfo InfoOf(const google::rpc::Status& status) {
  const auto infos = DetailsOf<google::rpc::ErrorInfo>(status);
  EXPECT_EQ(infos.size(), 1u);
  return infos.empty() ? google::rpc::ErrorInfo() : infos[0];
}

errors::Failure Of(errors::Reason reason) {
  errors::Failure failure;
  failure.reason = reason;
  return failure;
}

// A failure with every field set, each to a value that can be recognized.
errors::Failure Talkative(errors::Reason reason) {
  errors::Failure failure = Of(reason);
  failure.violations.push_back({"secret_field", "secret_description"});
  failure.retry_after = absl::Seconds(4711);
  failure.quota = "secret_quota";
  failure.quota_limit = 4711;
  failure.attempts_remaining = 3;
  return failure;
}

struct CodeCase {
  errors::Reason reason;
  google::rpc::Code code;
};

class CodeTest : public ::testing::TestWithParam<CodeCase> {};

TEST_P(CodeTest, ReasonHasItsDocumentedCode) {
  const auto status = ToRpcStatus(Of(GetParam().reason), kCallId);
  EXPECT_EQ(status.code(), GetParam().code);
  EXPECT_EQ(InfoOf(status).reason(), std::string(errors::ReasonName(GetParam().reason)));
  EXPECT_EQ(InfoOf(status).domain(), "otpgate");
}

INSTANTIATE_TEST_SUITE_P(
    Reasons, CodeTest,
    ::testing::Values(CodeCase{errors::Reason::kInvalidRequest, google::rpc::INVALID_ARGUMENT},
                      CodeCase{errors::Reason::kOtpInvalid, google::rpc::FAILED_PRECONDITION},
                      CodeCase{errors::Reason::kAccountDisabled, google::rpc::FAILED_PRECONDITION},
                      CodeCase{errors::Reason::kIdentifierTaken, google::rpc::FAILED_PRECONDITION},
                      CodeCase{errors::Reason::kSendLimit, google::rpc::RESOURCE_EXHAUSTED},
                      CodeCase{errors::Reason::kResendCooldown, google::rpc::RESOURCE_EXHAUSTED},
                      CodeCase{errors::Reason::kClientLimit, google::rpc::RESOURCE_EXHAUSTED},
                      CodeCase{errors::Reason::kOverloaded, google::rpc::RESOURCE_EXHAUSTED},
                      CodeCase{errors::Reason::kRequestIdReused, google::rpc::FAILED_PRECONDITION},
                      CodeCase{errors::Reason::kRequestSuperseded,
                               google::rpc::FAILED_PRECONDITION},
                      CodeCase{errors::Reason::kUnauthenticated, google::rpc::UNAUTHENTICATED},
                      CodeCase{errors::Reason::kPermissionDenied, google::rpc::PERMISSION_DENIED},
                      CodeCase{errors::Reason::kConflict, google::rpc::ABORTED},
                      CodeCase{errors::Reason::kUnavailable, google::rpc::UNAVAILABLE},
                      CodeCase{errors::Reason::kOutcomeUnknown, google::rpc::UNKNOWN},
                      CodeCase{errors::Reason::kDeadlineExceeded, google::rpc::DEADLINE_EXCEEDED},
                      CodeCase{errors::Reason::kInternal, google::rpc::INTERNAL},
                      CodeCase{errors::Reason::kTokenInvalid, google::rpc::UNAUTHENTICATED}),
    [](const auto& param_info) {
      return std::string(errors::ReasonName(param_info.param.reason));
    });

TEST(StatusTest, AnUnsetReasonIsOurFault) {
  EXPECT_EQ(ToRpcStatus(Of(errors::Reason::kUnspecified), kCallId).SerializeAsString(),
            ToRpcStatus(Of(errors::Reason::kInternal), kCallId).SerializeAsString());
}

TEST(StatusTest, B11_AllCausesOfAnInvalidCodeAreEqualByteForByte) {
  const std::string plain = ToRpcStatus(Of(errors::Reason::kOtpInvalid), "one").SerializeAsString();
  errors::Failure other = Talkative(errors::Reason::kOtpInvalid);
  other.attempts_remaining.reset();
  EXPECT_EQ(ToRpcStatus(other, "two").SerializeAsString(), plain);
}

TEST(StatusTest, B11_HolderOfAHandleLearnsTheAttemptsLeftAndNothingElse) {
  errors::Failure failure = Of(errors::Reason::kOtpInvalid);
  failure.attempts_remaining = 4;
  google::rpc::Status status = ToRpcStatus(failure, kCallId);
  EXPECT_EQ(InfoOf(status).metadata().at("attempts_remaining"), "4");
  EXPECT_EQ(InfoOf(status).metadata().size(), 1u);
  EXPECT_EQ(status.details_size(), 1);
}

TEST(StatusTest, L4_OnlyTheReasonsThatMayTellDoTell) {
  for (const errors::ReasonFacts& facts : errors::kReasons) {
    const errors::Reason reason = facts.reason;
    if (reason == errors::Reason::kUnspecified) continue;
    SCOPED_TRACE(std::string(facts.name));
    const std::string text = ToRpcStatus(Talkative(reason), kCallId).SerializeAsString();
    const bool tells_fields = reason == errors::Reason::kInvalidRequest;
    EXPECT_EQ(text.find("secret_field") != std::string::npos, tells_fields);
    EXPECT_EQ(text.find("secret_description") != std::string::npos, tells_fields);
    EXPECT_EQ(text.find("secret_quota") != std::string::npos, IsLimit(reason));
    EXPECT_EQ(text.find("attempts_remaining") != std::string::npos,
              reason == errors::Reason::kOtpInvalid);
    EXPECT_EQ(text.find(kCallId) != std::string::npos, reason == errors::Reason::kInternal);
  }
}

TEST(StatusTest, L4_OurFaultsTellTheCallIdAlone) {
  const auto status = ToRpcStatus(Talkative(errors::Reason::kInternal), kCallId);
  EXPECT_EQ(status.message(), "internal error");
  EXPECT_EQ(InfoOf(status).metadata().at("request_id"), kCallId);
  EXPECT_EQ(status.details_size(), 1);
}

TEST(StatusTest, InvalidRequestsTellAllViolations) {
  errors::Failure failure = Of(errors::Reason::kInvalidRequest);
  failure.violations = {{"handle", "must be set"}, {"code", "must be 6 digits"}};
  const auto bad = DetailsOf<google::rpc::BadRequest>(ToRpcStatus(failure, kCallId));
  ASSERT_EQ(bad.size(), 1u);
  ASSERT_EQ(bad[0].field_violations_size(), 2);
  EXPECT_EQ(bad[0].field_violations(0).field(), "handle");
  EXPECT_EQ(bad[0].field_violations(1).description(), "must be 6 digits");
}

TEST(StatusTest, WhatCanBeRetriedTellsWhen) {
  for (const errors::ReasonFacts& facts : errors::kReasons) {
    const errors::Reason reason = facts.reason;
    if (reason == errors::Reason::kUnspecified) continue;
    SCOPED_TRACE(std::string(facts.name));
    const bool retryable = IsLimit(reason) || reason == errors::Reason::kConflict ||
                           reason == errors::Reason::kUnavailable;
    const auto hints = DetailsOf<google::rpc::RetryInfo>(ToRpcStatus(Of(reason), kCallId));
    EXPECT_EQ(hints.size(), retryable ? 1u : 0u);
    for (const auto& hint : hints) {
      EXPECT_GT(hint.retry_delay().seconds() + hint.retry_delay().nanos(), 0);
    }
  }
}

struct RetryCase {
  const char* name;
  absl::Duration wait;
  int64_t seconds;
  int32_t nanos;
};

class RetryTest : public ::testing::TestWithParam<RetryCase> {};

TEST_P(RetryTest, D7_WaitingAsLongAsToldIsEnough) {
  errors::Failure failure = Of(errors::Reason::kSendLimit);
  failure.retry_after = GetParam().wait;
  const auto hints = DetailsOf<google::rpc::RetryInfo>(ToRpcStatus(failure, kCallId));
  ASSERT_EQ(hints.size(), 1u);
  EXPECT_EQ(hints[0].retry_delay().seconds(), GetParam().seconds);
  EXPECT_EQ(hints[0].retry_delay().nanos(), GetParam().nanos);
}

INSTANTIATE_TEST_SUITE_P(
    Waits, RetryTest,
    ::testing::Values(RetryCase{"Whole", absl::Seconds(90), 90, 0},
                      RetryCase{"UpToTheMillisecond", absl::Microseconds(1'500'001), 1,
                                501'000'000},
                      RetryCase{"NeverZero", absl::ZeroDuration(), 0, 1'000'000},
                      RetryCase{"NeverNegative", absl::Seconds(-5), 0, 1'000'000},
                      RetryCase{"AtMostADay", absl::InfiniteDuration(), 86'400, 0}),
    [](const auto& param_info) { return std::string(param_info.param.name); });

TEST(StatusTest, LimitsNameThemselves) {
  errors::Failure failure = Of(errors::Reason::kSendLimit);
  failure.quota = "subject_sends";
  const auto quotas = DetailsOf<google::rpc::QuotaFailure>(ToRpcStatus(failure, kCallId));
  ASSERT_EQ(quotas.size(), 1u);
  EXPECT_EQ(quotas[0].violations(0).subject(), "subject_sends");
}

TEST(StatusTest, LimitsTellTheirSizeWhereItIsKnown) {
  errors::Failure failure = Of(errors::Reason::kSendLimit);
  failure.quota = "subject_sends";
  EXPECT_TRUE(InfoOf(ToRpcStatus(failure, kCallId)).metadata().empty());
  failure.quota_limit = 3;
  EXPECT_EQ(InfoOf(ToRpcStatus(failure, kCallId)).metadata().size(), 1u);
  failure.quota_window = absl::Milliseconds(899'001);
  const google::rpc::ErrorInfo info = InfoOf(ToRpcStatus(failure, kCallId));
  EXPECT_EQ(info.metadata().at("quota_limit"), "3");
  EXPECT_EQ(info.metadata().at("quota_window_seconds"), "900");
}

TEST(StatusTest, StaysSmallHoweverMuchIsWrong) {
  errors::Failure failure = Of(errors::Reason::kInvalidRequest);
  for (int i = 0; i < 100; ++i) {
    failure.violations.push_back({absl::StrCat("field_", i), std::string(80, 'x')});
  }
  const auto status = ToRpcStatus(failure, kCallId);
  EXPECT_LE(status.ByteSizeLong(), kMaxStatusBytes);
  const auto bad = DetailsOf<google::rpc::BadRequest>(status);
  ASSERT_EQ(bad.size(), 1u);
  EXPECT_GE(bad[0].field_violations_size(), 5);
  EXPECT_EQ(bad[0].field_violations(0).field(), "field_0");
}

TEST(StatusTest, OneViolationTooLongIsLeftOut) {
  errors::Failure failure = Of(errors::Reason::kInvalidRequest);
  failure.violations.push_back({"field", std::string(2 * kMaxStatusBytes, 'x')});
  const auto status = ToRpcStatus(failure, kCallId);
  EXPECT_LE(status.ByteSizeLong(), kMaxStatusBytes);
  EXPECT_THAT(status.SerializeAsString(), Not(HasSubstr("xxxx")));
}

}  // namespace
}  // namespace otpgate::rpc
