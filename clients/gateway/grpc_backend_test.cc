#include "clients/gateway/grpc_backend.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "otpgate/client/channel.h"
#include "tests/support/sockets.h"

namespace otpgate::gateway {
namespace {

constexpr int kDeadlineExceeded = 4, kUnavailable = 14;  // google.rpc.Code

std::shared_ptr<grpc::Channel> ChannelTo(int port) {
  return *client::NewChannel({.target = absl::StrCat("127.0.0.1:", port), .own_connections = true});
}

RpcCall CallWithin(absl::Duration timeout) {
  RpcCall call;
  call.path = "/otpgate.v1.AuthService/GetJwks";
  call.timeout = timeout;
  return call;
}

// Accepts connections and never says a word.
class GrpcBackendTest : public ::testing::Test {
 protected:
  const support::Socket silent_ = support::ListenOnLoopback();
};

TEST_F(GrpcBackendTest, L9_ACallEndsWithItsTimeout) {
  GrpcBackend backend({ChannelTo(support::PortOf(silent_))});
  absl::Notification answered;
  RpcReply reply;
  backend.Call(CallWithin(absl::Milliseconds(50)), [&](RpcReply got) {
    reply = std::move(got);
    answered.Notify();
  });
  ASSERT_TRUE(answered.WaitForNotificationWithTimeout(absl::Seconds(30)));
  EXPECT_TRUE(reply.code == kDeadlineExceeded || reply.code == kUnavailable) << reply.code;
  EXPECT_FALSE(backend.ready());
}

TEST_F(GrpcBackendTest, ItsEndAnswersTheCallsInProgress) {
  constexpr int kCalls = 20;
  int answered = 0;
  {
    GrpcBackend backend({ChannelTo(support::PortOf(silent_)), ChannelTo(support::PortOf(silent_))});
    for (int i = 0; i < kCalls; ++i) {
      // Counted on the one thread of the backend, which ends with it.
      backend.Call(CallWithin(absl::Hours(1)), [&answered](const RpcReply& reply) {
        if (reply.code != 0) ++answered;
      });
    }
  }
  EXPECT_EQ(answered, kCalls);
}

}  // namespace
}  // namespace otpgate::gateway
