#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "otpgate/v1/errors.pb.h"
#include "server/errors/reason.h"

namespace otpgate {
namespace {

constexpr char kPrefix[] = "ERROR_REASON_";
constexpr char kUnspecified[] = "ERROR_REASON_UNSPECIFIED";

// The name the service sends, in the spelling of the API.
std::string ApiName(int number) {
  const std::string name(ReasonName(static_cast<Reason>(number)));
  return name == kUnspecified ? name : absl::StrCat(kPrefix, name);
}

TEST(ErrorReasonTest, EveryReasonOfTheApiIsOneOfTheService) {
  const google::protobuf::EnumDescriptor& api = *v1::ErrorReason_descriptor();
  ASSERT_GT(api.value_count(), 1);
  for (int i = 0; i < api.value_count(); ++i) {
    EXPECT_EQ(ApiName(api.value(i)->number()), api.value(i)->name());
  }
}

TEST(ErrorReasonTest, EveryReasonOfTheServiceIsPublished) {
  int known = 0;
  for (int number = 1; number < 256; ++number) {
    if (ApiName(number) == kUnspecified) continue;
    ++known;
    EXPECT_TRUE(v1::ErrorReason_IsValid(number)) << ApiName(number);
  }
  EXPECT_GT(known, 0);
}

}  // namespace
}  // namespace otpgate
