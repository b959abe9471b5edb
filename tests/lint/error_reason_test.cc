#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

#include <fstream>
#include <iterator>
#include <string>

#include "absl/strings/str_cat.h"
#include "clients/gateway/transcode/error_body.h"
#include "google/rpc/code.pb.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "otpgate/v1/errors.pb.h"
#include "server/errors/reason.h"

namespace otpgate::lint {
namespace {

using ::testing::HasSubstr;

// The name of the enum value in the API for the name that the service sends.
std::string ApiName(const errors::ReasonFacts& facts) {
  if (facts.reason == errors::Reason::kUnspecified) return std::string(facts.name);
  return absl::StrCat("ERROR_REASON_", facts.name);
}

TEST(ErrorReasonTest, EveryReasonOfTheApiIsOneOfTheService) {
  const google::protobuf::EnumDescriptor& api = *v1::ErrorReason_descriptor();
  ASSERT_GT(api.value_count(), 1);
  for (int i = 0; i < api.value_count(); ++i) {
    const errors::ReasonFacts& facts =
        errors::FactsOf(static_cast<errors::Reason>(api.value(i)->number()));
    EXPECT_EQ(static_cast<int>(facts.reason), api.value(i)->number()) << api.value(i)->name();
    EXPECT_EQ(ApiName(facts), api.value(i)->name());
  }
}

TEST(ErrorReasonTest, EveryReasonOfTheServiceIsPublished) {
  const google::protobuf::EnumDescriptor& api = *v1::ErrorReason_descriptor();
  for (const errors::ReasonFacts& facts : errors::kReasons) {
    const auto* value = api.FindValueByNumber(static_cast<int>(facts.reason));
    ASSERT_NE(value, nullptr) << facts.name;
    EXPECT_EQ(value->name(), ApiName(facts));
  }
  EXPECT_EQ(static_cast<int>(std::size(errors::kReasons)), api.value_count());
}

// The HTTP status that the gateway gives an error of the service.
int HttpStatusOf(const errors::ReasonFacts& facts) {
  google::rpc::ErrorInfo info;
  info.set_domain("otpgate");
  info.set_reason(std::string(facts.name));
  google::rpc::Status status;
  status.set_code(static_cast<int>(facts.code));
  status.add_details()->PackFrom(info);
  const std::string details = status.SerializeAsString();
  return gateway::ErrorOf(gateway::RpcError{status.code(), "", details}, {}).status;
}

// Also proves that absl::StatusCode and google.rpc.Code have the same numbers.
TEST(ErrorReasonTest, EveryReasonHasTheStatusesOfItsComment) {
  google::protobuf::FileDescriptorSet files;
  std::ifstream input(OTPGATE_DESCRIPTOR_SET, std::ios::binary);
  ASSERT_TRUE(files.ParseFromIstream(&input)) << OTPGATE_DESCRIPTOR_SET;
  google::protobuf::DescriptorPool pool;
  for (const google::protobuf::FileDescriptorProto& file : files.file()) {
    ASSERT_NE(pool.BuildFile(file), nullptr) << file.name();
  }
  const auto* reasons = pool.FindEnumTypeByName("otpgate.v1.ErrorReason");
  ASSERT_NE(reasons, nullptr);
  for (int i = 1; i < reasons->value_count(); ++i) {
    const errors::ReasonFacts& facts =
        errors::FactsOf(static_cast<errors::Reason>(reasons->value(i)->number()));
    google::protobuf::SourceLocation location;
    ASSERT_TRUE(reasons->value(i)->GetSourceLocation(&location));
    EXPECT_THAT(
        location.leading_comments,
        HasSubstr(absl::StrCat("gRPC ", google::rpc::Code_Name(static_cast<int>(facts.code)),
                               ", HTTP ", HttpStatusOf(facts), ".")))
        << facts.name;
  }
}

}  // namespace
}  // namespace otpgate::lint
