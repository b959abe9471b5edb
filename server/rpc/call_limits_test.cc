#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/crypto/hmac.h"
#include "tests/support/rpc_server.h"
#include "tests/support/rpc_text_service.h"
#include "tests/support/sample_values.h"

// What a call must not be, must not do and must not leave behind.
namespace otpgate {
namespace {

using ::otpgate::testing::CallMethod;
using ::otpgate::testing::CallText;
using ::otpgate::testing::Echo;
using ::otpgate::testing::kEcho;
using ::otpgate::testing::RpcServer;
using ::otpgate::testing::Serving;
using ::otpgate::testing::StringValue;
using ::otpgate::testing::Text;
using ::otpgate::testing::TextAnswer;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(CallLimitsTest, AMessageThatCannotBeParsedIsInvalid) {
  RpcServer server(Serving(Echo));
  grpc::ClientContext context;
  const std::string bytes = "\x0a\xff\xff\xff\xff\x0f";
  const grpc::Slice slice(bytes);
  grpc::ByteBuffer response;
  const grpc::Status status =
      CallMethod(server.NewChannel(), kEcho, context, grpc::ByteBuffer(&slice, 1), &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST(CallLimitsTest, AnUnknownMethodIsUnimplemented) {
  RpcServer server(Serving(Echo));
  grpc::ClientContext context;
  StringValue response;
  const grpc::Status status =
      CallMethod(server.NewChannel(), "test.v1.TestService/Other", context, Text(""), &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNIMPLEMENTED);
}

TEST(CallLimitsTest, L1_AMessageAboveTheLimitIsRefused) {
  RpcServer server(Serving(Echo));
  EXPECT_TRUE(CallText(server, std::string(64 * 1024 - 8, 'x')).status.ok());
  EXPECT_EQ(CallText(server, std::string(64 * 1024 + 1, 'x')).status.error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
}

TEST(CallLimitsTest, L1_HeadersAboveTheLimitAreRefused) {
  RpcServer server(Serving(Echo));
  grpc::ClientContext fits;
  fits.AddMetadata("x-filler", std::string(12'288, 'x'));
  EXPECT_TRUE(CallText(server, fits).status.ok());
  grpc::ClientContext too_much;
  too_much.AddMetadata("x-filler", std::string(17'408, 'x'));
  EXPECT_EQ(CallText(server, too_much).status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
}

TEST(CallLimitsTest, L1_CompressedMessagesAreRefused) {
  RpcServer server(Serving(Echo));
  grpc::ClientContext context;
  context.set_compression_algorithm(GRPC_COMPRESS_GZIP);
  EXPECT_EQ(CallText(server, context, std::string(60'000, 'x')).status.error_code(),
            grpc::StatusCode::UNIMPLEMENTED);
}

using testing::kSecret;

Callers OneCaller(bool may_forward) {
  const ClientEntry entry{"plain", crypto::HmacSha256("plain", kSecret), {kEcho}, may_forward};
  return *Callers::Create({entry}, Callers::Unnamed::kRefused);
}

void Authorize(grpc::ClientContext& context) {
  context.AddMetadata("x-otpgate-client-authorization",
                      "Basic " + absl::Base64Escape(absl::StrCat("plain:", kSecret)));
}

// Answers with what the call told about itself.
void Tell(const CallInfo& info, const StringValue&, Done<StringValue> done) {
  done(Text(absl::StrCat(info.caller->id(), "|", info.client ? info.client->text : "", "|",
                         info.bearer_token)));
}

TEST(CallerTest, AnUnknownCallerIsRefused) {
  RpcServer server(Serving(Tell), {}, OneCaller(true));
  const TextAnswer answered = CallText(server);
  EXPECT_EQ(answered.status.error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(answered.info.reason(), "UNAUTHENTICATED");
}

TEST(CallerTest, D5_ASpoofedAddressIsIgnored) {
  RpcServer server(Serving(Tell), {}, OneCaller(false));
  grpc::ClientContext context;
  Authorize(context);
  context.AddMetadata("x-otpgate-client-ip", "203.0.113.7");
  context.AddMetadata("x-forwarded-for", "203.0.113.7");
  EXPECT_EQ(CallText(server, context).text, "plain||");
}

TEST(CallerTest, D5_AForwardedAddressReachesTheHandler) {
  RpcServer server(Serving(Tell), {}, OneCaller(true));
  grpc::ClientContext context;
  Authorize(context);
  context.AddMetadata("x-otpgate-client-ip", "203.0.113.7");
  context.AddMetadata("authorization", "Bearer abc");
  EXPECT_EQ(CallText(server, context).text, "plain|203.0.113.7|abc");
}

TEST(CallLogTest, L4_ACallLeavesOneLineWithoutSecrets) {
  RpcServer server(Serving(Echo), {}, OneCaller(true));
  grpc::ClientContext context;
  Authorize(context);
  context.AddMetadata("x-otpgate-client-ip", "203.0.113.7");
  context.AddMetadata("authorization", "Bearer canary-token");
  EXPECT_TRUE(CallText(server, context, "canary-body").status.ok());
  server.server().Stop();
  const std::vector<std::string> lines = server.log().Lines();
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_THAT(lines[0], AllOf(HasSubstr("\"event\":\"RPC\""), HasSubstr(kEcho),
                              HasSubstr("\"caller\":\"plain\""), HasSubstr("\"code\":0")));
  EXPECT_THAT(lines[0], AllOf(Not(HasSubstr("canary")), Not(HasSubstr("203.0.113.7")),
                              Not(HasSubstr(kSecret)), Not(HasSubstr("Basic"))));
}

TEST(CallLogTest, L4_AFaultIsFoundInTheLogByItsId) {
  RpcServer server(Serving([](const CallInfo&, const StringValue&, Done<StringValue>) {}));
  const TextAnswer answered = CallText(server);
  google::rpc::Status details;
  ASSERT_TRUE(grpc::ExtractErrorDetails(answered.status, &details).ok());
  google::rpc::ErrorInfo info;
  ASSERT_TRUE(details.details(0).UnpackTo(&info));
  server.server().Stop();
  EXPECT_THAT(
      server.log().Text(),
      AllOf(HasSubstr("\"level\":\"error\""),
            HasSubstr(absl::StrCat("\"request_id\":\"", info.metadata().at("request_id")))));
}

}  // namespace
}  // namespace otpgate
