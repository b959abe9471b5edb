#include "server/engine/engine.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/barrier.h"
#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "server/domain/subject_rules.h"
#include "storage/conformance/faulty_store.h"
#include "storage/memory/store.h"
#include "tests/support/fake_clock.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"
#include "tests/support/subject_world.h"
#include "tests/support/trials.h"

namespace otpgate::engine {
namespace {

using storage::conformance::FaultPlan;
using storage::conformance::FaultyStore;
using storage::conformance::ScriptedFaults;
using storage::conformance::SeededFaults;
using support::StatusIs;
using support::Trials;

constexpr char kRight[] = "111111";

// Runs any number of servers on one database and counts their answers.
class EngineTest : public ::testing::Test {
 protected:
  EngineTest()
      : rules_(Unlimited(), [](const storage::SubjectKey&, const storage::Code& code,
                               absl::string_view guess) { return code.mac == Mac(guess); }) {}

  static domain::OtpPolicy Unlimited() {
    domain::OtpPolicy policy;
    policy.limits_enabled = false;
    return policy;
  }
  static std::string Mac(absl::string_view guess) {
    return std::string(26, 'm') + std::string(guess);
  }

  std::unique_ptr<Engine<domain::SubjectRules>> NewServer(
      storage::conformance::FaultPlan* faults = nullptr, QueueLimits limits = {}) {
    return std::make_unique<Engine<domain::SubjectRules>>(
        2, limits, clock_,
        [this, faults](const Pause&) -> std::unique_ptr<Runner<domain::SubjectRules>> {
          std::unique_ptr<storage::Store<storage::Subject>> store =
              std::make_unique<storage::memory::MemoryStore<storage::Subject>>(database_);
          if (faults != nullptr) {
            store = std::make_unique<storage::conformance::FaultyStore<storage::Subject>>(
                std::move(store), *faults);
          }
          return std::make_unique<WriteRunner<domain::SubjectRules>>(
              rules_, std::move(store), clock_, random_, [](absl::Duration) {},
              [](const BatchReport&) {});
        });
  }

  template <class Tag>
  Id<Tag> New() {
    return NewId<Tag>(clock_.Now(), random_);
  }
  domain::Origin NewOrigin() {
    domain::Origin origin;
    origin.caller = "app";
    origin.audit_id = New<AuditTag>();
    return origin;
  }
  domain::RequestOtp Request(const storage::SubjectKey& subject, const OtpId& id) {
    domain::RequestOtp command;
    command.subject = subject;
    command.otp_id = id;
    command.code = {
        .mac = Mac(kRight), .key_id = "p1", .message_id = New<MessageTag>(), .sealed = "sealed"};
    command.origin = NewOrigin();
    return command;
  }
  domain::VerifyOtp Verify(const storage::SubjectKey& subject, const OtpId& id,
                           absl::string_view guess) {
    domain::VerifyOtp command;
    command.subject = subject;
    command.otp_id = id;
    command.guess = std::string(guess);
    command.new_user_id = New<UserTag>();
    command.session_id = New<SessionTag>();
    command.refresh_key_id = "r1";
    command.origin = NewOrigin();
    return command;
  }
  static storage::SubjectKey SubjectNumber(int64_t n) {
    return {absl::StrCat("+1415", absl::Dec(n, absl::kZeroPad7)), storage::UserType::kLive};
  }

  absl::StatusOr<domain::SubjectReply> Run(Engine<domain::SubjectRules>& server,
                                           domain::SubjectCommand command) {
    absl::Notification done;
    absl::StatusOr<domain::SubjectReply> answer;
    server.Submit({.command = std::move(command),
                   .answer =
                       [&](absl::StatusOr<domain::SubjectReply> reply) {
                         answer = std::move(reply);
                         done.Notify();
                       },
                   .cancellation = {}});
    done.WaitForNotification();
    return answer;
  }
  // Submits `count` commands made by `make(i)`, spread over all servers, all at once.
  template <class Make>
  std::vector<absl::StatusOr<domain::SubjectReply>> Contend(
      const std::vector<Engine<domain::SubjectRules>*>& servers, int count, Make make) {
    std::vector<absl::StatusOr<domain::SubjectReply>> answers(count);
    absl::BlockingCounter done(count);
    for (int i = 0; i < count; ++i) {
      servers[i % servers.size()]->Submit({.command = make(i),
                                           .answer =
                                               [&, i](absl::StatusOr<domain::SubjectReply> reply) {
                                                 answers[i] = std::move(reply);
                                                 done.DecrementCount();
                                               },
                                           .cancellation = {}});
    }
    done.Wait();
    return answers;
  }
  storage::Row<storage::Subject> RowOf(const storage::SubjectKey& subject) {
    storage::memory::MemoryStore<storage::Subject> store(database_);
    return store.Load({{.key = subject, .account = true, .requests = {}}})->rows[0];
  }

  support::FakeClock clock_;
  support::SeededRandom random_{7};
  storage::memory::MemoryDatabase database_{clock_};
  domain::SubjectRules rules_;
};

TEST_F(EngineTest, B2_ContendedRightCodesOpenExactlyOneSession) {
  auto a = NewServer(), b = NewServer();
  const int64_t subjects = support::Trials(300);
  for (int64_t n = 0; n < subjects; ++n) {
    const storage::SubjectKey subject = SubjectNumber(n);
    const OtpId id = New<OtpTag>();
    ASSERT_TRUE(Run(*a, Request(subject, id))->ok());
    const auto answers =
        Contend({a.get(), b.get()}, 16, [&](int) { return Verify(subject, id, kRight); });
    int ok = 0;
    for (const auto& answer : answers) ok += answer.ok() && answer->ok() ? 1 : 0;
    ASSERT_EQ(ok, 1);
  }
  EXPECT_EQ(database_.Sessions().size(), static_cast<size_t>(subjects));
}

TEST_F(EngineTest, B4_ContendedWrongGuessesAreCountedExactly) {
  auto a = NewServer(), b = NewServer();
  for (int64_t n = 0; n < support::Trials(200); ++n) {
    const storage::SubjectKey subject = SubjectNumber(n);
    const OtpId id = New<OtpTag>();
    ASSERT_TRUE(Run(*a, Request(subject, id))->ok());
    const auto answers =
        Contend({a.get(), b.get()}, 40, [&](int) { return Verify(subject, id, "222222"); });
    int evaluated = 0;
    for (const auto& answer : answers) {
      evaluated += answer.ok() && answer->event ? 1 : 0;
    }
    EXPECT_EQ(evaluated, RowOf(subject).state.failures);
    EXPECT_LE(evaluated, 5);
    EXPECT_FALSE(Run(*b, Verify(subject, id, kRight))->ok() && evaluated == 5);
  }
}

TEST_F(EngineTest, G3_ConcurrentSameRequestIdHasOneEffect) {
  auto a = NewServer(), b = NewServer();
  for (int64_t n = 0; n < support::Trials(200); ++n) {
    const storage::SubjectKey subject = SubjectNumber(n);
    const auto answers = Contend({a.get(), b.get()}, 16, [&](int) {
      domain::RequestOtp command = Request(subject, New<OtpTag>());
      command.origin.request =
          domain::Origin::Request{.key = {"app", "RequestOtp", std::string(16, 'r')},
                                  .fingerprints = {std::string(36, 'f')}};
      return command;
    });
    OtpId issued;
    for (const auto& answer : answers) {
      if (!answer.ok()) continue;  // ABORTED after five lost rounds is allowed
      if (issued.empty()) issued = answer->otp_id;
      EXPECT_EQ(answer->otp_id, issued);
    }
    EXPECT_EQ(RowOf(subject).state.recent_sends.size(), 1u);
  }
}

// Whatever the store does, a caller that retries with its request_id gets one effect and, in the
// end, one answer.
TEST_F(EngineTest, G1_RetriesOverFaultsHaveOneEffectAndOneAnswer) {
  storage::conformance::SeededFaults faults(11, 0.3);
  auto a = NewServer(&faults), b = NewServer(&faults);
  for (int64_t n = 0; n < support::Trials(500); ++n) {
    const storage::SubjectKey subject = SubjectNumber(n);
    const std::string request_id = absl::StrCat("request-", absl::Dec(n, absl::kZeroPad8));
    const auto retry = [&](auto make) {
      for (int i = 0; i < 100; ++i) {
        auto command = make();
        command.origin.request =
            domain::Origin::Request{.key = {"app", "method", request_id + std::string(1, 'x')},
                                    .fingerprints = {std::string(36, 'f')}};
        command.origin.request->key.request_id.resize(16);
        command.origin.request->key.method =
            std::is_same_v<decltype(command), domain::RequestOtp> ? "R" : "V";
        absl::StatusOr<domain::SubjectReply> answer = Run(i % 2 == 0 ? *a : *b, command);
        if (answer.ok()) return *answer;
        clock_.Advance(absl::Seconds(2));  // past the parking of a key
      }
      ADD_FAILURE() << "no answer";
      return domain::SubjectReply();
    };
    const domain::SubjectReply issued = retry([&] { return Request(subject, New<OtpTag>()); });
    ASSERT_TRUE(issued.ok());
    const domain::SubjectReply opened =
        retry([&] { return Verify(subject, issued.otp_id, kRight); });
    ASSERT_TRUE(opened.ok()) << errors::ReasonName(opened.reason);
    const storage::Row<storage::Subject> row = RowOf(subject);
    EXPECT_EQ(row.state.recent_sends.size(), 1u);
    EXPECT_EQ(row.state.user_id, opened.account->id);
    EXPECT_EQ(database_.Sessions().size(), static_cast<size_t>(n + 1));
  }
  EXPECT_EQ(database_.AuditEvents().size(), 2 * database_.Sessions().size());
}

TEST_F(EngineTest, B7_EveryAnsweredGuessIsCountedWhateverTheStoreDoes) {
  storage::conformance::SeededFaults faults(13, 0.3);
  auto a = NewServer(&faults), b = NewServer(&faults);
  int64_t answered = 0, unknown = 0, failures = 0;
  for (int64_t n = 0; n < support::Trials(300); ++n) {
    const storage::SubjectKey subject = SubjectNumber(n);
    storage::memory::MemoryStore<storage::Subject> direct(database_);
    OtpId id = New<OtpTag>();
    while (!Run(*a, Request(subject, id)).ok()) {
      id = New<OtpTag>();
      clock_.Advance(absl::Seconds(2));
    }
    id = RowOf(subject).state.codes[0].id;
    for (int i = 0; i < 4; ++i) {
      const auto reply = Run(i % 2 == 0 ? *a : *b, Verify(subject, id, "222222"));
      if (reply.ok() && reply->event) ++answered;
      if (absl::IsUnknown(reply.status())) ++unknown;
      if (!reply.ok()) clock_.Advance(absl::Seconds(2));  // past the parking of a key
    }
    failures += RowOf(subject).state.failures;
  }
  EXPECT_GE(failures, answered);
  EXPECT_LE(failures, answered + unknown);
  EXPECT_GT(answered, 500);
}

TEST_F(EngineTest, LateExpiryIsDecidedAnew) {
  auto server = NewServer();
  const storage::SubjectKey subject = SubjectNumber(1);
  const OtpId id = New<OtpTag>();
  ASSERT_TRUE(Run(*server, Request(subject, id))->ok());
  // The store says once that the decision came too late, as after a wait for a lock; by then the
  // code has expired.
  class Late final : public storage::conformance::FaultPlan {
   public:
    explicit Late(support::FakeClock* clock) : clock_(clock) {}
    storage::conformance::Fault NextLoad() override { return storage::conformance::Fault::kNone; }
    storage::conformance::Fault NextWrite() override {
      clock_->Advance(absl::Minutes(5));
      return storage::conformance::Fault::kFailedPrecondition;
    }

   private:
    support::FakeClock* const clock_;
  } late(&clock_);
  auto slow = NewServer(&late);
  EXPECT_EQ(Run(*slow, Verify(subject, id, kRight))->reason, errors::Reason::kOtpInvalid);
  EXPECT_TRUE(database_.Sessions().empty());
}

TEST_F(EngineTest, CancelledAndExpiredCommandsAreNotEvaluated) {
  auto server = NewServer();
  absl::BlockingCounter done(2);
  std::vector<absl::Status> answers(2);
  auto cancelled = std::make_shared<std::atomic<bool>>(true);
  const storage::SubjectKey subject = SubjectNumber(1);
  for (int i = 0; i < 2; ++i) {
    Pending<domain::SubjectRules> pending{.command = Request(subject, New<OtpTag>()),
                                          .answer =
                                              [&, i](absl::StatusOr<domain::SubjectReply> reply) {
                                                answers[i] = reply.status();
                                                done.DecrementCount();
                                              },
                                          .cancellation = {}};
    if (i == 0) pending.cancellation.cancelled = cancelled;
    if (i == 1) pending.cancellation.deadline = clock_.Steady();
    server->Submit(std::move(pending));
  }
  done.Wait();
  EXPECT_THAT(answers[0], support::StatusIs(absl::StatusCode::kCancelled));
  EXPECT_THAT(answers[1], support::StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_EQ(RowOf(subject).version, 0);
}

// A store whose first load blocks until the test opens the gate.
class GatedStore final : public storage::Store<storage::Subject> {
 public:
  GatedStore(storage::memory::MemoryDatabase& database, absl::Notification* entered,
             absl::Notification* gate)
      : inner_(database), entered_(entered), gate_(gate) {}
  absl::StatusOr<storage::Loaded<storage::Subject>> Load(
      absl::Span<const storage::SubjectAsk> asks) override {
    if (!entered_->HasBeenNotified()) entered_->Notify();
    gate_->WaitForNotification();
    sizes.push_back(asks.size());
    return inner_.Load(asks);
  }
  absl::StatusOr<Won> Write(absl::Span<const storage::Change<storage::Subject>> changes,
                            absl::Time valid_until) override {
    return inner_.Write(changes, valid_until);
  }
  std::vector<size_t> sizes;

 private:
  storage::memory::MemoryStore<storage::Subject> inner_;
  absl::Notification* const entered_;
  absl::Notification* const gate_;
};

TEST_F(EngineTest, FullQueueAndFullKeyAreRefusedAtOnceAndWhatWaitsTravelsTogether) {
  absl::Notification entered, gate;
  GatedStore* gated = nullptr;
  Engine<domain::SubjectRules> server(
      1, {.capacity = 100, .per_key = 64, .batch = 256}, clock_,
      [&](const Pause&) -> std::unique_ptr<Runner<domain::SubjectRules>> {
        auto store = std::make_unique<GatedStore>(database_, &entered, &gate);
        gated = store.get();
        return std::make_unique<WriteRunner<domain::SubjectRules>>(
            rules_, std::move(store), clock_, random_, [](absl::Duration) {},
            [](const BatchReport&) {});
      });
  std::atomic<int> answered = 0, refused = 0;
  const auto submit = [&](const storage::SubjectKey& subject) {
    server.Submit({.command = Request(subject, New<OtpTag>()),
                   .answer =
                       [&](absl::StatusOr<domain::SubjectReply> reply) {
                         ++answered;
                         if (absl::IsResourceExhausted(reply.status())) ++refused;
                       },
                   .cancellation = {}});
  };
  submit(SubjectNumber(0));
  entered.WaitForNotification();
  for (int i = 0; i < 70; ++i) submit(SubjectNumber(1));
  EXPECT_EQ(refused, 6);  // 64 of one key may wait
  for (int i = 0; i < 40; ++i) submit(SubjectNumber(100 + i));
  EXPECT_EQ(refused, 10);  // 100 in all may wait
  gate.Notify();
  server.Stop();
  EXPECT_EQ(answered, 111);
  EXPECT_EQ(gated->sizes, (std::vector<size_t>{1, 37}));
}

TEST_F(EngineTest, StopAnswersEverythingThatWaits) {
  auto server = NewServer();
  std::atomic<int> answered = 0;
  for (int i = 0; i < 500; ++i) {
    server->Submit({.command = Request(SubjectNumber(i), New<OtpTag>()),
                    .answer = [&](absl::StatusOr<domain::SubjectReply>) { ++answered; },
                    .cancellation = {}});
  }
  server->Stop();
  EXPECT_EQ(answered, 500);
  EXPECT_THAT(Run(*server, Request(SubjectNumber(1), New<OtpTag>())),
              support::StatusIs(absl::StatusCode::kResourceExhausted));
}

TEST_F(EngineTest, ParkedKeyIsRefusedForTwoSecondsAndTheOthersGoOn) {
  storage::conformance::ScriptedFaults faults;
  auto server = NewServer(&faults);
  const storage::SubjectKey stuck = SubjectNumber(1);
  faults.OnWrites({storage::conformance::Fault::kDeadlineExceeded});
  EXPECT_THAT(Run(*server, Request(stuck, New<OtpTag>())),
              support::StatusIs(absl::StatusCode::kAborted));
  EXPECT_THAT(Run(*server, Request(stuck, New<OtpTag>())),
              support::StatusIs(absl::StatusCode::kAborted));
  EXPECT_OK(Run(*server, Request(SubjectNumber(2), New<OtpTag>())));
  clock_.Advance(absl::Seconds(2));
  EXPECT_OK(Run(*server, Request(stuck, New<OtpTag>())));
}

}  // namespace
}  // namespace otpgate::engine
