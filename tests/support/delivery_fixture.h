#ifndef OTPGATE_TESTS_SUPPORT_DELIVERY_FIXTURE_H_
#define OTPGATE_TESTS_SUPPORT_DELIVERY_FIXTURE_H_

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "server/delivery/composer.h"
#include "server/delivery/courier.h"
#include "server/delivery/sender.h"
#include "server/keys/keyring.h"
#include "storage/memory/outbox.h"
#include "storage/memory/store.h"
#include "tests/support/captured_log.h"
#include "tests/support/fake_clock.h"
#include "tests/support/seeded_random.h"

namespace otpgate::support {

// The letters that a provider received, in order. Thread-safe.
class Mailbox {
 public:
  void Put(absl::Span<const delivery::Letter> letters) {
    absl::MutexLock lock(&mu_);
    batches_.push_back(letters.size());
    letters_.insert(letters_.end(), letters.begin(), letters.end());
  }
  std::vector<delivery::Letter> Letters() const {
    absl::MutexLock lock(&mu_);
    return letters_;
  }
  std::vector<size_t> Batches() const {
    absl::MutexLock lock(&mu_);
    return batches_;
  }

 private:
  mutable absl::Mutex mu_;
  std::vector<delivery::Letter> letters_ ABSL_GUARDED_BY(mu_);
  std::vector<size_t> batches_ ABSL_GUARDED_BY(mu_);
};

// A provider with scripted behaviour; by default it accepts everything.
class FakeSender final : public delivery::Sender {
 public:
  using Behaviour = std::function<delivery::SendResult(const delivery::Letter&)>;

  FakeSender(Mailbox* mailbox, Behaviour behaviour)
      : mailbox_(mailbox), behaviour_(std::move(behaviour)) {}

  std::vector<delivery::SendResult> Send(absl::Span<const delivery::Letter> letters) override {
    mailbox_->Put(letters);
    std::vector<delivery::SendResult> results;
    for (const delivery::Letter& letter : letters) results.push_back(behaviour_(letter));
    return results;
  }
  absl::Duration SendTimeout() const override { return absl::Seconds(1); }

 private:
  Mailbox* const mailbox_;
  const Behaviour behaviour_;
};

// An outbox whose next calls fail, before or after (`done`) their work.
class FaultyOutbox final : public storage::Outbox {
 public:
  struct Fault {
    absl::StatusCode code = absl::StatusCode::kUnavailable;
    bool done = false;
  };

  FaultyOutbox(storage::memory::MemoryDatabase& database, std::vector<Fault>* faults)
      : inner_(database), faults_(faults) {}

  absl::StatusOr<storage::OutboxTurn> Turn(
      absl::Span<const storage::DeliveryResult> completions,
      absl::Span<const storage::MessageKey> new_messages) override {
    return Disturb([&] { return inner_.Turn(completions, new_messages); });
  }
  absl::StatusOr<storage::OutboxBatch> Claim(int limit, absl::Duration lease) override {
    return Disturb([&] { return inner_.Claim(limit, lease); });
  }

 private:
  template <class Call>
  auto Disturb(Call call) -> decltype(call()) {
    if (faults_->empty()) return call();
    const Fault fault = faults_->front();
    faults_->erase(faults_->begin());
    const bool worked = !fault.done || call().ok();
    EXPECT_TRUE(worked);
    return absl::Status(fault.code, "injected");
  }

  storage::memory::MemoryOutbox inner_;
  std::vector<Fault>* const faults_;
};

// A database in memory, requests that put messages into it, and servers with a courier each. The
// destructor expects no log line with a code or an identifier (N1).
class DeliveryTest : public ::testing::Test {
 protected:
  static constexpr absl::Duration kCodeLife = absl::Minutes(5);

  ~DeliveryTest() override;

  // Commits a request for a code to "+1555100000n", or to an e-mail address.
  storage::MessageKey Request(int n, storage::Channel channel = storage::Channel::kSms);
  static std::string CodeOf(int n);

  struct Server {
    std::vector<FaultyOutbox::Fault> faults;
    std::unique_ptr<delivery::Courier> courier;
  };
  std::unique_ptr<Server> NewServer(const FakeSender::Behaviour& behaviour = TakeAll);
  static delivery::SendResult TakeAll(const delivery::Letter&) { return {}; }

  storage::memory::OutboxRow Row(const storage::MessageKey& key);
  std::vector<std::string> Received() const;  // the codes, in order

  FakeClock clock_;
  SeededRandom random_{1};
  CapturedLog captured_;
  Log log_{&captured_, &clock_};
  storage::memory::MemoryDatabase database_{clock_};
  storage::memory::MemoryStore<storage::Subject> store_{database_};
  const keys::Keyring keys_ = *keys::Keyring::Parse(keys::KeyFile::NewText(random_, "k1"));
  const delivery::MessageSealer sealer_{keys_, &random_};
  const delivery::Composer composer_{&sealer_,
                                     *delivery::Templates::Create({"Example", "example.com"})};
  Mailbox mailbox_;
  delivery::Courier::Options options_;
  std::vector<std::string> secrets_;  // codes and identifiers in use
};

}  // namespace otpgate::support

#endif  // OTPGATE_TESTS_SUPPORT_DELIVERY_FIXTURE_H_
