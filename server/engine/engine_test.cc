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

namespace otpgate {
namespace {

using testing::FaultPlan;
using testing::FaultyStore;
using testing::ScriptedFaults;
using testing::SeededFaults;
using testing::StatusIs;
using testing::Trials;

constexpr char kRight[] = "111111";

// Any number of servers on one database, their answers counted.
class EngineTest : public ::testing::Test {
 protected:
  EngineTest()
      : rules_(Unlimited(), [](const SubjectKey&, const Code& code, absl::string_view guess) {
          return code.mac == Mac(guess);
        }) {}

  static OtpPolicy Unlimited() {
    OtpPolicy policy;
    policy.limits_enabled = false;
    return policy;
  }
  static std::string Mac(absl::string_view guess) {
    return std::string(26, 'm') + std::string(guess);
  }

  std::unique_ptr<Engine<SubjectRules>> NewServer(FaultPlan* faults = nullptr,
                                                  QueueLimits limits = {}) {
    return std::make_unique<Engine<SubjectRules>>(
        2, limits, clock_, [this, faults](const Pause&) -> std::unique_ptr<Runner<SubjectRules>> {
          std::unique_ptr<Store<Subject>> store = std::make_unique<MemoryStore<Subject>>(database_);
          if (faults != nullptr) {
            store = std::make_unique<FaultyStore<Subject>>(std::move(store), *faults);
          }
          return std::make_unique<WriteRunner<SubjectRules>>(
              rules_, std::move(store), clock_, random_, [](absl::Duration) {},
              [](const BatchReport&) {});
        });
  }

  template <class Tag>
  Id<Tag> New() {
    return NewId<Tag>(clock_.Now(), random_);
  }
  Origin NewOrigin() {
    Origin origin;
    origin.caller = "app";
    origin.audit_id = New<AuditTag>();
    return origin;
  }
  RequestOtp Request(const SubjectKey& subject, const OtpId& id) {
    RequestOtp command;
    command.subject = subject;
    command.otp_id = id;
    command.code = {
        .mac = Mac(kRight), .key_id = "p1", .message_id = New<MessageTag>(), .sealed = "sealed"};
    command.origin = NewOrigin();
    return command;
  }
  VerifyOtp Verify(const SubjectKey& subject, const OtpId& id, absl::string_view guess) {
    VerifyOtp command;
    command.subject = subject;
    command.otp_id = id;
    command.guess = std::string(guess);
    command.new_user_id = New<UserTag>();
    command.session_id = New<SessionTag>();
    command.refresh_key_id = "r1";
    command.origin = NewOrigin();
    return command;
  }
  static SubjectKey SubjectNumber(int64_t n) {
    return {absl::StrCat("+1415", absl::Dec(n, absl::kZeroPad7)), UserType::kLive};
  }

  absl::StatusOr<SubjectReply> Run(Engine<SubjectRules>& server, SubjectCommand command) {
    absl::Notification done;
    absl::StatusOr<SubjectReply> answer;
    server.Submit({.command = std::move(command),
                   .answer =
                       [&](absl::StatusOr<SubjectReply> reply) {
                         answer = std::move(reply);
                         done.Notify();
                       },
                   .patience = {}});
    done.WaitForNotification();
    return answer;
  }
  // Sends `count` commands made by `make(i)` at once over all servers.
  template <class Make>
  std::vector<absl::StatusOr<SubjectReply>> Contend(
      const std::vector<Engine<SubjectRules>*>& servers, int count, Make make) {
    std::vector<absl::StatusOr<SubjectReply>> answers(count);
    absl::BlockingCounter done(count);
    for (int i = 0; i < count; ++i) {
      servers[i % servers.size()]->Submit({.command = make(i),
                                           .answer =
                                               [&, i](absl::StatusOr<SubjectReply> reply) {
                                                 answers[i] = std::move(reply);
                                                 done.DecrementCount();
                                               },
                                           .patience = {}});
    }
    done.Wait();
    return answers;
  }
  Row<Subject> RowOf(const SubjectKey& subject) {
    MemoryStore<Subject> store(database_);
    return store.Load({{.key = subject, .account = true, .requests = {}}})->rows[0];
  }

  testing::FakeClock clock_;
  testing::SeededRandom random_{7};
  MemoryDatabase database_{clock_};
  SubjectRules rules_;
};

TEST_F(EngineTest, B2_ContendedRightCodesOpenExactlyOneSession) {
  auto a = NewServer(), b = NewServer();
  const int64_t subjects = Trials(300);
  for (int64_t n = 0; n < subjects; ++n) {
    const SubjectKey subject = SubjectNumber(n);
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
  for (int64_t n = 0; n < Trials(200); ++n) {
    const SubjectKey subject = SubjectNumber(n);
    const OtpId id = New<OtpTag>();
    ASSERT_TRUE(Run(*a, Request(subject, id))->ok());
    const auto answers =
        Contend({a.get(), b.get()}, 40, [&](int) { return Verify(subject, id, "222222"); });
    int evaluated = 0;
    for (const auto& answer : answers) {
      evaluated += answer.ok() && !answer->event.empty() ? 1 : 0;
    }
    EXPECT_EQ(evaluated, RowOf(subject).state.failures);
    EXPECT_LE(evaluated, 5);
    EXPECT_FALSE(Run(*b, Verify(subject, id, kRight))->ok() && evaluated == 5);
  }
}

TEST_F(EngineTest, G3_ConcurrentSameRequestIdHasOneEffect) {
  auto a = NewServer(), b = NewServer();
  for (int64_t n = 0; n < Trials(200); ++n) {
    const SubjectKey subject = SubjectNumber(n);
    const auto answers = Contend({a.get(), b.get()}, 16, [&](int) {
      RequestOtp command = Request(subject, New<OtpTag>());
      command.origin.request = Origin::Request{.key = {"app", "RequestOtp", std::string(16, 'r')},
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

// Whatever the store does, a client that retries with its request_id gets one effect and, in the
// end, one answer.
TEST_F(EngineTest, G1_RetriesOverFaultsHaveOneEffectAndOneAnswer) {
  SeededFaults faults(11, 0.3);
  auto a = NewServer(&faults), b = NewServer(&faults);
  for (int64_t n = 0; n < Trials(500); ++n) {
    const SubjectKey subject = SubjectNumber(n);
    const std::string request_id = absl::StrCat("request-", absl::Dec(n, absl::kZeroPad8));
    const auto retry = [&](auto make) {
      for (int i = 0; i < 100; ++i) {
        auto command = make();
        command.origin.request =
            Origin::Request{.key = {"app", "method", request_id + std::string(1, 'x')},
                            .fingerprints = {std::string(36, 'f')}};
        command.origin.request->key.request_id.resize(16);
        command.origin.request->key.method =
            std::is_same_v<decltype(command), RequestOtp> ? "R" : "V";
        absl::StatusOr<SubjectReply> answer = Run(i % 2 == 0 ? *a : *b, command);
        if (answer.ok()) return *answer;
        clock_.Advance(absl::Seconds(2));  // past the parking of a key
      }
      ADD_FAILURE() << "no answer";
      return SubjectReply();
    };
    const SubjectReply issued = retry([&] { return Request(subject, New<OtpTag>()); });
    ASSERT_TRUE(issued.ok());
    const SubjectReply opened = retry([&] { return Verify(subject, issued.otp_id, kRight); });
    ASSERT_TRUE(opened.ok()) << ReasonName(opened.reason);
    const Row<Subject> row = RowOf(subject);
    EXPECT_EQ(row.state.recent_sends.size(), 1u);
    EXPECT_EQ(row.state.user_id, opened.account->id);
    EXPECT_EQ(database_.Sessions().size(), static_cast<size_t>(n + 1));
  }
  EXPECT_EQ(database_.AuditEvents().size(), 2 * database_.Sessions().size());
}

TEST_F(EngineTest, B7_EveryAnsweredGuessIsCountedWhateverTheStoreDoes) {
  SeededFaults faults(13, 0.3);
  auto a = NewServer(&faults), b = NewServer(&faults);
  int64_t answered = 0, unknown = 0, failures = 0;
  for (int64_t n = 0; n < Trials(300); ++n) {
    const SubjectKey subject = SubjectNumber(n);
    MemoryStore<Subject> direct(database_);
    OtpId id = New<OtpTag>();
    while (!Run(*a, Request(subject, id)).ok()) {
      id = New<OtpTag>();
      clock_.Advance(absl::Seconds(2));
    }
    id = RowOf(subject).state.codes[0].id;
    for (int i = 0; i < 4; ++i) {
      const auto reply = Run(i % 2 == 0 ? *a : *b, Verify(subject, id, "222222"));
      if (reply.ok() && !reply->event.empty()) ++answered;
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
  const SubjectKey subject = SubjectNumber(1);
  const OtpId id = New<OtpTag>();
  ASSERT_TRUE(Run(*server, Request(subject, id))->ok());
  // The store says "late" once, as after waiting behind a lock; by then the code has expired.
  class Late final : public FaultPlan {
   public:
    explicit Late(testing::FakeClock* clock) : clock_(clock) {}
    testing::Fault NextLoad() override { return testing::Fault::kNone; }
    testing::Fault NextWrite() override {
      clock_->Advance(absl::Minutes(5));
      return testing::Fault::kFailedPrecondition;
    }

   private:
    testing::FakeClock* const clock_;
  } late(&clock_);
  auto slow = NewServer(&late);
  EXPECT_EQ(Run(*slow, Verify(subject, id, kRight))->reason, Reason::kOtpInvalid);
  EXPECT_TRUE(database_.Sessions().empty());
}

TEST_F(EngineTest, CancelledAndExpiredCommandsAreNotEvaluated) {
  auto server = NewServer();
  absl::BlockingCounter done(2);
  std::vector<absl::Status> answers(2);
  auto cancelled = std::make_shared<std::atomic<bool>>(true);
  const SubjectKey subject = SubjectNumber(1);
  for (int i = 0; i < 2; ++i) {
    Pending<SubjectRules> pending{.command = Request(subject, New<OtpTag>()),
                                  .answer =
                                      [&, i](absl::StatusOr<SubjectReply> reply) {
                                        answers[i] = reply.status();
                                        done.DecrementCount();
                                      },
                                  .patience = {}};
    if (i == 0) pending.patience.cancelled = cancelled;
    if (i == 1) pending.patience.deadline = clock_.Steady();
    server->Submit(std::move(pending));
  }
  done.Wait();
  EXPECT_THAT(answers[0], StatusIs(absl::StatusCode::kCancelled));
  EXPECT_THAT(answers[1], StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_EQ(RowOf(subject).version, 0);
}

// A store that stands still until it is let go.
class GatedStore final : public Store<Subject> {
 public:
  GatedStore(MemoryDatabase& database, absl::Notification* entered, absl::Notification* gate)
      : inner_(database), entered_(entered), gate_(gate) {}
  absl::StatusOr<Loaded<Subject>> Load(absl::Span<const SubjectAsk> asks) override {
    if (!entered_->HasBeenNotified()) entered_->Notify();
    gate_->WaitForNotification();
    sizes.push_back(asks.size());
    return inner_.Load(asks);
  }
  absl::StatusOr<Won> Write(absl::Span<const Change<Subject>> changes,
                            absl::Time valid_until) override {
    return inner_.Write(changes, valid_until);
  }
  std::vector<size_t> sizes;

 private:
  MemoryStore<Subject> inner_;
  absl::Notification* const entered_;
  absl::Notification* const gate_;
};

TEST_F(EngineTest, FullQueueAndFullKeyAreRefusedAtOnceAndWhatWaitsTravelsTogether) {
  absl::Notification entered, gate;
  GatedStore* gated = nullptr;
  Engine<SubjectRules> server(1, {.capacity = 100, .per_key = 64, .batch = 256}, clock_,
                              [&](const Pause&) -> std::unique_ptr<Runner<SubjectRules>> {
                                auto store =
                                    std::make_unique<GatedStore>(database_, &entered, &gate);
                                gated = store.get();
                                return std::make_unique<WriteRunner<SubjectRules>>(
                                    rules_, std::move(store), clock_, random_,
                                    [](absl::Duration) {}, [](const BatchReport&) {});
                              });
  std::atomic<int> answered = 0, refused = 0;
  const auto submit = [&](const SubjectKey& subject) {
    server.Submit({.command = Request(subject, New<OtpTag>()),
                   .answer =
                       [&](absl::StatusOr<SubjectReply> reply) {
                         ++answered;
                         if (absl::IsResourceExhausted(reply.status())) ++refused;
                       },
                   .patience = {}});
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
                    .answer = [&](absl::StatusOr<SubjectReply>) { ++answered; },
                    .patience = {}});
  }
  server->Stop();
  EXPECT_EQ(answered, 500);
  EXPECT_THAT(Run(*server, Request(SubjectNumber(1), New<OtpTag>())),
              StatusIs(absl::StatusCode::kResourceExhausted));
}

TEST_F(EngineTest, ParkedKeyIsRefusedForTwoSecondsAndTheOthersGoOn) {
  ScriptedFaults faults;
  auto server = NewServer(&faults);
  const SubjectKey stuck = SubjectNumber(1);
  faults.OnWrites({testing::Fault::kDeadlineExceeded});
  EXPECT_THAT(Run(*server, Request(stuck, New<OtpTag>())), StatusIs(absl::StatusCode::kAborted));
  EXPECT_THAT(Run(*server, Request(stuck, New<OtpTag>())), StatusIs(absl::StatusCode::kAborted));
  EXPECT_OK(Run(*server, Request(SubjectNumber(2), New<OtpTag>())));
  clock_.Advance(absl::Seconds(2));
  EXPECT_OK(Run(*server, Request(stuck, New<OtpTag>())));
}

}  // namespace
}  // namespace otpgate
