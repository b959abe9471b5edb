#include <algorithm>
#include <vector>

#include "server/app/backend.h"
#include "storage/memory/cleaner.h"
#include "storage/memory/database.h"
#include "storage/memory/job_leases.h"
#include "storage/memory/outbox.h"
#include "storage/memory/store.h"

namespace otpgate::app {
namespace {

// The signing keys of this process alone, newest first. One thread.
class MemorySigningKeys final : public storage::SigningKeys {
 public:
  explicit MemorySigningKeys(const Clock& clock) : clock_(clock) {}

  absl::StatusOr<storage::SigningKeyList> List() override {
    return storage::SigningKeyList{keys_, clock_.Now()};
  }
  absl::StatusOr<storage::SigningKeyList> Add(const storage::SigningKeyRow& fresh) override {
    const auto place = std::find_if(
        keys_.begin(), keys_.end(),
        [&](const storage::SigningKeyRow& key) { return key.active_from <= fresh.active_from; });
    const bool taken = place != keys_.end() && place->active_from == fresh.active_from;
    if (!taken) keys_.insert(place, fresh);
    return List();
  }

 private:
  const Clock& clock_;
  std::vector<storage::SigningKeyRow> keys_;
};

class MemoryBackend final : public Backend {
 public:
  explicit MemoryBackend(const Clock& clock) : database_(clock) {}

  std::unique_ptr<storage::Store<storage::Subject>> MakeSubjects() override {
    return std::make_unique<storage::memory::MemoryStore<storage::Subject>>(database_);
  }
  std::unique_ptr<storage::Store<storage::Bucket>> MakeBuckets() override {
    return std::make_unique<storage::memory::MemoryStore<storage::Bucket>>(database_);
  }
  std::unique_ptr<storage::Store<storage::Session>> MakeSessions() override {
    return std::make_unique<storage::memory::MemoryStore<storage::Session>>(database_);
  }
  std::unique_ptr<storage::Store<storage::User>> MakeUsers() override {
    return std::make_unique<storage::memory::MemoryStore<storage::User>>(database_);
  }
  std::unique_ptr<storage::Reader<storage::SessionList>> MakeSessionLists() override {
    return std::make_unique<storage::memory::MemoryReaderOf<storage::SessionList>>(database_);
  }
  std::unique_ptr<storage::Reader<storage::AccountView>> MakeAccounts() override {
    return std::make_unique<storage::memory::MemoryReader>(database_);
  }
  std::unique_ptr<storage::Outbox> MakeOutbox() override {
    return std::make_unique<storage::memory::MemoryOutbox>(database_);
  }
  std::unique_ptr<storage::SigningKeys> MakeSigningKeys() override {
    return std::make_unique<MemorySigningKeys>(database_.clock());
  }
  std::unique_ptr<storage::Cleaner> MakeCleaner() override {
    return std::make_unique<storage::memory::MemoryCleaner>(database_);
  }
  std::unique_ptr<storage::JobLeases> MakeJobLeases() override {
    return std::make_unique<storage::memory::MemoryJobLeases>(database_);
  }
  absl::Status Check() override { return absl::OkStatus(); }
  absl::Status Ping() override { return absl::OkStatus(); }

 private:
  storage::memory::MemoryDatabase database_;
};

}  // namespace

std::unique_ptr<Backend> MakeMemoryBackend(const Clock& clock) {
  return std::make_unique<MemoryBackend>(clock);
}

}  // namespace otpgate::app
