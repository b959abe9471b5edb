#ifndef OTPGATE_TESTS_SUPPORT_RPC_SERVER_H_
#define OTPGATE_TESTS_SUPPORT_RPC_SERVER_H_

#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "base/check.h"
#include "server/rpc/server.h"
#include "tests/support/captured_log.h"
#include "tests/support/grpc_call.h"
#include "tests/support/seeded_random.h"

namespace otpgate::support {

// A server on a free loopback port with these `methods` and a captured log. Unless `callers` is
// given, every caller is the built-in "development".
class RpcServer {
 public:
  explicit RpcServer(std::vector<rpc::UnaryMethod> methods, rpc::ServerOptions options = {},
                     rpc::Callers callers =
                         *rpc::Callers::Create({}, rpc::Callers::WithoutCredentials::kDevelopment))
      : callers_(std::move(callers)) {
    options.addresses = {"127.0.0.1:0"};
    auto server =
        rpc::Server::Start(options, std::move(methods), {&clock_, &random_, &log_, &callers_});
    OTPGATE_CHECK(server.ok());
    server_ = *std::move(server);
    server_->SetServing(true);
  }

  rpc::Server& server() { return *server_; }
  const Clock& clock() const { return clock_; }
  const CapturedLog& log() const { return lines_; }
  std::string address() const { return absl::StrCat("127.0.0.1:", server_->ports()[0]); }

  // A new connection.
  std::shared_ptr<grpc::Channel> NewChannel() const {
    return support::NewChannel(server_->ports()[0]);
  }

 private:
  SystemClock clock_;
  SeededRandom random_{1};
  CapturedLog lines_;
  Log log_{&lines_, &clock_};
  rpc::Callers callers_;
  std::unique_ptr<rpc::Server> server_;  // last: stops before what it uses goes
};

// Yields until `condition` holds. False: it does not within 30 s.
template <class Condition>
bool Eventually(Condition condition) {
  const absl::Time end = absl::Now() + absl::Seconds(30);
  while (!condition()) {
    if (absl::Now() > end) return false;
    std::this_thread::yield();
  }
  return true;
}

}  // namespace otpgate::support

#endif  // OTPGATE_TESTS_SUPPORT_RPC_SERVER_H_
