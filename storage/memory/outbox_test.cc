#include "storage/memory/outbox.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "storage/conformance/outbox_fixture.h"
#include "storage/memory/store.h"
#include "tests/support/fake_clock.h"

namespace otpgate::storage::memory {
namespace {

using conformance::OutboxContract;

const char* NameOf(OutboxState state) {
  switch (state) {
    case OutboxState::kPending:
      return "pending";
    case OutboxState::kSent:
      return "sent";
    case OutboxState::kDropped:
      return "dropped";
    case OutboxState::kFailed:
      return "failed";
    case OutboxState::kSuppressed:
      return "suppressed";
  }
  return "";
}

class MemoryOutboxWorld final : public conformance::OutboxWorld {
 public:
  std::unique_ptr<Outbox> NewOutbox() override { return std::make_unique<MemoryOutbox>(database_); }
  Store<Subject>& store() override { return store_; }
  void Advance(absl::Duration by) override { clock_.Advance(by); }
  void DeleteCode(const SubjectKey& subject, CodeTable table, Purpose purpose) override {
    ASSERT_TRUE(database_.DeleteCode(subject, table, purpose));
  }
  std::vector<conformance::StoredMessage> Messages() override {
    std::vector<conformance::StoredMessage> messages;
    for (const OutboxRow& row : database_.Messages()) {
      messages.push_back({.key = {row.subject.identifier, row.message.id},
                          .state = NameOf(row.state),
                          .has_payload = !row.message.sealed.empty(),
                          .generation = row.generation,
                          .finished = row.finished_at.has_value(),
                          .reason = row.reason,
                          .provider_id = row.provider_id});
    }
    return messages;
  }

 private:
  support::FakeClock clock_;
  MemoryDatabase database_{clock_};
  MemoryStore<Subject> store_{database_};
};

INSTANTIATE_TEST_SUITE_P(Memory, OutboxContract,
                         ::testing::Values(conformance::OutboxWorldKind{
                             "Memory", [] { return std::make_unique<MemoryOutboxWorld>(); }}),
                         conformance::NameOfWorld);

}  // namespace
}  // namespace otpgate::storage::memory
