#ifndef OTPGATE_TESTS_E2E_DEPLOYMENT_H_
#define OTPGATE_TESTS_E2E_DEPLOYMENT_H_

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/support/auth_client.h"
#include "tests/support/server_process.h"
#include "tests/support/test_database.h"

namespace otpgate::e2e {

// Servers that share one database and one set of keys.
class Deployment {
 public:
  struct Options {
    int servers = 2;
    std::vector<std::string> flags = {};  // after, and in addition to, DevelopmentFlags
    bool reveal_codes = true;             // false: answers are those of production
    // Changes the database before the servers start.
    std::function<void(const support::TestDatabase&)> prepare = {};
    // The connection string of each server; by default for the socket of the database.
    std::function<std::string(const support::TestDatabase&, int server)> connection = {};
  };

  explicit Deployment(Options options, support::PgCluster& cluster = support::SharedPgCluster())
      : database_(cluster), options_(std::move(options)) {
    if (options_.prepare) options_.prepare(database_);
    for (int i = 0; i < options_.servers; ++i) servers_.push_back(StartOne(i));
    for (const auto& server : servers_) {
      server->AwaitServing();
      clients_.push_back(std::make_unique<support::AuthClient>(server->port()));
    }
  }

  // Kills server i, if it is running, and starts another one in its place.
  void Replace(int i) {
    servers_[i].reset();
    servers_[i] = StartOne(i);
    servers_[i]->AwaitServing();
    clients_[i] = std::make_unique<support::AuthClient>(servers_[i]->port());
  }

  const support::TestDatabase& database() const { return database_; }
  support::ServerProcess& server(int i) { return *servers_[i]; }
  support::AuthClient& client(int i = 0) { return *clients_[i % clients_.size()]; }
  int servers() const { return static_cast<int>(servers_.size()); }
  const support::KeyFiles& keys() const { return keys_; }
  // The file with the messages that were sent, as JSON lines.
  std::string MessagesFile() const { return folder_.Path("messages.jsonl"); }

 private:
  std::unique_ptr<support::ServerProcess> StartOne(int i) const {
    const std::string connection = options_.connection ? options_.connection(database_, i)
                                                       : database_.Socket(support::PgRole::kApp);
    std::vector<std::string> flags = support::DevelopmentFlags(connection, keys_, MessagesFile());
    if (!options_.reveal_codes) std::erase(flags, "--development.reveal_codes=true");
    for (const std::string& flag : options_.flags) flags.push_back(flag);
    return std::make_unique<support::ServerProcess>(std::move(flags));
  }

  const support::TestDatabase database_;
  const support::KeyFiles keys_;
  const support::TempFolder folder_;
  const Options options_;
  std::vector<std::unique_ptr<support::ServerProcess>> servers_;
  std::vector<std::unique_ptr<support::AuthClient>> clients_;
};

}  // namespace otpgate::e2e

#endif  // OTPGATE_TESTS_E2E_DEPLOYMENT_H_
