#include <algorithm>
#include <vector>

#include "server/backend.h"
#include "storage/memory/cleaner.h"
#include "storage/memory/database.h"
#include "storage/memory/job_leases.h"
#include "storage/memory/outbox.h"
#include "storage/memory/store.h"

namespace otpgate {
namespace {

// The key of this process alone.
class MemorySigningKeys final : public SigningKeys {
 public:
  explicit MemorySigningKeys(const Clock& clock) : clock_(clock) {}

  absl::StatusOr<SigningKeyList> List() override { return SigningKeyList{keys_, clock_.Now()}; }
  absl::StatusOr<SigningKeyList> Add(const SigningKeyRow& fresh) override {
    const auto later = std::find_if(keys_.begin(), keys_.end(), [&](const SigningKeyRow& key) {
      return key.active_from <= fresh.active_from;
    });
    const bool taken = later != keys_.end() && later->active_from == fresh.active_from;
    if (!taken) keys_.insert(later, fresh);
    return List();
  }

 private:
  const Clock& clock_;
  std::vector<SigningKeyRow> keys_;
};

class MemoryBackend final : public Backend {
 public:
  explicit MemoryBackend(const Clock& clock) : database_(clock) {}

  std::unique_ptr<Store<Subject>> MakeSubjects() override {
    return std::make_unique<MemoryStore<Subject>>(database_);
  }
  std::unique_ptr<Store<Bucket>> MakeBuckets() override {
    return std::make_unique<MemoryStore<Bucket>>(database_);
  }
  std::unique_ptr<Store<Session>> MakeSessions() override {
    return std::make_unique<MemoryStore<Session>>(database_);
  }
  std::unique_ptr<Store<User>> MakeUsers() override {
    return std::make_unique<MemoryStore<User>>(database_);
  }
  std::unique_ptr<Reader<SessionList>> MakeSessionLists() override {
    return std::make_unique<MemoryReaderOf<SessionList>>(database_);
  }
  std::unique_ptr<Reader<AccountView>> MakeAccounts() override {
    return std::make_unique<MemoryReader>(database_);
  }
  std::unique_ptr<Outbox> MakeOutbox() override {
    return std::make_unique<MemoryOutbox>(database_);
  }
  std::unique_ptr<SigningKeys> MakeSigningKeys() override {
    return std::make_unique<MemorySigningKeys>(database_.clock());
  }
  std::unique_ptr<Cleaner> MakeCleaner() override {
    return std::make_unique<MemoryCleaner>(database_);
  }
  std::unique_ptr<JobLeases> MakeJobLeases() override {
    return std::make_unique<MemoryJobLeases>(database_);
  }
  absl::Status Check() override { return absl::OkStatus(); }
  absl::Status Ping() override { return absl::OkStatus(); }

 private:
  MemoryDatabase database_;
};

}  // namespace

std::unique_ptr<Backend> MakeMemoryBackend(const Clock& clock) {
  return std::make_unique<MemoryBackend>(clock);
}

}  // namespace otpgate
