#include "tests/bench/stress/guesses.h"

#include <algorithm>
#include <memory>
#include <thread>
#include <utility>

#include "base/status_macros.h"
#include "otpgate/v1/auth_service.pb.h"
#include "tests/bench/operations.h"
#include "tests/bench/stress/outcomes.h"
#include "tests/bench/system_under_test.h"

namespace otpgate::bench {
namespace {

constexpr int kMaxCallsInFlight = 1000;
constexpr absl::Duration kBeforeGuesses = absl::Seconds(1);

// VerifyOtp with a wrong code. Tolerates every outcome.
class Guess final : public Operation {
 public:
  explicit Guess(const PendingCode& code) {
    std::string wrong = code.code;
    wrong.back() = wrong.back() == '9' ? '0' : static_cast<char>(wrong.back() + 1);
    v1::VerifyOtpRequest message;
    message.set_handle(code.handle);
    message.set_code(wrong);
    guess_ = {"otpgate.v1.AuthService/VerifyOtp", message.SerializeAsString()};
  }
  LoadCall Begin(int64_t) override { return guess_; }
  std::optional<LoadCall> Continue(int64_t, const std::string&) override { return std::nullopt; }
  bool Tolerates(int64_t, const absl::Status&) override { return true; }

 private:
  LoadCall guess_;
};

absl::StatusOr<PendingCode> CodeOfAPhone(Transport& transport) {
  People phones(IdentifierKind::kPhone);
  AskForCode ask(phones, AskForCode::Address::kNone);
  OTPGATE_RETURN_IF_ERROR(RunLoad(transport, ask, {.operations = 1}).status());
  return ask.TakeCodes().front();
}

// Runs the guesses on a thread of its own. The destructor waits for its end.
class Attack {
 public:
  Attack(Transport& transport, const PendingCode& code, const LoadLimits& limits)
      : guess_(code),
        thread_([this, &transport, limits] { load_ = RunLoad(transport, guess_, limits); }) {}
  ~Attack() {
    if (thread_.joinable()) thread_.join();
  }
  Attack(const Attack&) = delete;
  Attack& operator=(const Attack&) = delete;

  // Waits for the end and returns the result. Call it once.
  absl::StatusOr<LoadResult> Result() {
    thread_.join();
    return std::move(load_);
  }

 private:
  Guess guess_;
  absl::StatusOr<LoadResult> load_;
  std::thread thread_;
};

class Rounds {
 public:
  Rounds(const GuessesPlan& plan, SystemUnderTest& system, PendingCode code)
      : plan_(plan),
        duration_(absl::Seconds(static_cast<double>(plan.guesses) / plan.guesses_per_second)),
        others_(system.transport(0)),
        attacker_(system.port(0)),
        code_(std::move(code)),
        people_(IdentifierKind::kEmail) {}

  absl::StatusOr<LoadResult> SignIn(absl::Duration duration) {
    bench::SignIn sign_in(people_);
    return RunLoad(others_, sign_in,
                   {.concurrency = kMaxCallsInFlight,
                    .duration = duration,
                    .per_second = plan_.logins_per_second});
  }

  absl::StatusOr<LoadResult> Run(bool with) {
    if (!with) return SignIn(duration_);
    Attack attack(attacker_, code_,
                  {.concurrency = kMaxCallsInFlight,
                   .operations = plan_.guesses,
                   .per_second = plan_.guesses_per_second});
    absl::StatusOr<LoadResult> load = SignIn(duration_);
    OTPGATE_ASSIGN_OR_RETURN(const LoadResult guesses, attack.Result());
    guesses_.insert(guesses_.end(), guesses.outcomes.begin(), guesses.outcomes.end());
    return load;
  }

  void FillReport(GuessesReport& report) const {
    const auto denied = ServedIn(guesses_, absl::StatusCode::kFailedPrecondition);
    auto all = ServedIn(guesses_, absl::StatusCode::kResourceExhausted);
    report.guesses = static_cast<int64_t>(guesses_.size());
    report.denied = static_cast<int64_t>(denied.size());
    report.refused = static_cast<int64_t>(all.size());
    report.failed = report.guesses - report.denied - report.refused;
    all.insert(all.end(), denied.begin(), denied.end());
    std::sort(all.begin(), all.end());
    report.guess_p99_ms = PercentileMs(all, 99);
  }

 private:
  const GuessesPlan& plan_;
  const absl::Duration duration_;
  Transport& others_;
  GrpcTransport attacker_;
  const PendingCode code_;
  People people_;
  std::vector<Outcome> guesses_;
};

}  // namespace

absl::StatusOr<GuessesReport> MeasureGuesses(const GuessesPlan& plan) {
  OTPGATE_ASSIGN_OR_RETURN(
      const std::unique_ptr<SystemUnderTest> system,
      SystemUnderTest::Start({.server_program = plan.server_program, .variants = {Variant()}}));
  OTPGATE_ASSIGN_OR_RETURN(PendingCode code, CodeOfAPhone(system->transport(0)));
  Rounds rounds(plan, *system, std::move(code));
  OTPGATE_RETURN_IF_ERROR(rounds.SignIn(kBeforeGuesses).status());
  GuessesReport report;
  report.guesses_per_second = plan.guesses_per_second;
  report.logins_per_second = plan.logins_per_second;
  OTPGATE_ASSIGN_OR_RETURN(
      report.logins, RunPaired(plan.rounds, [&rounds](bool with) { return rounds.Run(with); }));
  rounds.FillReport(report);
  return report;
}

}  // namespace otpgate::bench
