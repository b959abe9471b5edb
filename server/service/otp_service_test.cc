#include "server/service/otp_service.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/mutex.h"
#include "base/crypto/base64url.h"
#include "base/crypto/proof.h"
#include "base/crypto/test_claims.h"
#include "server/keys/test_keyring.h"
#include "tests/support/fake_clock.h"
#include "tests/support/run_task.h"
#include "tests/support/seeded_random.h"
#include "tests/support/trials.h"

namespace otpgate::service {
namespace {

using crypto::TestClaims;
using keys::TestKeyring;
using support::Await;
using support::FakeClock;
using support::SeededRandom;
using support::Trials;

// Answers each command with a function, and records on which thread.
template <class Rules>
class Answers final : public engine::Runner<Rules> {
 public:
  using Function = std::function<typename Rules::Reply(const typename Rules::Command&)>;
  Answers(const Function& function, std::atomic<std::thread::id>& thread)
      : function_(function), thread_(thread) {}

  void Run(engine::PendingList<Rules> taken) override {
    thread_ = std::this_thread::get_id();
    for (auto& command : taken) command.answer(function_(command.command));
  }

 private:
  const Function& function_;
  std::atomic<std::thread::id>& thread_;
};

// An engine with one worker and no database, and the number of its commands.
template <class Rules>
struct FakeEngine {
  explicit FakeEngine(const Clock& clock, typename Answers<Rules>::Function function)
      : answer([this, told = std::move(function)](const typename Rules::Command& command) {
          ++asked;
          return told(command);
        }),
        engine(1, {}, clock, [this](const engine::Pause&) {
          return std::make_unique<Answers<Rules>>(answer, thread);
        }) {}

  std::atomic<int> asked = 0;
  std::atomic<std::thread::id> thread;
  const typename Answers<Rules>::Function answer;
  engine::Engine<Rules> engine;
};

// Records the thread that wrote the last log line.
class LogThread final : public LogSink {
 public:
  void Write(absl::string_view) override { thread = std::this_thread::get_id(); }
  std::atomic<std::thread::id> thread;
};

class OtpServiceTest : public ::testing::Test {
 protected:
  OtpServiceTest() {
    secrets_.Set(std::make_shared<const CodeSecrets>(keys::TestKeyring(), keys::TestKeyring(),
                                                     keys::TestKeyring()));
    PublishKeys();
  }

  void PublishKeys() {
    keys_.Set(std::make_shared<const SigningKeyset>(key_, std::vector{key_.public_key()}));
  }

  domain::SubjectReply Answer(const domain::SubjectCommand& command) const {
    domain::SubjectReply reply;
    reply.event = domain::Event::kLoginOtpVerified;
    reply.reason = refusal_;
    reply.now = clock_.Now();
    reply.otp_id = OtpId{std::string(OtpId::kBytes, 'o')};
    if (const auto* verify = std::get_if<domain::VerifyOtp>(&command)) {
      reply.account = storage::Account{.id = verify->new_user_id, .created_at = reply.now};
      reply.session = domain::OpenedSession{.id = verify->session_id,
                                            .key_id = verify->refresh_key_id,
                                            .created_at = reply.now,
                                            .absolute_expires_at = reply.now + absl::Hours(1),
                                            .amr = "sms"};
    }
    return reply;
  }

  // The user type of the bearer's account.
  domain::BearerReply Bearer() const {
    domain::BearerReply reply;
    reply.active = true;
    reply.account.id = UserId{std::string(UserId::kBytes, 'i')};
    reply.account.user_type = bearer_type_;
    return reply;
  }

  std::string BearerToken() const {
    crypto::AccessClaims claims = crypto::TestClaims(clock_.Now());
    claims.sub = claims.sid = crypto::Base64UrlEncode(std::string(UserId::kBytes, 'i'));
    return crypto::SignAccessToken(key_, claims);
  }

  validation::VerifyOtpInput Guess(const std::string& number,
                                   storage::Purpose purpose = storage::Purpose::kLogin) const {
    OtpReference otp;
    otp.subject.identifier = number;
    otp.purpose = purpose;
    otp.otp_id = OtpId{std::string(OtpId::kBytes, 'o')};
    validation::VerifyOtpInput input;
    input.handle = otp_factory_.SealHandle(otp);
    input.code = "123456";
    return input;
  }
  // The handle of a code that "shop" asked for.
  std::string VerificationHandle() const {
    validation::RequestOtpInput input;
    input.identifier = "+14155550123";
    input.purpose = storage::Purpose::kVerification;
    return Await(service_->RequestOtp(From("203.0.113.7"), input)).value().handle;
  }
  static CallContext From(const std::string& address) {
    CallContext context;
    context.caller = "shop";
    context.end_user_address =
        validation::EndUserAddress{.text = address, .bucket = "ip:" + address};
    return context;
  }
  static errors::Reason ReasonOf(const errors::Outcome<OtpVerified>& outcome) {
    return outcome ? errors::Reason::kUnspecified : outcome.error().reason;
  }

  support::FakeClock clock_;
  support::SeededRandom random_{1};
  LogThread log_thread_;
  Log log_{&log_thread_, &clock_};
  const crypto::SigningKey key_ = crypto::SigningKey::Generate();
  CurrentKeyset keys_;
  CurrentSecrets secrets_;
  std::atomic<errors::Reason> refusal_ = errors::Reason::kUnspecified;
  std::atomic<storage::UserType> bearer_type_ = storage::UserType::kLive;
  std::atomic<bool> admits_ = true;
  const TokenIssuer tokens_{
      {.issuer = "otpgate", .live_audiences = {"otpgate"}, .demo_audiences = {}},
      &keys_,
      &secrets_};
  const OtpFactory otp_factory_{
      {.digits = 6,
       .random = &random_,
       .clock = &clock_,
       .secrets = &secrets_,
       .seal = [](const MessageId&, const storage::SubjectKey&, storage::Purpose, absl::string_view,
                  absl::string_view) { return std::string("sealed"); }}};
  const SubjectEventLog event_log_{&log_};
  runtime::Executor executor_{1};
  FakeEngine<domain::SubjectRules> subjects_{
      clock_, [this](const domain::SubjectCommand& command) { return Answer(command); }};
  FakeEngine<domain::AccountRules> accounts_{
      clock_, [this](const domain::CheckBearer&) { return Bearer(); }};
  FakeEngine<domain::BucketRules> buckets_{clock_, [this](const domain::Take&) {
                                             return domain::TakeReply{admits_, absl::Seconds(1)};
                                           }};
  const AccountCheck check_{&tokens_, &accounts_.engine, &executor_, &clock_};
  AddressLimiter limiter_{domain::BucketLimit{}, &buckets_.engine, &clock_};
  std::atomic<int> messages_ = 0;
  const std::unique_ptr<OtpApi> service_ =
      NewOtpService({.subjects = &subjects_.engine,
                     .accounts = &check_,
                     .address_limiter = &limiter_,
                     .otp_factory = &otp_factory_,
                     .event_log = &event_log_,
                     .tokens = &tokens_,
                     .executor = &executor_,
                     .reveal_codes = true,
                     .on_message = [this](const storage::MessageKey&) { ++messages_; }});
};

runtime::Task<std::thread::id> ThreadOf(runtime::Executor* executor) {
  co_await executor->Schedule();
  co_return std::this_thread::get_id();
}

TEST_F(OtpServiceTest, ALoginIsNotedByTheWorkerAndSignedOnTheExecutor) {
  std::thread::id answered;
  absl::BlockingCounter open(1);
  runtime::Spawn(service_->VerifyOtp(From("203.0.113.7"), Guess("+14155550123")),
                 [&](const errors::Outcome<OtpVerified>& outcome) {
                   EXPECT_TRUE(outcome.value().tokens.has_value());
                   answered = std::this_thread::get_id();
                   open.DecrementCount();
                 });
  open.Wait();
  EXPECT_EQ(log_thread_.thread, subjects_.thread.load());
  EXPECT_EQ(answered, Await(ThreadOf(&executor_)));
  EXPECT_EQ(buckets_.asked, 1);
  EXPECT_EQ(accounts_.asked, 0);
}

TEST_F(OtpServiceTest, ARefusalIsAnsweredByTheWorker) {
  refusal_ = errors::Reason::kOtpInvalid;
  std::thread::id answered;
  absl::BlockingCounter open(1);
  runtime::Spawn(service_->VerifyOtp(From("203.0.113.7"), Guess("+14155550123")),
                 [&](const errors::Outcome<OtpVerified>& outcome) {
                   EXPECT_EQ(ReasonOf(outcome), errors::Reason::kOtpInvalid);
                   answered = std::this_thread::get_id();
                   open.DecrementCount();
                 });
  open.Wait();
  EXPECT_EQ(answered, subjects_.thread.load());
}

TEST_F(OtpServiceTest, ManyLoginsAtOnceAreEachAnsweredOnceWithTheirOwnSession) {
  const auto calls = static_cast<int>(support::Trials(1'000));
  std::vector<std::atomic<int>> answers(calls);
  absl::Mutex mu;
  std::vector<std::string> sessions;
  absl::BlockingCounter open(calls);
  for (int i = 0; i < calls; ++i) {
    runtime::Spawn(service_->VerifyOtp(From("203.0.113.7"), Guess(absl::StrCat("+1415555", i))),
                   [&, i](const errors::Outcome<OtpVerified>& outcome) {
                     ++answers[i];
                     if (outcome) {
                       absl::MutexLock lock(&mu);
                       sessions.push_back(outcome->tokens->session_id.bytes);
                     }
                     open.DecrementCount();
                   });
  }
  open.Wait();
  for (const std::atomic<int>& answer : answers) EXPECT_EQ(answer, 1);
  absl::MutexLock lock(&mu);
  std::sort(sessions.begin(), sessions.end());
  EXPECT_EQ(std::unique(sessions.begin(), sessions.end()), sessions.end());
  EXPECT_FALSE(sessions.empty());
}

TEST_F(OtpServiceTest, NothingIsChargedBeforeTheKeysAreKnownAndTheHandleIsOurs) {
  validation::VerifyOtpInput forged = Guess("+14155550123");
  forged.handle += "A";
  EXPECT_EQ(ReasonOf(Await(service_->VerifyOtp(From("203.0.113.7"), forged))),
            errors::Reason::kOtpInvalid);
  keys_.Set(nullptr);
  EXPECT_EQ(ReasonOf(Await(service_->VerifyOtp(From("203.0.113.7"), Guess("+14155550123")))),
            errors::Reason::kUnavailable);
  EXPECT_EQ(buckets_.asked, 0);
}

TEST_F(OtpServiceTest, AnAddressOverItsLimitIsRefusedBeforeItsBearerIsLookedAt) {
  admits_ = false;
  CallContext context = From("203.0.113.7");
  context.bearer = BearerToken();
  EXPECT_EQ(ReasonOf(Await(service_->VerifyOtp(
                context, Guess("test@example.com", storage::Purpose::kVerifyEmail)))),
            errors::Reason::kClientLimit);
  EXPECT_EQ(buckets_.asked, 1);
  EXPECT_EQ(accounts_.asked + subjects_.asked, 0);
}

TEST_F(OtpServiceTest, AnIdentifierIsAttachedToABearerOfItsUserTypeOnly) {
  CallContext context = From("203.0.113.7");
  const validation::VerifyOtpInput guess =
      Guess("test@example.com", storage::Purpose::kVerifyEmail);
  EXPECT_EQ(ReasonOf(Await(service_->VerifyOtp(context, guess))), errors::Reason::kUnauthenticated);
  EXPECT_EQ(accounts_.asked, 0) << "no token, nothing to look up";
  context.bearer = BearerToken();
  bearer_type_ = storage::UserType::kDemo;
  EXPECT_EQ(ReasonOf(Await(service_->VerifyOtp(context, guess))), errors::Reason::kUnauthenticated);
  EXPECT_EQ(subjects_.asked, 0);
  bearer_type_ = storage::UserType::kLive;
  const errors::Outcome<OtpVerified> outcome = Await(service_->VerifyOtp(context, guess));
  ASSERT_EQ(ReasonOf(outcome), errors::Reason::kUnspecified);
  const OtpVerified& verified = *outcome;
  EXPECT_FALSE(verified.tokens.has_value());
  EXPECT_EQ(verified.user->email, "test@example.com");
}

TEST_F(OtpServiceTest, AVerificationNeedsNoBearerAndGivesTheCallerAProof) {
  validation::VerifyOtpInput guess;
  guess.handle = VerificationHandle();
  CallContext context = From("203.0.113.7");
  context.bearer = "of somebody";  // ignored
  const errors::Outcome<OtpVerified> outcome = Await(service_->VerifyOtp(context, guess));
  ASSERT_EQ(ReasonOf(outcome), errors::Reason::kUnspecified);
  EXPECT_FALSE(outcome->user || outcome->tokens || outcome->new_user);
  EXPECT_EQ(accounts_.asked, 0);
  const auto claims =
      crypto::VerifyProof(outcome->proof, [this](absl::string_view) { return &key_.public_key(); },
                          clock_.Now(), {.issuer = "otpgate", .caller = "shop"});
  ASSERT_TRUE(claims.ok()) << claims.status();
  EXPECT_EQ(claims->sub, "+14155550123");
  EXPECT_EQ(claims->jti, crypto::Base64UrlEncode(std::string(OtpId::kBytes, 'o')));
  EXPECT_EQ(claims->exp - claims->iat, absl::Minutes(10));
}

TEST_F(OtpServiceTest, B9_OnlyTheCallerThatAskedMayUseTheHandleOfAVerification) {
  validation::VerifyOtpInput guess;
  validation::ResendOtpInput resend;
  guess.handle = resend.handle = VerificationHandle();
  CallContext other = From("203.0.113.7");
  other.caller = "kiosk";
  const int asked = subjects_.asked;
  EXPECT_EQ(ReasonOf(Await(service_->VerifyOtp(other, guess))), errors::Reason::kOtpInvalid);
  EXPECT_EQ(Await(service_->ResendOtp(other, resend)).error().reason, errors::Reason::kOtpInvalid);
  EXPECT_EQ(subjects_.asked, asked) << "neither evaluated nor counted";
  EXPECT_TRUE(Await(service_->ResendOtp(From("203.0.113.7"), resend)).has_value());
}

TEST_F(OtpServiceTest, ACallThatIsOverIsNotEvaluated) {
  CallContext context;
  context.cancellation.cancelled = std::make_shared<std::atomic<bool>>(true);
  EXPECT_EQ(ReasonOf(Await(service_->VerifyOtp(context, Guess("+14155550123")))),
            errors::Reason::kDeadlineExceeded);
  EXPECT_EQ(subjects_.asked, 0);
}

TEST_F(OtpServiceTest, AStoppedEngineRefusesAtOnce) {
  subjects_.engine.Stop();
  std::optional<errors::Reason> told;
  runtime::Spawn(service_->VerifyOtp(CallContext(), Guess("+14155550123")),
                 [&](const errors::Outcome<OtpVerified>& outcome) { told = ReasonOf(outcome); });
  EXPECT_EQ(told, errors::Reason::kOverloaded);
}

TEST_F(OtpServiceTest, ACodeThatIsIssuedIsHandedToItsSenderOnce) {
  validation::RequestOtpInput input;
  input.identifier = "+14155550123";
  const OtpIssued issued = Await(service_->RequestOtp(From("203.0.113.7"), input)).value();
  EXPECT_EQ(issued.development_code.size(), 6u);
  EXPECT_EQ(issued.identifier, input.identifier);
  EXPECT_EQ(messages_, 1);
  const std::optional<OtpReference> otp = otp_factory_.OpenHandle(issued.handle, "anybody");
  ASSERT_TRUE(otp.has_value());
  EXPECT_EQ(otp->subject.identifier, input.identifier);
  validation::ResendOtpInput again;
  again.handle = issued.handle;
  refusal_ = errors::Reason::kResendCooldown;
  const auto refused = Await(service_->ResendOtp(From("203.0.113.7"), again));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().reason, errors::Reason::kResendCooldown);
  EXPECT_EQ(messages_, 1);
}

}  // namespace
}  // namespace otpgate::service
