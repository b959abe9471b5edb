#ifndef OTPGATE_STORAGE_CONFORMANCE_OUTBOX_FIXTURE_H_
#define OTPGATE_STORAGE_CONFORMANCE_OUTBOX_FIXTURE_H_

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "storage/conformance/outbox_world.h"
#include "storage/outbox.h"
#include "storage/storage.h"
#include "tests/support/seeded_random.h"

namespace otpgate::storage::conformance {

inline constexpr absl::Duration kCodeLife = absl::Minutes(5);
inline constexpr absl::Duration kLease = absl::Seconds(30);
// Longer than any test step takes in real time.
inline constexpr absl::Duration kMargin = absl::Seconds(2);

// A code and its message, as RequestOtp writes them.
struct Issue {
  SubjectKey subject;
  CodeTable table = CodeTable::kSignupOtps;
  Purpose purpose = Purpose::kLogin;
  Channel channel = Channel::kSms;
  absl::Duration life = kCodeLife;
  bool suppressed = false;
};

struct Issued {
  Issue issue;
  Code code;
  Message message;
  MessageKey key() const { return {issue.subject.identifier, message.id}; }
};

// The contract of storage/outbox.h, for every kind of outbox:
//
//   otpgate_test(x_outbox_test SOURCES <the outbox_*_contract.cc> x_outbox_test.cc ...)
//   INSTANTIATE_TEST_SUITE_P(X, OutboxContract, ::testing::Values(...), NameOfWorld);
class OutboxContract : public ::testing::TestWithParam<OutboxWorldKind> {
 protected:
  OutboxContract();

  // Writes a code and its message in one transaction, as RequestOtp does.
  Issued Insert(const Issue& issue);
  Issued InsertLogin(int n);
  // Edits the code of a message that was inserted.
  void Rewrite(const Issued& issued, const std::function<void(Code&)>& edit);
  // Insert, and then Rewrite; a null `rewrite` removes the code.
  Issued InsertSpoiled(const Issue& issue, const std::function<void(Code&)>& rewrite);
  // Changes the subject in one guarded write.
  void Edit(const SubjectKey& subject, const std::function<void(Change<Subject>&)>& edit);

  OutboxTurn Take(const Issued& issued) { return Turn({}, {issued.key()}); }
  OutboxTurn Turn(const std::vector<DeliveryResult>& results,
                  const std::vector<MessageKey>& new_messages);
  OutboxBatch Claim(int limit = 100);
  bool Complete(Outbox& outbox, const DeliveryResult& result);
  StoredMessage Stored(const MessageKey& key);
  // Expects that `batch` has only this message, dropped, and that its row is finished.
  void ExpectDropped(const OutboxBatch& batch, const Issued& issued, DropReason reason);

  support::SeededRandom random_{1};
  const std::unique_ptr<OutboxWorld> world_;
  const std::unique_ptr<Outbox> outbox_;
  const std::unique_ptr<Outbox> other_;  // of another server
};

DeliveryResult Sent(const OutgoingMessage& message, std::string provider_id = "");
DeliveryResult Failed(const OutgoingMessage& message, std::string why);
DeliveryResult Retry(const OutgoingMessage& message, absl::Duration delay);

std::vector<MessageKey> KeysOf(const std::vector<OutgoingMessage>& messages);

inline std::string NameOfWorld(const ::testing::TestParamInfo<OutboxWorldKind>& info) {
  return info.param.name;
}

}  // namespace otpgate::storage::conformance

#endif  // OTPGATE_STORAGE_CONFORMANCE_OUTBOX_FIXTURE_H_
