#include "server/rpc/call.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>

#include "server/rpc/status.h"
#include "server/runtime/blocking.h"
#include "tests/support/rpc_server.h"
#include "tests/support/rpc_text_service.h"

namespace otpgate {
namespace {

using ::otpgate::testing::CallText;
using ::otpgate::testing::Echo;
using ::otpgate::testing::Eventually;
using ::otpgate::testing::HeldCall;
using ::otpgate::testing::RpcServer;
using ::otpgate::testing::Serving;
using ::otpgate::testing::StringValue;
using ::otpgate::testing::TextAnswer;
using ::testing::Contains;
using ::testing::Pair;

TEST(CallTest, TheHandlersAnswerArrives) {
  RpcServer server(Serving(Echo));
  const TextAnswer answered = CallText(server, "tomato");
  EXPECT_TRUE(answered.status.ok());
  EXPECT_EQ(answered.text, "tomato");
}

TEST(CallTest, ARefusalArrivesWithItsDetails) {
  RpcServer server(Serving([](const CallInfo&, const StringValue&, Done<StringValue> done) {
    Failure failure;
    failure.reason = Reason::kSendLimit;
    failure.retry_after = absl::Seconds(7);
    failure.quota = "subject_sends";
    done(failure);
  }));
  const TextAnswer answered = CallText(server);
  EXPECT_EQ(answered.status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(answered.info.reason(), "SEND_LIMIT");
  EXPECT_THAT(answered.trailers, Contains(Pair("grpc-retry-pushback-ms", "-1")));
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
  const TextAnswer one = CallText(server), two = CallText(server);
  EXPECT_EQ(one.status.error_code(), two.status.error_code());
  EXPECT_EQ(one.status.error_message(), two.status.error_message());
  EXPECT_EQ(one.status.error_details(), two.status.error_details());
  EXPECT_EQ(one.trailers, two.trailers);
}

TEST(CallTest, AHandlerThatForgetsToAnswerIsAFault) {
  RpcServer server(Serving([](const CallInfo&, const StringValue&, Done<StringValue>) {}));
  const TextAnswer answered = CallText(server);
  EXPECT_EQ(answered.status.error_code(), grpc::StatusCode::INTERNAL);
  EXPECT_EQ(answered.info.reason(), "INTERNAL");
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
        CallText(server);
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
  EXPECT_TRUE(CallText(server).status.ok());
  EXPECT_TRUE(forbidden);
}

TEST(CallTest, L9_ACallWithoutDeadlineGetsOne) {
  HeldCall held;
  ServerOptions options;
  options.default_deadline = absl::Milliseconds(30);
  RpcServer server(Serving(held.handler()), options);
  const TextAnswer answered = CallText(server);
  EXPECT_EQ(answered.info.reason(), "OUTCOME_UNKNOWN");
  EXPECT_TRUE(held.cancelled());
  EXPECT_LE(held.deadline(), server.clock().Steady());
  held.Answer();  // too late, and harmless
}

TEST(CallTest, L9_ALateEndOfWhatChangesNothingIsNoDoubt) {
  HeldCall held;
  ServerOptions options;
  options.default_deadline = absl::Milliseconds(30);
  RpcServer server({ReadOnly(testing::TextMethod(held.handler()))}, options);
  EXPECT_EQ(CallText(server).info.reason(), "DEADLINE_EXCEEDED");
  held.Answer();
}

TEST(CallTest, L9_NoCallMayAskForMoreThanTheMaximum) {
  HeldCall held;
  ServerOptions options;
  options.default_deadline = options.max_deadline = absl::Milliseconds(30);
  RpcServer server(Serving(held.handler()), options);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::hours(1));
  const TextAnswer answered = CallText(server, context);
  EXPECT_EQ(answered.info.reason(), "OUTCOME_UNKNOWN");
  EXPECT_LE(held.deadline(), server.clock().Steady());
  held.Answer();
}

TEST(CallTest, L9_TheHandlerLearnsTheClientsDeadline) {
  HeldCall held;
  RpcServer server(Serving(held.handler()));
  grpc::ClientContext context;
  const absl::Duration before = server.clock().Steady();
  // Long enough for the call to arrive on a busy machine.
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(1));
  EXPECT_EQ(CallText(server, context).status.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  held.WaitForCall();
  EXPECT_GT(held.deadline(), before);
  EXPECT_LT(held.deadline(), before + absl::Seconds(5));
  EXPECT_TRUE(Eventually([&] { return held.cancelled(); }));
  held.Answer();
}

TEST(CallTest, AnAnsweredCallIsNotCancelledByItsAlarm) {
  std::shared_ptr<const std::atomic<bool>> cancelled;
  RpcServer server(
      Serving([&](const CallInfo& info, const StringValue& request, Done<StringValue> done) {
        cancelled = info.cancelled;
        done(request);
      }));
  EXPECT_TRUE(CallText(server).status.ok());
  server.server().Stop();
  EXPECT_FALSE(*cancelled);
}

TEST(CallTest, AClientThatLeavesSetsTheFlag) {
  HeldCall held;
  RpcServer server(Serving(held.handler()));
  grpc::ClientContext context;
  std::thread client([&] {
    EXPECT_EQ(CallText(server, context).status.error_code(), grpc::StatusCode::CANCELLED);
  });
  held.WaitForCall();
  EXPECT_FALSE(held.cancelled());
  context.TryCancel();
  client.join();
  EXPECT_TRUE(Eventually([&] { return held.cancelled(); }));
  held.Answer();
}

}  // namespace
}  // namespace otpgate
