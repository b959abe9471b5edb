#include <gtest/gtest.h>

#include <memory>

#include "storage/conformance/cleanup_fixture.h"
#include "storage/memory/cleaner.h"
#include "storage/memory/job_leases.h"
#include "storage/memory/outbox.h"
#include "storage/memory/store.h"
#include "tests/support/fake_clock.h"

namespace otpgate::storage::memory {
namespace {

using conformance::CleanupContract;

class MemoryCleanupWorld final : public conformance::CleanupWorld {
 public:
  std::unique_ptr<Store<Subject>> NewSubjects() override {
    return std::make_unique<MemoryStore<Subject>>(database_);
  }
  std::unique_ptr<Store<Bucket>> NewBuckets() override {
    return std::make_unique<MemoryStore<Bucket>>(database_);
  }
  std::unique_ptr<Store<Session>> NewSessions() override {
    return std::make_unique<MemoryStore<Session>>(database_);
  }
  std::unique_ptr<Outbox> NewOutbox() override { return std::make_unique<MemoryOutbox>(database_); }
  std::unique_ptr<Cleaner> NewCleaner() override {
    return std::make_unique<MemoryCleaner>(database_);
  }
  std::unique_ptr<JobLeases> NewJobLeases() override {
    return std::make_unique<MemoryJobLeases>(database_);
  }

  void Advance(absl::Duration by) override { clock_.Advance(by); }
  int64_t CountRows(const std::string& table) override {
    return database_.With([&](Tables& tables) -> int64_t {
      if (table == "subjects") return static_cast<int64_t>(tables.subjects.size());
      if (table == "users") return static_cast<int64_t>(tables.users.size());
      if (table == "identities") return static_cast<int64_t>(tables.identities.size());
      if (table == "sessions") return static_cast<int64_t>(tables.sessions.size());
      if (table == "requests") return static_cast<int64_t>(tables.requests.size());
      if (table == "limits") return static_cast<int64_t>(tables.limits.size());
      if (table == "outbox") return static_cast<int64_t>(tables.outbox.size());
      if (table == "audit_events") return static_cast<int64_t>(tables.audit.size());
      int64_t codes = 0;
      for (const auto& [key, code] : tables.codes) {
        codes += (code.table == CodeTable::kSignupOtps) == (table == "signup_otps") ? 1 : 0;
      }
      return codes;
    });
  }

 private:
  support::FakeClock clock_;
  MemoryDatabase database_{clock_};
};

INSTANTIATE_TEST_SUITE_P(Memory, CleanupContract,
                         ::testing::Values(conformance::CleanupWorldKind{
                             "Memory", [] { return std::make_unique<MemoryCleanupWorld>(); }}),
                         conformance::NameOfCleanupWorld);

}  // namespace
}  // namespace otpgate::storage::memory
