#include "server/rpc/call.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "base/blocking.h"
#include "server/rpc/status.h"
#include "tests/support/rpc_server.h"
#include "tests/support/rpc_text_service.h"

namespace otpgate::rpc {
namespace {

using ::otpgate::support::StringValue;
using support::CallText;
using support::Echo;
using support::Eventually;
using support::HeldCall;
using support::RpcServer;
using support::Serving;
using support::TextAnswer;
using ::testing::Contains;
using ::testing::Pair;

TEST(CallTest, TheHandlersAnswerArrives) {
  support::RpcServer server(support::Serving(Echo));
  const support::TextAnswer answered = support::CallText(server, "tomato");
  EXPECT_TRUE(answered.status.ok());
  EXPECT_EQ(answered.text, "tomato");
}

TEST(CallTest, ARefusalArrivesWithItsDetails) {
  support::RpcServer server(
      support::Serving([](const CallInfo&, const StringValue&, support::TextDone done) {
        errors::Failure failure;
        failure.reason = errors::Reason::kSendLimit;
        failure.retry_after = absl::Seconds(7);
        failure.quota = "subject_sends";
        done(tl::unexpected(failure));
      }));
  const support::TextAnswer answered = support::CallText(server);
  EXPECT_EQ(answered.status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(answered.info.reason(), "SEND_LIMIT");
  EXPECT_THAT(answered.trailers, Contains(Pair("grpc-retry-pushback-ms", "-1")));
  EXPECT_LE(answered.status.error_details().size(), kMaxStatusBytes);
}

TEST(CallTest, B11_CausesOfAnInvalidCodeDoNotDifferOnTheWire) {
  std::atomic<int> calls{0};
  support::RpcServer server(
      support::Serving([&calls](const CallInfo&, const StringValue&, support::TextDone done) {
        errors::Failure failure;
        failure.reason = errors::Reason::kOtpInvalid;
        if (calls++ > 0) failure.retry_after = absl::Hours(1);  // a blocked subject
        done(tl::unexpected(failure));
      }));
  const support::TextAnswer one = support::CallText(server), two = support::CallText(server);
  EXPECT_EQ(one.status.error_code(), two.status.error_code());
  EXPECT_EQ(one.status.error_message(), two.status.error_message());
  EXPECT_EQ(one.status.error_details(), two.status.error_details());
  EXPECT_EQ(one.trailers, two.trailers);
}

TEST(CallTest, AHandlerThatForgetsToAnswerIsAFault) {
  support::RpcServer server(
      support::Serving([](const CallInfo&, const StringValue&, support::TextDone) {}));
  const support::TextAnswer answered = support::CallText(server);
  EXPECT_EQ(answered.status.error_code(), grpc::StatusCode::INTERNAL);
  EXPECT_EQ(answered.info.reason(), "INTERNAL");
  EXPECT_EQ(answered.status.error_message(), "internal error");
}

TEST(CallDeathTest, ASecondAnswerEndsTheProcess) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        support::RpcServer server(support::Serving(
            [](const CallInfo&, const StringValue& request, support::TextDone done) {
              done(request);
              done(request);
            }));
        support::CallText(server);
        server.server().Stop();
      },
      "broken invariant");
}

TEST(CallDeathTest, ASecondReplyEndsTheProcess) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        UnaryMethod twice = support::TextMethod(Echo);
        twice.serve = [](const CallInfo&, absl::string_view, std::shared_ptr<Reply> reply) {
          reply->Send(support::Text("one"));
          reply->Send(support::Text("two"));
        };
        support::RpcServer server({std::move(twice)});
        support::CallText(server);
        server.server().Stop();
      },
      "broken invariant");
}

TEST(CallTest, HandlersRunWhereWaitingIsForbidden) {
  std::atomic<bool> forbidden{false};
  support::RpcServer server(
      support::Serving([&](const CallInfo&, const StringValue& request, support::TextDone done) {
        forbidden = NoBlockingScope::Active();
        done(request);
      }));
  EXPECT_TRUE(support::CallText(server).status.ok());
  EXPECT_TRUE(forbidden);
}

TEST(CallTest, L9_ACallWithoutDeadlineGetsOne) {
  support::HeldCall held;
  ServerOptions options;
  options.default_deadline = absl::Milliseconds(30);
  support::RpcServer server(support::Serving(held.handler()), options);
  const support::TextAnswer answered = support::CallText(server);
  EXPECT_EQ(answered.info.reason(), "OUTCOME_UNKNOWN");
  EXPECT_TRUE(held.cancelled());
  EXPECT_LE(held.deadline(), server.clock().Steady());
  held.Answer();  // too late, and harmless
}

TEST(CallTest, L9_ALateEndOfWhatChangesNothingIsNoDoubt) {
  support::HeldCall held;
  ServerOptions options;
  options.default_deadline = absl::Milliseconds(30);
  support::RpcServer server({ReadOnly(support::TextMethod(held.handler()))}, options);
  EXPECT_EQ(support::CallText(server).info.reason(), "DEADLINE_EXCEEDED");
  held.Answer();
}

TEST(CallTest, L9_NoCallMayAskForMoreThanTheMaximum) {
  support::HeldCall held;
  ServerOptions options;
  options.default_deadline = options.max_deadline = absl::Milliseconds(30);
  support::RpcServer server(support::Serving(held.handler()), options);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::hours(1));
  const support::TextAnswer answered = support::CallText(server, context);
  EXPECT_EQ(answered.info.reason(), "OUTCOME_UNKNOWN");
  EXPECT_LE(held.deadline(), server.clock().Steady());
  held.Answer();
}

TEST(CallTest, L9_TheHandlerLearnsTheClientsDeadline) {
  support::HeldCall held;
  support::RpcServer server(support::Serving(held.handler()));
  grpc::ClientContext context;
  const absl::Duration before = server.clock().Steady();
  // Long enough for the call to arrive on a busy machine.
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(1));
  EXPECT_EQ(support::CallText(server, context).status.error_code(),
            grpc::StatusCode::DEADLINE_EXCEEDED);
  held.WaitForCall();
  EXPECT_GT(held.deadline(), before);
  EXPECT_LT(held.deadline(), before + absl::Seconds(5));
  EXPECT_TRUE(support::Eventually([&] { return held.cancelled(); }));
  held.Answer();
}

TEST(CallTest, AnAnsweredCallIsNotCancelledByItsAlarm) {
  std::shared_ptr<const std::atomic<bool>> cancelled;
  support::RpcServer server(support::Serving(
      [&](const CallInfo& info, const StringValue& request, support::TextDone done) {
        cancelled = info.cancelled;
        done(request);
      }));
  EXPECT_TRUE(support::CallText(server).status.ok());
  server.server().Stop();
  EXPECT_FALSE(*cancelled);
}

TEST(CallTest, AClientThatLeavesSetsTheFlag) {
  support::HeldCall held;
  support::RpcServer server(support::Serving(held.handler()));
  grpc::ClientContext context;
  std::thread client([&] {
    EXPECT_EQ(support::CallText(server, context).status.error_code(), grpc::StatusCode::CANCELLED);
  });
  held.WaitForCall();
  EXPECT_FALSE(held.cancelled());
  context.TryCancel();
  client.join();
  EXPECT_TRUE(support::Eventually([&] { return held.cancelled(); }));
  held.Answer();
}

}  // namespace
}  // namespace otpgate::rpc
