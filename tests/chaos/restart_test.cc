// Restarts servers one after the other while people sign in. No call may fail.
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

#include <atomic>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "otpgate/client/channel.h"
#include "tests/chaos/faults.h"
#include "tests/chaos/history.h"
#include "tests/support/contend.h"
#include "tests/support/summary.h"
#include "tests/support/trials.h"

namespace otpgate::chaos {
namespace {

using support::Answer;
using support::AuthClient;

constexpr size_t kBetween = 30;  // calls between two restarts, at least

std::string AllServers(const Fleet& fleet) {
  std::vector<std::string> addresses;
  for (int i = 0; i < fleet.size(); ++i) {
    addresses.push_back(absl::StrCat("127.0.0.1:", fleet.server(i).port()));
  }
  return "ipv4:" + absl::StrJoin(addresses, ",");
}

// A channel with the shipped service config but without retries, which could hide a call that a
// server accepted and did not answer.
std::shared_ptr<grpc::Channel> ChannelWithoutRepeats(const std::string& target) {
  nlohmann::json config = nlohmann::json::parse(std::string(client::ServiceConfigJson()));
  for (nlohmann::json& methods : config["methodConfig"]) methods.erase("retryPolicy");
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetServiceConfigJSON(config.dump());
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  return grpc::CreateCustomChannel(target, grpc::InsecureChannelCredentials(), arguments);
}

// People who sign in through a channel, in threads, and the outcome of their calls. Calls carry no
// request_id, so a call that is executed twice is refused the second time.
class Callers {
 public:
  explicit Callers(std::shared_ptr<grpc::Channel> channel)
      : client_(std::move(channel)), threads_([this] {
          support::Contend(kCallers, [this](int caller) {
            for (int n = 0; !stopping_; ++n) SignIn(absl::StrCat("p", caller, "-", n));
          });
        }) {}

  void Stop() {
    stopping_ = true;
    threads_.join();
  }
  const History& history() const { return history_; }
  int64_t failed() const { return failed_; }

 private:
  static constexpr int kCallers = 4;

  void SignIn(const std::string& name) {
    const auto asked = client_.RequestOtp(name + "@example.com");
    if (!IsGood(asked)) return;
    const auto in = client_.VerifyOtp(asked.reply.handle(), asked.reply.development_code());
    if (IsGood(in)) IsGood(client_.RefreshToken(in.reply.refresh_token()));
  }
  template <class Reply>
  bool IsGood(const support::Answer<Reply>& answer) {
    EXPECT_TRUE(answer.ok()) << answer.reason << ' ' << answer.message;
    failed_ += !answer.ok();
    history_.Add({.outcome = answer.ok() ? Outcome::kOk : Outcome::kUnknown});
    return answer.ok();
  }

  support::AuthClient client_;
  History history_;
  std::atomic<bool> stopping_ = false;
  std::atomic<int64_t> failed_ = 0;
  std::thread threads_;
};

void RestartUnder(Fleet& fleet, const std::shared_ptr<grpc::Channel>& channel,
                  const std::string& name) {
  std::mt19937_64 choices(1);
  int64_t missed = 0;
  const int64_t restarts = support::Trials(6);
  Callers callers(channel);
  for (int64_t n = 0; n < restarts; ++n) {
    callers.history().AwaitMore(kBetween, absl::Minutes(1));
    RestartServer({fleet, callers.history(), choices, missed});
  }
  callers.Stop();
  EXPECT_GE(callers.history().size(), restarts * kBetween);
  support::AppendSummary(absl::StrCat("chaos, rolling restart, ", name, ": ", restarts,
                                      " restarts, ", callers.history().size(), " calls, ",
                                      callers.failed(), " failed"));
}

class RestartTest : public ::testing::Test {
 protected:
  Fleet fleet_{support::SharedPgCluster(), {.servers = 3, .flags = {"--listen.drain_timeout=1m"}}};
};

TEST_F(RestartTest, O1_NoCallFailsThatComesThroughTheClientLibrary) {
  const auto channel = client::NewChannel({.target = AllServers(fleet_)});
  ASSERT_TRUE(channel.ok()) << channel.status();
  RestartUnder(fleet_, *channel, "as shipped");
}

TEST_F(RestartTest, O1_NoCallIsTakenAndLost) {
  RestartUnder(fleet_, ChannelWithoutRepeats(AllServers(fleet_)), "without repeats");
}

}  // namespace
}  // namespace otpgate::chaos
