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

namespace otpgate::testing {

inline constexpr absl::Duration kCodeLife = absl::Minutes(5);
inline constexpr absl::Duration kLease = absl::Seconds(30);
// Longer than any test step takes in real time.
inline constexpr absl::Duration kMargin = absl::Seconds(2);

// A code and its message, as a request leaves them behind.
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

  // Writes a code and its message in one transaction, as requests do.
  Issued Born(const Issue& issue);
  Issued BornLogin(int n);
  // Writes another state of the code over the one that is there.
  void Rewrite(const Issued& issued, const std::function<void(Code&)>& edit);
  // Born, and then its code rewritten; removed without `rewrite`.
  Issued BornSpoiled(const Issue& issue, const std::function<void(Code&)>& rewrite);
  // Changes the subject in one guarded write.
  void Edit(const SubjectKey& subject, const std::function<void(Change<Subject>&)>& edit);

  OutboxTurn Take(const Issued& issued) { return Turn({}, {issued.key()}); }
  OutboxTurn Turn(const std::vector<Completion>& completions, const std::vector<MessageKey>& born);
  OutboxBatch Claim(int limit = 100);
  bool Complete(Outbox& outbox, const Completion& completion);
  StoredMessage Stored(const MessageKey& key);
  // `batch` is this message alone, dropped, and its row is finished.
  void ExpectDropped(const OutboxBatch& batch, const Issued& issued, DropReason reason);

  SeededRandom random_{1};
  const std::unique_ptr<OutboxWorld> world_;
  const std::unique_ptr<Outbox> outbox_;
  const std::unique_ptr<Outbox> other_;  // of another server
};

Completion Sent(const OutgoingMessage& message, std::string provider_id = "");
Completion Failed(const OutgoingMessage& message, std::string why);
Completion Retry(const OutgoingMessage& message, absl::Duration delay);

std::vector<MessageKey> KeysOf(const std::vector<OutgoingMessage>& messages);

inline std::string NameOfWorld(const ::testing::TestParamInfo<OutboxWorldKind>& info) {
  return info.param.name;
}

}  // namespace otpgate::testing

#endif  // OTPGATE_STORAGE_CONFORMANCE_OUTBOX_FIXTURE_H_
