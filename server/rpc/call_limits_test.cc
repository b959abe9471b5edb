#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/crypto/hmac.h"
#include "tests/support/rpc_server.h"
#include "tests/support/rpc_text_service.h"
#include "tests/support/sample_values.h"

// Calls that the server must refuse, bound or clean up after.
namespace otpgate::rpc {
namespace {

using ::otpgate::support::StringValue;
using support::CallMethod;
using support::CallText;
using support::Echo;
using support::kEcho;
using support::RpcServer;
using support::Serving;
using support::Text;
using support::TextAnswer;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(CallLimitsTest, AMessageThatCannotBeParsedIsInvalid) {
  support::RpcServer server(support::Serving(Echo));
  grpc::ClientContext context;
  const std::string bytes = "\x0a\xff\xff\xff\xff\x0f";
  const grpc::Slice slice(bytes);
  grpc::ByteBuffer response;
  const grpc::Status status = support::CallMethod(server.NewChannel(), support::kEcho, context,
                                                  grpc::ByteBuffer(&slice, 1), &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST(CallLimitsTest, AnUnknownMethodIsUnimplemented) {
  support::RpcServer server(support::Serving(Echo));
  grpc::ClientContext context;
  StringValue response;
  const grpc::Status status = support::CallMethod(server.NewChannel(), "test.v1.TestService/Other",
                                                  context, Text(""), &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNIMPLEMENTED);
}

TEST(CallLimitsTest, L1_AMessageAboveTheLimitIsRefused) {
  support::RpcServer server(support::Serving(Echo));
  EXPECT_TRUE(support::CallText(server, std::string(64 * 1024 - 8, 'x')).status.ok());
  EXPECT_EQ(support::CallText(server, std::string(64 * 1024 + 1, 'x')).status.error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
}

TEST(CallLimitsTest, L1_HeadersAboveTheLimitAreRefused) {
  support::RpcServer server(support::Serving(Echo));
  grpc::ClientContext fits;
  fits.AddMetadata("x-filler", std::string(12'288, 'x'));
  EXPECT_TRUE(support::CallText(server, fits).status.ok());
  grpc::ClientContext too_much;
  too_much.AddMetadata("x-filler", std::string(17'408, 'x'));
  EXPECT_EQ(support::CallText(server, too_much).status.error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
}

TEST(CallLimitsTest, L1_CompressedMessagesAreRefused) {
  support::RpcServer server(support::Serving(Echo));
  grpc::ClientContext context;
  context.set_compression_algorithm(GRPC_COMPRESS_GZIP);
  EXPECT_EQ(support::CallText(server, context, std::string(60'000, 'x')).status.error_code(),
            grpc::StatusCode::UNIMPLEMENTED);
}

using support::kSecret;

Callers OneCaller(bool may_forward) {
  const CallerEntry entry{
      "plain", crypto::HmacSha256("plain", support::kSecret), {support::kEcho}, may_forward};
  return *Callers::Create({entry}, Callers::WithoutCredentials::kRefused);
}

void Authorize(grpc::ClientContext& context) {
  context.AddMetadata("x-otpgate-client-authorization",
                      "Basic " + absl::Base64Escape(absl::StrCat("plain:", support::kSecret)));
}

// Answers with caller, address and bearer token of the call.
void Tell(const CallInfo& info, const StringValue&, support::TextDone done) {
  done(Text(absl::StrCat(info.caller->id(), "|",
                         info.end_user_address ? info.end_user_address->text : "", "|",
                         info.bearer_token)));
}

TEST(CallerTest, AnUnknownCallerIsRefused) {
  support::RpcServer server(support::Serving(Tell), {}, OneCaller(true));
  const support::TextAnswer answered = support::CallText(server);
  EXPECT_EQ(answered.status.error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(answered.info.reason(), "UNAUTHENTICATED");
}

TEST(CallerTest, D5_ASpoofedAddressIsIgnored) {
  support::RpcServer server(support::Serving(Tell), {}, OneCaller(false));
  grpc::ClientContext context;
  Authorize(context);
  context.AddMetadata("x-otpgate-client-ip", "203.0.113.7");
  context.AddMetadata("x-forwarded-for", "203.0.113.7");
  EXPECT_EQ(support::CallText(server, context).text, "plain||");
}

TEST(CallerTest, D5_AForwardedAddressReachesTheHandler) {
  support::RpcServer server(support::Serving(Tell), {}, OneCaller(true));
  grpc::ClientContext context;
  Authorize(context);
  context.AddMetadata("x-otpgate-client-ip", "203.0.113.7");
  context.AddMetadata("authorization", "Bearer abc");
  EXPECT_EQ(support::CallText(server, context).text, "plain|203.0.113.7|abc");
}

TEST(CallLogTest, L4_ACallLeavesOneLineWithoutSecrets) {
  support::RpcServer server(support::Serving(Echo), {}, OneCaller(true));
  grpc::ClientContext context;
  Authorize(context);
  context.AddMetadata("x-otpgate-client-ip", "203.0.113.7");
  context.AddMetadata("authorization", "Bearer canary-token");
  EXPECT_TRUE(support::CallText(server, context, "canary-body").status.ok());
  server.server().Stop();
  const std::vector<std::string> lines = server.log().Lines();
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_THAT(lines[0], AllOf(HasSubstr("\"event\":\"RPC\""), HasSubstr(support::kEcho),
                              HasSubstr("\"caller\":\"plain\""), HasSubstr("\"code\":0")));
  EXPECT_THAT(lines[0], AllOf(Not(HasSubstr("canary")), Not(HasSubstr("203.0.113.7")),
                              Not(HasSubstr(support::kSecret)), Not(HasSubstr("Basic"))));
}

TEST(CallLogTest, L4_AFaultIsFoundInTheLogByItsId) {
  support::RpcServer server(
      support::Serving([](const CallInfo&, const StringValue&, support::TextDone) {}));
  const support::TextAnswer answered = support::CallText(server);
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
}  // namespace otpgate::rpc
