#include "tests/chaos/fleet.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/check.h"

namespace otpgate::chaos {

using support::AuthClient;
using support::ServerProcess;

Fleet::Fleet(support::PgCluster& cluster, Options options)
    : cluster_(cluster), database_(cluster), options_(std::move(options)) {
  for (int i = 0; i < size(); ++i) ports_.push_back(support::KeepPort());
  servers_.resize(options_.servers);
  clients_.resize(options_.servers);
  for (int i = 0; i < size(); ++i) Start(i);
  for (int i = 0; i < size(); ++i) OTPGATE_CHECK(clients_[i] != nullptr && AwaitServing(i));
}

Fleet::~Fleet() = default;

std::shared_ptr<support::AuthClient> Fleet::client(int i) const {
  absl::MutexLock lock(&mu_);
  return clients_[i % clients_.size()];
}

int Fleet::Stop(int i, int signal) {
  servers_[i]->Signal(signal);
  return servers_[i]->Wait();
}

void Fleet::Start(int i) {
  std::vector<std::string> flags =
      support::DevelopmentFlags(options_.connection ? options_.connection(database_)
                                                    : database_.Socket(support::PgRole::kApp),
                                keys_, MessagesFile());
  std::replace(flags.begin(), flags.end(), std::string("--listen.addresses=127.0.0.1:0"),
               absl::StrCat("--listen.addresses=127.0.0.1:", support::PortOf(ports_[i])));
  flags.emplace_back("--enable_rate_limit=false");
  flags.emplace_back("--database.health_interval=100ms");
  flags.push_back("--database.answer_timeout=" + options_.answer_timeout);
  flags.insert(flags.end(), options_.flags.begin(), options_.flags.end());
  std::string program;
  if (options_.environment) {
    std::vector<std::string> words = options_.environment(i);
    words.emplace_back(OTPGATE_SERVER_PROGRAM);
    flags.insert(flags.begin(), words.begin(), words.end());
    program = "/usr/bin/env";
  }
  servers_[i] = std::make_unique<support::ServerProcess>(std::move(flags), program);
  ASSERT_TRUE(servers_[i]->WaitForEvent("LISTENING")) << servers_[i]->Log();
  auto client = std::make_shared<support::AuthClient>(servers_[i]->port());
  absl::MutexLock lock(&mu_);
  clients_[i] = std::move(client);
}

bool Fleet::AwaitHealth(int i, absl::string_view health) const {
  const absl::Time end = absl::Now() + absl::Minutes(1);
  while (absl::Now() < end) {
    if (client(i)->Health() == health) return true;
    absl::SleepFor(absl::Milliseconds(10));
  }
  return false;
}

}  // namespace otpgate::chaos
