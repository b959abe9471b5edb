// Secret and personal fields are marked in the API. privacy_test (answers) and log_injection_test
// (every field of every request) prove that marked fields stay out of the logs.
#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

#include <fstream>
#include <functional>
#include <vector>

#include "absl/strings/match.h"
#include "otpgate/v1/options.pb.h"

namespace otpgate::lint {
namespace {

using ::google::protobuf::Descriptor;
using ::google::protobuf::DescriptorPool;
using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::FileDescriptor;

// All string fields of all messages, from the published descriptor set.
class FieldMarksTest : public ::testing::Test {
 protected:
  void SetUp() override {
    google::protobuf::FileDescriptorSet set;
    std::ifstream file(OTPGATE_DESCRIPTOR_SET, std::ios::binary);
    ASSERT_TRUE(set.ParseFromIstream(&file)) << OTPGATE_DESCRIPTOR_SET;
    for (const auto& proto : set.file()) {
      const FileDescriptor* built = pool_.BuildFile(proto);
      ASSERT_NE(built, nullptr) << proto.name();
      if (built->package() != "otpgate.v1") continue;
      for (int i = 0; i < built->message_type_count(); ++i) Add(*built->message_type(i));
    }
    ASSERT_GE(texts_.size(), 12u);
  }

  std::vector<const FieldDescriptor*> texts_;

 private:
  void Add(const Descriptor& message) {
    for (int i = 0; i < message.field_count(); ++i) {
      if (message.field(i)->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
        texts_.push_back(message.field(i));
      }
    }
    for (int i = 0; i < message.nested_type_count(); ++i) Add(*message.nested_type(i));
  }

  DescriptorPool pool_;
};

bool NameHolds(const FieldDescriptor& field, const std::vector<const char*>& words) {
  for (const char* word : words) {
    if (absl::StrContains(field.name(), word)) return true;
  }
  return false;
}

TEST_F(FieldMarksTest, N1_FieldsNamedLikeSecretsAreMarked) {
  for (const FieldDescriptor* field : texts_) {
    const bool secret = !NameHolds(*field, {"country_code", "token_type"}) &&
                        NameHolds(*field, {"code", "token", "otp", "handle", "secret", "proof",
                                           "password", "request_id"});
    EXPECT_EQ(field->options().GetExtension(v1::secret), secret) << field->full_name();
  }
}

// Else a method would tell scripts of a web page what a cookie keeps from them.
TEST_F(FieldMarksTest, RefreshTokensTravelInTheCookie) {
  for (const FieldDescriptor* field : texts_) {
    const bool token = field->name() == "refresh_token" ||
                       field->full_name() == "otpgate.v1.RevokeTokenRequest.token";
    EXPECT_EQ(field->options().GetExtension(v1::session_cookie), token) << field->full_name();
  }
}

TEST_F(FieldMarksTest, N1_FieldsNamedLikePersonsAreMarked) {
  for (const FieldDescriptor* field : texts_) {
    const bool personal = !absl::StartsWith(field->name(), "masked_") &&
                          NameHolds(*field, {"phone", "email", "address", "device"});
    EXPECT_EQ(field->options().GetExtension(v1::personal), personal) << field->full_name();
  }
}

}  // namespace
}  // namespace otpgate::lint
