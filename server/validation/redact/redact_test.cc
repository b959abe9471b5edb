#include "server/validation/redact/redact.h"

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/dynamic_message.h>

#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "otpgate/v1/auth_service.pb.h"
#include "otpgate/v1/options.pb.h"

namespace otpgate {
namespace {

using ::google::protobuf::Descriptor;
using ::google::protobuf::DescriptorPool;
using ::google::protobuf::DynamicMessageFactory;
using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::FileDescriptor;
using ::google::protobuf::Message;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(RedactTest, ShowsWhatMayBeSeen) {
  v1::RequestOtpRequest request;
  request.mutable_identifier()->set_phone_number("+14155550123");
  request.set_purpose(v1::PURPOSE_LOGIN);
  request.set_locale("en");
  request.set_request_id("00000000-0000-4000-8000-000000000000");
  EXPECT_EQ(Redacted(request),
            "{\"identifier\":{\"phone_number\":\"+1415****123\"},\"purpose\":\"PURPOSE_LOGIN\","
            "\"locale\":\"en\",\"request_id\":\"[secret]\"}");
}

TEST(RedactTest, KeepsRepeatedAndNestedValues) {
  v1::GetJwksResponse answer;
  answer.add_keys()->set_kid("a");
  answer.add_keys()->set_kid("b");
  EXPECT_EQ(Redacted(answer), "{\"keys\":[{\"kid\":\"a\"},{\"kid\":\"b\"}]}");
  EXPECT_EQ(Redacted(v1::GetJwksRequest()), "{}");
}

TEST(RedactTest, N3_StaysOneShortLineWhateverTheValueHolds) {
  v1::RequestOtpRequest request;
  request.set_locale("\n\x1b[2J\xff\"" + std::string(100'000, 'x'));
  const std::string line = Redacted(request);
  EXPECT_LT(line.size(), 200u);
  EXPECT_EQ(line.find_first_of("\n\x1b\xff"), std::string::npos);
}

// Every message type the service publishes, from the descriptor set that is published.
class EveryMessageTest : public ::testing::Test {
 protected:
  void SetUp() override {
    google::protobuf::FileDescriptorSet set;
    std::ifstream file(OTPGATE_DESCRIPTOR_SET, std::ios::binary);
    ASSERT_TRUE(set.ParseFromIstream(&file)) << OTPGATE_DESCRIPTOR_SET;
    for (const auto& proto : set.file()) {
      const FileDescriptor* built = pool_.BuildFile(proto);
      ASSERT_NE(built, nullptr) << proto.name();
      if (built->package() != "otpgate.v1") continue;
      for (int i = 0; i < built->message_type_count(); ++i) Add(built->message_type(i));
    }
    ASSERT_GE(messages_.size(), 12u);
  }

  void ForEachField(const std::function<void(const FieldDescriptor&)>& visit) {
    for (const Descriptor* message : messages_) {
      for (int i = 0; i < message->field_count(); ++i) visit(*message->field(i));
    }
  }

  // A message with a canary in every text, also in nested messages; `canaries` learns which.
  // A oneof holds its `choice`-th member.
  std::unique_ptr<Message> Filled(const Descriptor* type, int choice,
                                  std::map<std::string, const FieldDescriptor*>* canaries) {
    std::unique_ptr<Message> message(factory_.GetPrototype(type)->New());
    Fill(message.get(), choice, canaries);
    return message;
  }

  std::vector<const Descriptor*> messages_;

 private:
  void Add(const Descriptor* message) {
    messages_.push_back(message);
    for (int i = 0; i < message->nested_type_count(); ++i) Add(message->nested_type(i));
  }

  void Fill(Message* message, int choice, std::map<std::string, const FieldDescriptor*>* canaries) {
    const auto& set = *message->GetReflection();
    for (int i = 0; i < message->GetDescriptor()->field_count(); ++i) {
      const FieldDescriptor* field = message->GetDescriptor()->field(i);
      if (const auto* oneof = field->containing_oneof();
          oneof != nullptr && field != oneof->field(choice % oneof->field_count())) {
        continue;
      }
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        Fill(field->is_repeated() ? set.AddMessage(message, field)
                                  : set.MutableMessage(message, field),
             choice, canaries);
      } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
        const std::string canary = absl::StrCat("canary", canaries->size(), "end");
        canaries->emplace(canary, field);
        if (field->is_repeated()) {
          set.AddString(message, field, canary);
        } else {
          set.SetString(message, field, canary);
        }
      }
    }
  }

  DescriptorPool pool_;
  DynamicMessageFactory factory_;
};

bool IsText(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_STRING;
}
bool IsSecret(const FieldDescriptor& field) { return field.options().GetExtension(v1::secret); }
bool IsPersonal(const FieldDescriptor& field) { return field.options().GetExtension(v1::personal); }

TEST_F(EveryMessageTest, N1_MarkedTextNeverAppears) {
  int hidden = 0, shown = 0;
  for (const Descriptor* type : messages_) {
    for (int choice = 0; choice < 4; ++choice) {
      std::map<std::string, const FieldDescriptor*> canaries;
      const std::string line = Redacted(*Filled(type, choice, &canaries));
      for (const auto& [canary, field] : canaries) {
        if (IsSecret(*field) || IsPersonal(*field)) {
          EXPECT_THAT(line, Not(HasSubstr(canary))) << field->full_name();
          ++hidden;
        } else if (field->type() == FieldDescriptor::TYPE_STRING) {
          EXPECT_THAT(line, HasSubstr(canary)) << field->full_name();  // so the search can succeed
          ++shown;
        }
      }
    }
  }
  EXPECT_GT(hidden, 0);
  EXPECT_GT(shown, 0);
}

bool NameHolds(const FieldDescriptor& field, const std::vector<const char*>& words) {
  for (const char* word : words) {
    if (absl::StrContains(field.name(), word)) return true;
  }
  return false;
}

TEST_F(EveryMessageTest, N1_FieldsNamedLikeSecretsAreMarked) {
  const std::vector<const char*> harmless = {"country_code", "token_type"};
  ForEachField([&](const FieldDescriptor& field) {
    if (!IsText(field) || NameHolds(field, harmless)) return;
    const bool suspicious =
        NameHolds(field, {"code", "token", "otp", "handle", "secret", "password", "request_id"});
    EXPECT_EQ(IsSecret(field), suspicious) << field.full_name();
  });
}

TEST_F(EveryMessageTest, N1_FieldsNamedLikePersonsAreMarked) {
  ForEachField([&](const FieldDescriptor& field) {
    if (!IsText(field) || absl::StartsWith(field.name(), "masked_")) return;
    const bool suspicious = NameHolds(field, {"phone", "email", "address", "device"});
    EXPECT_EQ(IsPersonal(field), suspicious) << field.full_name();
  });
}

}  // namespace
}  // namespace otpgate
