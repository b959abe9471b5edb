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
#include "server/rpc/server.h"
#include "server/runtime/check.h"
#include "tests/support/captured_log.h"
#include "tests/support/grpc_call.h"
#include "tests/support/seeded_random.h"

namespace otpgate::testing {

// A real server on a free loopback port, serving `methods`, with a captured log. Until `callers`
// says otherwise, everybody is the built-in caller "development".
class RpcServer {
 public:
  explicit RpcServer(std::vector<UnaryMethod> methods, ServerOptions options = {},
                     Callers callers = *Callers::Create({}, Callers::Unnamed::kDevelopment))
      : callers_(std::move(callers)) {
    options.listen = {"127.0.0.1:0"};
    auto server = Server::Start(options, std::move(methods), {&clock_, &random_, &log_, &callers_});
    OTPGATE_CHECK(server.ok());
    server_ = *std::move(server);
    server_->SetServing(true);
  }

  Server& server() { return *server_; }
  const Clock& clock() const { return clock_; }
  const CapturedLog& log() const { return lines_; }
  std::string address() const { return absl::StrCat("127.0.0.1:", server_->ports()[0]); }

  // A connection of its own.
  std::shared_ptr<grpc::Channel> NewChannel() const {
    return testing::NewChannel(server_->ports()[0]);
  }

 private:
  SystemClock clock_;
  SeededRandom random_{1};
  CapturedLog lines_;
  Log log_{&lines_, &clock_};
  Callers callers_;
  std::unique_ptr<Server> server_;  // last: stops before what it uses goes
};

// Lets other threads run until `condition` holds; false if it does not within half a minute.
template <class Condition>
bool Eventually(Condition condition) {
  const absl::Time end = absl::Now() + absl::Seconds(30);
  while (!condition()) {
    if (absl::Now() > end) return false;
    std::this_thread::yield();
  }
  return true;
}

}  // namespace otpgate::testing

#endif  // OTPGATE_TESTS_SUPPORT_RPC_SERVER_H_
