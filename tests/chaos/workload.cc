#include "tests/chaos/workload.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "tests/support/contend.h"

namespace otpgate::chaos {
namespace {

constexpr int kAtOnce = 3;
constexpr int kGuessesEach = 3;
constexpr absl::Duration kPersistence = absl::Minutes(1);
constexpr absl::Duration kPause = absl::Milliseconds(20);

std::string NewRequestId(std::mt19937_64& choices) {
  const uint64_t bits = choices();
  return absl::StrFormat("%08x-%04x-4000-8000-%012x", bits >> 32, (bits >> 16) & 0xffff,
                         choices() & 0xffff'ffff'ffff);
}

int AnyServer(std::mt19937_64& choices) { return static_cast<int>(choices() % 1000); }

// Whether to repeat the call: nothing was decided, or the outcome is unknown.
bool IsOpen(const Call& call) {
  return call.outcome == Outcome::kUnknown || call.reason == "UNAVAILABLE" ||
         call.reason == "CONFLICT" || call.reason == "OVERLOADED" ||
         call.reason == "DEADLINE_EXCEEDED";
}

// Repeats a call until it is decided. False: not within a minute.
template <class Try>
bool Persist(Try attempt) {
  const absl::Time end = absl::Now() + kPersistence;
  while (IsOpen(attempt())) {
    if (absl::Now() > end) return false;
    absl::SleepFor(kPause);  // a pause between retries, as clients make it; waits for no event
  }
  return true;
}

}  // namespace

Workload::Workload(const Fleet& fleet, History& history, const Options& options)
    : recorder_(fleet, history), mailbox_(fleet.MessagesFile()) {
  const auto add = [&](int count, bool (Workload::*round)(SeededChoices&, const std::string&)) {
    for (int i = 0; i < count; ++i) {
      const int who = static_cast<int>(threads_.size());
      threads_.emplace_back([this, who, round, seed = options.seed * 100 + who] {
        SeededChoices choices(seed);
        for (int n = 0; !stopping_; ++n) {
          const std::string person = absl::StrCat("p", who, "-", n, "@example.com");
          ++((this->*round)(choices, person) ? rounds_ : given_up_);
        }
      });
    }
  };
  add(options.devices, &Workload::DeviceRound);
  add(options.racers, &Workload::RacerRound);
  add(options.guessers, &Workload::GuesserRound);
}

void Workload::Stop() {
  stopping_ = true;
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

bool Workload::GetCode(SeededChoices& choices, const std::string& person, Call& request,
                       std::string& code) {
  const std::string id = NewRequestId(choices);
  const bool decided = Persist([&] {
    const Recorder::Asked asked = recorder_.Request(AnyServer(choices), person, id);
    request = asked.call;
    if (!asked.code.empty()) code = asked.code;
    return asked.call;
  });
  if (!decided || request.outcome != Outcome::kOk) return false;
  const absl::Time end = absl::Now() + kPersistence;
  while (code.empty() && absl::Now() < end) {
    code = mailbox_.CodeOf(person);
    if (code.empty()) absl::SleepFor(kPause);
  }
  return !code.empty();
}

bool Workload::DeviceRound(SeededChoices& choices, const std::string& person) {
  Call request;
  std::string code;
  if (!GetCode(choices, person, request, code)) return false;
  const std::string id = NewRequestId(choices);
  Recorder::SignedIn in;
  const bool decided = Persist([&] {
    in = recorder_.Verify(AnyServer(choices), request, code, /*right=*/true, id);
    return in.call;
  });
  if (!decided || in.call.outcome != Outcome::kOk) return decided;
  Tokens tokens = {in.call.got};
  return RefreshOften(choices, in.call, tokens) &&
         SignOutAndUseOldTokens(choices, in.call, tokens, in.access_token);
}

bool Workload::RefreshOften(SeededChoices& choices, const Call& in, Tokens& tokens) {
  for (uint64_t n = choices() % 6; n > 0; --n) {
    const std::string token = tokens.back();
    const std::string id = NewRequestId(choices);
    Call refreshed = choices() % 4 == 0 ? RefreshTwiceAtOnce(choices, in, token, id) : Call();
    const bool decided =
        refreshed.outcome == Outcome::kOk || Persist([&] {
          refreshed = recorder_.Refresh(AnyServer(choices), in.person, in.session, token, id);
          return refreshed;
        });
    if (!decided || refreshed.outcome != Outcome::kOk) return decided;
    tokens.push_back(refreshed.got);
    recorder_.Use(AnyServer(choices), in.person, in.session, tokens.back());
  }
  return true;
}

// Sends a refresh and its repeat at once, with the same request_id: with two of them the later call
// would rightly count as a replay.
Call Workload::RefreshTwiceAtOnce(SeededChoices& choices, const Call& in, const std::string& token,
                                  const std::string& id) {
  const int first = AnyServer(choices);
  Call answers[2];
  support::Contend(2, [&](int i) {
    answers[i] = recorder_.Refresh(first + i, in.person, in.session, token, id);
  });
  return answers[0].outcome == Outcome::kOk ? answers[0] : answers[1];
}

bool Workload::SignOutAndUseOldTokens(SeededChoices& choices, const Call& in, const Tokens& tokens,
                                      const std::string& access_token) {
  const uint64_t way = choices() % 4;
  const std::string id = NewRequestId(choices);
  const bool left = Persist([&] {
    const int server = AnyServer(choices);
    if (way == 0) return recorder_.SignOutEverywhere(server, in.person, access_token);
    if (way == 1) return recorder_.SignOut(server, in.person, access_token);
    if (way == 2 && tokens.size() > 2) {
      return recorder_.Replay(server, in.person, in.session, tokens.front(), id);
    }
    return recorder_.SignOut(server, in.person, tokens.back());
  });
  recorder_.Use(AnyServer(choices), in.person, in.session, tokens.back());
  recorder_.Refresh(AnyServer(choices), in.person, in.session, tokens.back(),
                    NewRequestId(choices));
  return left;
}

bool Workload::RacerRound(SeededChoices& choices, const std::string& person) {
  Call request;
  std::string code;
  if (!GetCode(choices, person, request, code)) return false;
  const int first = AnyServer(choices);
  support::Contend(kAtOnce, [&](int i) {
    recorder_.Verify(first + i, request, code, /*right=*/true, /*request_id=*/{});
  });
  return true;
}

bool Workload::GuesserRound(SeededChoices& choices, const std::string& person) {
  Call request;
  std::string code;
  if (!GetCode(choices, person, request, code)) return false;
  const int first = AnyServer(choices);
  const int guesses = static_cast<int>(choices() % kGuessesEach) + 1;
  support::Contend(kAtOnce, [&](int i) {
    for (int n = 0; n < guesses; ++n) {
      const std::string wrong = support::WrongCode(code, i * kGuessesEach + n);
      recorder_.Verify(first + i + n, request, wrong, /*right=*/false, /*request_id=*/{});
    }
  });
  recorder_.Verify(AnyServer(choices), request, code, /*right=*/true, /*request_id=*/{});
  return true;
}

}  // namespace otpgate::chaos
