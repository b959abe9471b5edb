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

namespace otpgate::testing {

// Servers that share one database and one set of keys.
class Deployment {
 public:
  struct Options {
    int servers = 2;
    std::vector<std::string> flags = {};  // on top of, and before, DevelopmentFlags
    // Runs on the database before the servers start, e.g. to set something.
    std::function<void(const TestDatabase&)> prepare = {};
    // Gives the connection string of a server; by default the socket of the database.
    std::function<std::string(const TestDatabase&, int server)> connection = {};
  };

  explicit Deployment(Options options, PgCluster& cluster = SharedPgCluster())
      : database_(cluster), options_(std::move(options)) {
    if (options_.prepare) options_.prepare(database_);
    for (int i = 0; i < options_.servers; ++i) servers_.push_back(StartOne(i));
    for (const auto& server : servers_) {
      server->AwaitServing();
      clients_.push_back(std::make_unique<AuthClient>(server->port()));
    }
  }

  // Kills server i, if it still runs, and starts another one in its place.
  void Replace(int i) {
    servers_[i].reset();
    servers_[i] = StartOne(i);
    servers_[i]->AwaitServing();
    clients_[i] = std::make_unique<AuthClient>(servers_[i]->port());
  }

  const TestDatabase& database() const { return database_; }
  ServerProcess& server(int i) { return *servers_[i]; }
  AuthClient& client(int i = 0) { return *clients_[i % clients_.size()]; }
  int servers() const { return static_cast<int>(servers_.size()); }
  const KeyFiles& keys() const { return keys_; }
  // What left through the file sender, as JSON lines.
  std::string MessagesFile() const { return folder_.Path("messages.jsonl"); }

 private:
  std::unique_ptr<ServerProcess> StartOne(int i) const {
    const std::string connection =
        options_.connection ? options_.connection(database_, i) : database_.Socket(PgRole::kApp);
    std::vector<std::string> flags = DevelopmentFlags(connection, keys_, MessagesFile());
    for (const std::string& flag : options_.flags) flags.push_back(flag);
    return std::make_unique<ServerProcess>(std::move(flags));
  }

  const TestDatabase database_;
  const KeyFiles keys_;
  const TempFolder folder_;
  const Options options_;
  std::vector<std::unique_ptr<ServerProcess>> servers_;
  std::vector<std::unique_ptr<AuthClient>> clients_;
};

}  // namespace otpgate::testing

#endif  // OTPGATE_TESTS_E2E_DEPLOYMENT_H_
