// Whatever callers send, each line of the log is one JSON object and contains none of it.
#include <gmock/gmock.h>

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "otpgate/v1/auth_service.pb.h"
#include "tests/e2e/deployment.h"
#include "tests/support/grpc_call.h"

namespace otpgate::e2e {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

// Each value contains the mark, which occurs nowhere else.
constexpr char kMark[] = "FORGED";
const std::string kBroken[] = {"FORGED\nFORGED",
                               "FORGED\r\n{\"event\":\"FORGED\"}\n",
                               "\x1b[31mFORGED\x1b[0m",
                               std::string("FORGED\0FORGED", 13),
                               std::string("\0FORGED", 7),
                               "FORGED\x7f",
                               "FORGED\xc2\x85",          // NEL, a C1 control
                               "FORGED\xe2\x80\xa8",      // line separator
                               "FORGED\xe2\x80\xae",      // right-to-left override
                               "FORGED\xff\xfe",          // no UTF-8
                               "FORGED\xc0\x8a",          // overlong line feed
                               "FORGED\xed\xa0\x80",      // half a surrogate pair
                               "FORGED\xf4\x90\x80\x80",  // beyond Unicode
                               "FORGED\xe2\x80"};         // cut short
const std::string kPrintable[] = {"\",\"event\":\"FORGED\",\"x\":\"", "FORGED\\",
                                  "%sFORGED%n${FORGED}", "FORGED" + std::string(5000, 'x')};

// A length-delimited field in wire format (here all lengths fit into a varint of two bytes).
std::string WireField(int number, const std::string& bytes) {
  std::string wire(1, static_cast<char>(number << 3 | 2));
  if (bytes.size() >= 128) {
    wire += static_cast<char>(bytes.size() | 128);
    wire += static_cast<char>(bytes.size() >> 7);
  } else {
    wire += static_cast<char>(bytes.size());
  }
  return wire + bytes;
}

using Wrap = std::function<std::string(const std::string&)>;

// Calls `use` for every string field, also of inner messages, with its name and a function that
// makes a request from a value.
void ForEachString(const Descriptor& message, const Wrap& wrap,
                   const std::function<void(const std::string& field, const Wrap&)>& use) {
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor& field = *message.field(i);
    const Wrap inner = [&](const std::string& value) {
      return wrap(WireField(field.number(), value));
    };
    if (field.type() == FieldDescriptor::TYPE_STRING) use(field.full_name(), inner);
    if (field.message_type() != nullptr) ForEachString(*field.message_type(), inner, use);
  }
}

class LogInjectionTest : public ::testing::Test {
 protected:
  support::AuthClient& client() { return deployment_.client(0); }

  void SignIn() {
    const auto asked = client().RequestOtp("person@example.com");
    const auto verified = client().VerifyOtp(asked.reply.handle(), asked.reply.development_code());
    ASSERT_TRUE(verified.ok()) << verified.message;
    access_ = verified.reply.access_token();
    handle_ = client().RequestOtp("other@example.com").reply.handle();
  }

  // A valid request, to which the tested field is appended.
  std::string ValidRequest(const std::string& method) const {
    v1::RequestOtpRequest request;
    request.mutable_identifier()->set_phone_number("+14155550123");
    v1::ResendOtpRequest resend;
    resend.set_handle(handle_);
    v1::VerifyOtpRequest verify;
    verify.set_handle(handle_);
    verify.set_code("000000");
    v1::RefreshTokenRequest refresh;
    refresh.set_refresh_token("none");
    return method == "RequestOtp"     ? request.SerializeAsString()
           : method == "ResendOtp"    ? resend.SerializeAsString()
           : method == "VerifyOtp"    ? verify.SerializeAsString()
           : method == "RefreshToken" ? refresh.SerializeAsString()
                                      : "";
  }

  // Sends raw bytes, which a generated client would refuse to send.
  grpc::Status Send(const std::string& method, const std::string& bytes) {
    grpc::ClientContext context;
    context.set_wait_for_ready(true);
    context.AddMetadata("authorization", "Bearer " + access_);
    const grpc::Slice slice(bytes);
    const grpc::ByteBuffer request(&slice, 1);
    grpc::ByteBuffer response;
    return support::CallMethod(channel_, "otpgate.v1.AuthService/" + method, context, request,
                               &response);
  }

  // Sends `value` in each string field of each method. Returns the number of fields.
  int SendEverywhere(
      const std::string& value,
      const std::function<void(const std::string& field, const grpc::Status&)>& judge) {
    int sent = 0;
    const auto& service = *v1::RequestOtpRequest::descriptor()->file()->service(0);
    for (int i = 0; i < service.method_count(); ++i) {
      const std::string& method = service.method(i)->name();
      const auto send = [&](const std::string& field, const Wrap& wrap) {
        const grpc::Status status = Send(method, ValidRequest(method) + wrap(value));
        EXPECT_FALSE(absl::StrContains(status.error_message() + status.error_details(), kMark))
            << field;
        judge(field, status);
        ++sent;
      };
      ForEachString(
          *service.method(i)->input_type(), [](const std::string& all) { return all; }, send);
    }
    return sent;
  }

  void ExpectCleanLog() {
    ASSERT_TRUE(client().RequestOtp("last@example.com").ok()) << "it still serves";
    const std::string log = deployment_.server(0).Log();
    EXPECT_FALSE(absl::StrContains(log, kMark));
    for (absl::string_view line : absl::StrSplit(log, '\n', absl::SkipEmpty())) {
      const auto json = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
      ASSERT_TRUE(json.is_object() && json.contains("event")) << line;
      for (const char c : line) ASSERT_TRUE(c >= ' ' && c <= '~') << line;
    }
  }

  Deployment deployment_{{.servers = 1, .flags = {"--log.level=debug"}}};
  std::shared_ptr<grpc::Channel> channel_ = support::NewChannel(deployment_.server(0).port());
  std::string access_;
  std::string handle_;
};

// Tokens may have any value: they are compared, and not parsed as text.
bool IsToken(const std::string& field) {
  return absl::EndsWith(field, ".token") || absl::EndsWith(field, ".refresh_token");
}

TEST_F(LogInjectionTest, N3_BrokenTextIsRefusedInEveryField) {
  SignIn();
  for (const std::string& value : kBroken) {
    const int sent =
        SendEverywhere(value, [&](const std::string& field, const grpc::Status& status) {
          if (IsToken(field)) return;
          EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT)
              << field << " " << absl::CHexEscape(value) << " " << status.error_message();
        });
    EXPECT_GE(sent, 15);
  }
  ExpectCleanLog();
}

TEST_F(LogInjectionTest, N3_NoFieldReachesTheLog) {
  SignIn();
  for (const std::string& value : kPrintable) {
    SendEverywhere(value, [](const std::string& field, const grpc::Status& status) {
      EXPECT_NE(status.error_code(), grpc::StatusCode::INTERNAL) << field;
      EXPECT_NE(status.error_code(), grpc::StatusCode::UNAVAILABLE) << field;
    });
  }
  ExpectCleanLog();
}

TEST_F(LogInjectionTest, N3_NoHeaderReachesTheLog) {
  for (const std::string& value : kPrintable) {
    client().GetCurrentUser({.authorization = value});
    client().GetCurrentUser({.authorization = "Bearer " + value});
    client().GetCurrentUser({.caller = value});
    client().GetCurrentUser(
        {.caller = "Basic " + absl::Base64Escape(absl::StrCat(value, ":", value))});
    client().RequestOtp("person@example.com", {.client_ip = value, .forwarded_for = value});
    grpc::ChannelArguments arguments;
    arguments.SetUserAgentPrefix(value);
    channel_ = support::NewChannel(deployment_.server(0).port(), arguments);
    EXPECT_EQ(Send("GetJwks", "").error_code(), grpc::StatusCode::OK);
  }
  ExpectCleanLog();
}

}  // namespace
}  // namespace otpgate::e2e
