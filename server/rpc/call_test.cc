#include <gmock/gmock.h>
#include <google/protobuf/wrappers.pb.h>
#include <grpcpp/support/error_details.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <deque>
#include <string>
#include <thread>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "server/crypto/hmac.h"
#include "server/rpc/server.h"
#include "server/rpc/status.h"
#include "server/runtime/blocking.h"
#include "tests/support/rpc_server.h"

// Calls through a real server and a real client.
namespace otpgate {
namespace {

using ::google::protobuf::StringValue;
using ::otpgate::testing::CallMethod;
using ::otpgate::testing::Eventually;
using ::otpgate::testing::RpcServer;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kEcho[] = "test.v1.TestService/Echo";

using Handler = UnaryHandler<StringValue, StringValue>;

std::vector<UnaryMethod> Serving(Handler handler) {
  return {Unary<StringValue, StringValue>(kEcho, Access::kCallers, std::move(handler))};
}

void Echo(const CallInfo&, const StringValue& request, Done<StringValue> done) { done(request); }

StringValue Text(std::string text) {
  StringValue value;
  value.set_value(std::move(text));
  return value;
}

// One call with this text; the answer, or the reason in angle brackets.
struct Answered {
  grpc::Status status;
  StringValue response;
  std::string reason;
  std::multimap<std::string, std::string> trailers;
};

Answered Call(const RpcServer& server, grpc::ClientContext& context, std::string text = "hello") {
  Answered answered;
  answered.status =
      CallMethod(server.NewChannel(), kEcho, context, Text(std::move(text)), &answered.response);
  google::rpc::Status details;
  google::rpc::ErrorInfo info;
  if (grpc::ExtractErrorDetails(answered.status, &details).ok() && details.details_size() > 0 &&
      details.details(0).UnpackTo(&info)) {
    answered.reason = info.reason();
  }
  for (const auto& [key, value] : context.GetServerTrailingMetadata()) {
    answered.trailers.emplace(std::string(key.data(), key.size()),
                              std::string(value.data(), value.size()));
  }
  return answered;
}

Answered Call(const RpcServer& server, std::string text = "hello") {
  grpc::ClientContext context;
  return Call(server, context, std::move(text));
}

TEST(CallTest, TheHandlersAnswerArrives) {
  RpcServer server(Serving(Echo));
  const Answered answered = Call(server, "tomato");
  EXPECT_TRUE(answered.status.ok());
  EXPECT_EQ(answered.response.value(), "tomato");
}

TEST(CallTest, ARefusalArrivesWithItsDetails) {
  RpcServer server(Serving([](const CallInfo&, const StringValue&, Done<StringValue> done) {
    Failure failure;
    failure.reason = Reason::kSendLimit;
    failure.retry_after = absl::Seconds(7);
    failure.quota = "subject_sends";
    done(failure);
  }));
  const Answered answered = Call(server);
  EXPECT_EQ(answered.status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(answered.reason, "SEND_LIMIT");
  EXPECT_EQ(answered.trailers.count("grpc-retry-pushback-ms"), 1u);
  EXPECT_EQ(answered.trailers.find("grpc-retry-pushback-ms")->second, "-1");
  EXPECT_LE(answered.status.error_details().size(), kMaxStatusBytes);
}

TEST(CallTest, B11_CausesOfAnInvalidCodeDoNotDifferOnTheWire) {
  std::atomic<int> calls{0};
  RpcServer server(Serving([&calls](const CallInfo&, const StringValue&, Done<StringValue> done) {
    Failure failure;
    failure.reason = Reason::kOtpInvalid;
    if (calls++ > 0) failure.retry_after = absl::Hours(1);  // a blocked subject
    done(failure);
  }));
  const Answered one = Call(server), two = Call(server);
  EXPECT_EQ(one.status.error_code(), two.status.error_code());
  EXPECT_EQ(one.status.error_message(), two.status.error_message());
  EXPECT_EQ(one.status.error_details(), two.status.error_details());
  EXPECT_EQ(one.trailers, two.trailers);
}

TEST(CallTest, AHandlerThatForgetsToAnswerIsAFault) {
  RpcServer server(Serving([](const CallInfo&, const StringValue&, Done<StringValue>) {}));
  const Answered answered = Call(server);
  EXPECT_EQ(answered.status.error_code(), grpc::StatusCode::INTERNAL);
  EXPECT_EQ(answered.reason, "INTERNAL");
  EXPECT_EQ(answered.status.error_message(), "internal error");
}

TEST(CallDeathTest, ASecondAnswerEndsTheProcess) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        RpcServer server(
            Serving([](const CallInfo&, const StringValue& request, Done<StringValue> done) {
              done(request);
              done(request);
            }));
        Call(server);
        server.server().Stop();
      },
      "broken invariant");
}

TEST(CallTest, HandlersRunWhereWaitingIsForbidden) {
  std::atomic<bool> forbidden{false};
  RpcServer server(
      Serving([&](const CallInfo&, const StringValue& request, Done<StringValue> done) {
        forbidden = NoBlockingScope::Active();
        done(request);
      }));
  EXPECT_TRUE(Call(server).status.ok());
  EXPECT_TRUE(forbidden);
}

// ---- deadlines and cancellation

// Keeps what the handler was given until the test is done with it.
class Holder {
 public:
  Handler handler() {
    return [this](const CallInfo& info, const StringValue&, Done<StringValue> done) {
      deadline_ = info.deadline;
      cancelled_ = info.cancelled;
      done_ = std::move(done);
      held_.Notify();
    };
  }
  void WaitForCall() { held_.WaitForNotification(); }
  absl::Duration deadline() const { return deadline_; }
  bool cancelled() const { return *cancelled_; }
  void Answer() { done_(Text("late")); }

 private:
  absl::Duration deadline_;
  std::shared_ptr<const std::atomic<bool>> cancelled_;
  Done<StringValue> done_;
  absl::Notification held_;
};

TEST(CallTest, L9_ACallWithoutDeadlineGetsOne) {
  Holder holder;
  ServerOptions options;
  options.default_deadline = absl::Milliseconds(30);
  RpcServer server(Serving(holder.handler()), options);
  const Answered answered = Call(server);
  EXPECT_EQ(answered.reason, "OUTCOME_UNKNOWN");
  EXPECT_TRUE(holder.cancelled());
  EXPECT_LE(holder.deadline(), server.clock().Steady());
  holder.Answer();  // too late, and harmless
}

TEST(CallTest, L9_NoCallMayAskForMoreThanTheMaximum) {
  Holder holder;
  ServerOptions options;
  options.default_deadline = options.max_deadline = absl::Milliseconds(30);
  RpcServer server(Serving(holder.handler()), options);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::hours(1));
  const Answered answered = Call(server, context);
  EXPECT_EQ(answered.reason, "OUTCOME_UNKNOWN");
  EXPECT_LE(holder.deadline(), server.clock().Steady());
  holder.Answer();
}

TEST(CallTest, L9_TheHandlerLearnsTheClientsDeadline) {
  Holder holder;
  RpcServer server(Serving(holder.handler()));
  grpc::ClientContext context;
  const absl::Duration before = server.clock().Steady();
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(50));
  EXPECT_EQ(Call(server, context).status.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  holder.WaitForCall();
  EXPECT_GT(holder.deadline(), before);
  EXPECT_LT(holder.deadline(), before + absl::Seconds(5));
  EXPECT_TRUE(Eventually([&] { return holder.cancelled(); }));
  holder.Answer();
}

TEST(CallTest, AnAnsweredCallIsNotCancelledByItsAlarm) {
  std::shared_ptr<const std::atomic<bool>> cancelled;
  RpcServer server(
      Serving([&](const CallInfo& info, const StringValue& request, Done<StringValue> done) {
        cancelled = info.cancelled;
        done(request);
      }));
  EXPECT_TRUE(Call(server).status.ok());
  server.server().Stop();
  EXPECT_FALSE(*cancelled);
}

TEST(CallTest, AClientThatLeavesSetsTheFlag) {
  Holder holder;
  RpcServer server(Serving(holder.handler()));
  grpc::ClientContext context;
  std::thread client(
      [&] { EXPECT_EQ(Call(server, context).status.error_code(), grpc::StatusCode::CANCELLED); });
  holder.WaitForCall();
  EXPECT_FALSE(holder.cancelled());
  context.TryCancel();
  client.join();
  EXPECT_TRUE(Eventually([&] { return holder.cancelled(); }));
  holder.Answer();
}

// ---- what never reaches a handler

TEST(CallTest, AMessageThatCannotBeParsedIsInvalid) {
  RpcServer server(Serving(Echo));
  grpc::ClientContext context;
  const std::string bytes = "\x0a\xff\xff\xff\xff\x0f";
  const grpc::Slice slice(bytes);
  grpc::ByteBuffer response;
  const grpc::Status status =
      CallMethod(server.NewChannel(), kEcho, context, grpc::ByteBuffer(&slice, 1), &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST(CallTest, AnUnknownMethodIsUnimplemented) {
  RpcServer server(Serving(Echo));
  grpc::ClientContext context;
  StringValue response;
  const grpc::Status status =
      CallMethod(server.NewChannel(), "test.v1.TestService/Other", context, Text(""), &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNIMPLEMENTED);
}

TEST(CallTest, L1_AMessageAboveTheLimitIsRefused) {
  RpcServer server(Serving(Echo));
  EXPECT_TRUE(Call(server, std::string(64 * 1024 - 8, 'x')).status.ok());
  EXPECT_EQ(Call(server, std::string(64 * 1024 + 1, 'x')).status.error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
}

TEST(CallTest, L1_HeadersAboveTheLimitAreRefused) {
  RpcServer server(Serving(Echo));
  grpc::ClientContext fits;
  fits.AddMetadata("x-filler", std::string(12 * 1024, 'x'));
  EXPECT_TRUE(Call(server, fits).status.ok());
  grpc::ClientContext too_much;
  too_much.AddMetadata("x-filler", std::string(17 * 1024, 'x'));
  EXPECT_EQ(Call(server, too_much).status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
}

TEST(CallTest, L1_CompressedMessagesAreRefused) {
  RpcServer server(Serving(Echo));
  grpc::ClientContext context;
  context.set_compression_algorithm(GRPC_COMPRESS_GZIP);
  EXPECT_EQ(Call(server, context, std::string(60'000, 'x')).status.error_code(),
            grpc::StatusCode::UNIMPLEMENTED);
}

// ---- callers

constexpr char kSecret[] = "0123456789abcdef0123456789abcdef";

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

TEST(CallTest, AnUnknownCallerIsRefused) {
  RpcServer server(Serving(Tell), {}, OneCaller(true));
  const Answered answered = Call(server);
  EXPECT_EQ(answered.status.error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(answered.reason, "UNAUTHENTICATED");
}

TEST(CallTest, D5_ASpoofedAddressIsIgnored) {
  RpcServer server(Serving(Tell), {}, OneCaller(false));
  grpc::ClientContext context;
  Authorize(context);
  context.AddMetadata("x-otpgate-client-ip", "203.0.113.7");
  context.AddMetadata("x-forwarded-for", "203.0.113.7");
  EXPECT_EQ(Call(server, context).response.value(), "plain||");
}

TEST(CallTest, D5_AForwardedAddressReachesTheHandler) {
  RpcServer server(Serving(Tell), {}, OneCaller(true));
  grpc::ClientContext context;
  Authorize(context);
  context.AddMetadata("x-otpgate-client-ip", "203.0.113.7");
  context.AddMetadata("authorization", "Bearer abc");
  EXPECT_EQ(Call(server, context).response.value(), "plain|203.0.113.7|abc");
}

// ---- log

TEST(CallTest, L4_ACallLeavesOneLineWithoutSecrets) {
  RpcServer server(Serving(Echo), {}, OneCaller(true));
  grpc::ClientContext context;
  Authorize(context);
  context.AddMetadata("x-otpgate-client-ip", "203.0.113.7");
  context.AddMetadata("authorization", "Bearer canary-token");
  EXPECT_TRUE(Call(server, context, "canary-body").status.ok());
  server.server().Stop();
  const std::vector<std::string> lines = server.log().Lines();
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_THAT(lines[0], AllOf(HasSubstr("\"event\":\"RPC\""), HasSubstr(kEcho),
                              HasSubstr("\"caller\":\"plain\""), HasSubstr("\"code\":0")));
  EXPECT_THAT(lines[0], AllOf(Not(HasSubstr("canary")), Not(HasSubstr("203.0.113.7")),
                              Not(HasSubstr(kSecret)), Not(HasSubstr("Basic"))));
}

TEST(CallTest, L4_AFaultIsFoundInTheLogByItsId) {
  RpcServer server(Serving([](const CallInfo&, const StringValue&, Done<StringValue>) {}));
  const Answered answered = Call(server);
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
