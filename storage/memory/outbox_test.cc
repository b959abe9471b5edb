#include "storage/memory/outbox.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "storage/conformance/outbox_fixture.h"
#include "storage/memory/store.h"
#include "tests/support/fake_clock.h"

namespace otpgate::testing {
namespace {

const char* NameOf(memory::OutboxState state) {
  switch (state) {
    case memory::OutboxState::kPending:
      return "pending";
    case memory::OutboxState::kSent:
      return "sent";
    case memory::OutboxState::kDropped:
      return "dropped";
    case memory::OutboxState::kFailed:
      return "failed";
    case memory::OutboxState::kSuppressed:
      return "suppressed";
  }
  return "";
}

class MemoryOutboxWorld final : public OutboxWorld {
 public:
  std::unique_ptr<Outbox> NewOutbox() override { return std::make_unique<MemoryOutbox>(database_); }
  Store<Subject>& store() override { return store_; }
  void Advance(absl::Duration by) override { clock_.Advance(by); }
  void DeleteCode(const SubjectKey& subject, CodeTable table, Purpose purpose) override {
    ASSERT_TRUE(database_.DeleteCode(subject, table, purpose));
  }
  std::vector<StoredMessage> Messages() override {
    std::vector<StoredMessage> messages;
    for (const memory::OutboxRow& row : database_.Messages()) {
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
  FakeClock clock_;
  MemoryDatabase database_{clock_};
  MemoryStore<Subject> store_{database_};
};

INSTANTIATE_TEST_SUITE_P(Memory, OutboxContract,
                         ::testing::Values(OutboxWorldKind{
                             "Memory", [] { return std::make_unique<MemoryOutboxWorld>(); }}),
                         NameOfWorld);

}  // namespace
}  // namespace otpgate::testing
