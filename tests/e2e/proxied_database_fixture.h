#ifndef OTPGATE_TESTS_E2E_PROXIED_DATABASE_FIXTURE_H_
#define OTPGATE_TESTS_E2E_PROXIED_DATABASE_FIXTURE_H_

#include <signal.h>

#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/e2e/sessions_fixture.h"
#include "tests/support/tcp_proxy.h"

namespace otpgate::e2e {

// A base class, so that it outlives the deployment.
struct DatabaseProxy {
  support::TcpProxy to_database_{support::SharedPgCluster().SocketPath(),
                                 support::Framing::kPostgres};
};

// Two servers on one database. Server 0 reaches it through `to_database_`, where its connections
// can be cut or held at an exact message; server 1 reaches it directly.
class ProxiedDatabaseFixture : protected DatabaseProxy, public SessionsFixture {
 protected:
  // `options` without `servers` and `connection`.
  explicit ProxiedDatabaseFixture(Deployment::Options options = OneMessageAtATime())
      : SessionsFixture(Behind(to_database_, std::move(options))) {}

  // Kills server 0 when it is about to send its `number`-th message to the database during `call`,
  // and starts another one in its place. False: the call needs fewer messages.
  bool KillAtMessage(int number, const std::function<void()>& call) {
    const auto rule = to_database_.Add({.action = support::ProxyAction::kHold, .number = number});
    std::atomic<bool> ended = false;
    std::thread caller([&] {
      call();
      ended = true;
    });
    while (!rule->fired() && !ended) std::this_thread::yield();
    const bool killed = rule->Disarm();
    if (killed) deployment_.server(0).Signal(SIGKILL);
    rule->Release();
    caller.join();
    if (killed) deployment_.Replace(0);
    return killed;
  }

  std::string CountOf(const std::string& table, const std::string& person) {
    return Value(
        absl::StrCat("SELECT count(*) FROM ", table, " WHERE identifier = '", person, "'"));
  }

 private:
  // The health check and the reload are slowed down, so that messages are those of the call. What
  // the dispatcher sends all the same does no harm.
  static Deployment::Options OneMessageAtATime() {
    return {.flags = {"--enable_rate_limit=false", "--engine.workers=1",
                      "--database.health_interval=1m", "--secrets.reload_interval=1m"}};
  }
  static Deployment::Options Behind(const support::TcpProxy& proxy, Deployment::Options options) {
    options.servers = 2;
    options.connection = [&proxy](const support::TestDatabase& database, int server) {
      return server == 0 ? database.Via(proxy.port(), support::PgRole::kApp)
                         : database.Socket(support::PgRole::kApp);
    };
    return options;
  }
};

}  // namespace otpgate::e2e

#endif  // OTPGATE_TESTS_E2E_PROXIED_DATABASE_FIXTURE_H_
