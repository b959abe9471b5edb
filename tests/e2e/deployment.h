#ifndef OTPGATE_TESTS_E2E_DEPLOYMENT_H_
#define OTPGATE_TESTS_E2E_DEPLOYMENT_H_

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
    std::string database = {};            // connection string; empty: the socket of `database()`
  };

  explicit Deployment(const Options& options, PgCluster& cluster = SharedPgCluster())
      : database_(cluster), options_(options) {
    for (int i = 0; i < options.servers; ++i) servers_.push_back(StartOne());
    for (const auto& server : servers_) {
      server->AwaitServing();
      clients_.push_back(std::make_unique<AuthClient>(server->port()));
    }
  }

  // Kills server i, if it still runs, and starts another one in its place.
  void Replace(int i) {
    servers_[i].reset();
    servers_[i] = StartOne();
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
  std::unique_ptr<ServerProcess> StartOne() const {
    const std::string database =
        options_.database.empty() ? database_.Socket(PgRole::kApp) : options_.database;
    std::vector<std::string> flags = DevelopmentFlags(database, keys_, MessagesFile());
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
