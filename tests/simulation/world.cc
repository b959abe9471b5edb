#include "tests/simulation/world.h"

#include <type_traits>
#include <variant>

#include "absl/strings/str_cat.h"

namespace otpgate::simulation {
namespace {

constexpr int kDrainSteps = 20'000;

}  // namespace

World::World(const Plan& plan)
    : plan_(plan),
      choices_(plan.seed),
      database_(clock_),
      model_(plan_, clock_, counts_),
      faults_(plan_, choices_, clock_, counts_),
      in_flight_subjects_(MakeInFlightCommits<storage::Subject>()),
      in_flight_sessions_(MakeInFlightCommits<storage::Session>()),
      in_flight_users_(MakeInFlightCommits<storage::User>()),
      in_flight_buckets_(MakeInFlightCommits<storage::Bucket>()),
      server_context_{.plan = plan_,
                      .choices = choices_,
                      .clock = clock_,
                      .subjects = MakeSharedStore(in_flight_subjects_),
                      .sessions = MakeSharedStore(in_flight_sessions_),
                      .users = MakeSharedStore(in_flight_users_),
                      .buckets = MakeSharedStore(in_flight_buckets_)},
      network_(server_context_, model_, trace_, counts_),
      commands_(choices_, clock_),
      actor_context_{choices_, clock_, network_, commands_, secrets_},
      attacker_(actor_context_, plan_, Subjects()),
      admin_(actor_context_, database_, model_, Subjects()),
      cleanup_(
          plan_, database_, counts_,
          {.subject = [this](const storage::SubjectKey& k) { return in_flight_subjects_.Holds(k); },
           .session = [this](const storage::AccountKey& k) { return in_flight_sessions_.Holds(k); },
           .bucket = [this](const std::string& k) { return in_flight_buckets_.Holds(k); }}) {
  counts_.runs = 1;
  for (const storage::SubjectKey& subject : Subjects()) {
    for (size_t i = 0; i < plan_.devices_per_subject; ++i) {
      const bool sends_ids = choices_.Chance(plan_.sends_ids);
      devices_.push_back(
          std::make_unique<Device>(actor_context_, subject, storage::Purpose::kLogin, sends_ids));
    }
    if (choices_.Chance(plan_.verifies)) {
      devices_.push_back(std::make_unique<Device>(actor_context_, subject,
                                                  storage::Purpose::kVerification,
                                                  choices_.Chance(plan_.sends_ids)));
    }
  }
}

std::vector<storage::SubjectKey> World::Subjects() const {
  std::vector<storage::SubjectKey> subjects;
  for (size_t i = 0; i < plan_.subjects; ++i) {
    const bool phone = i % 2 == 0;
    subjects.push_back(
        {phone ? absl::StrCat("+1415555010", i) : absl::StrCat("user", i, "@example.com")});
  }
  return subjects;
}

template <class A>
SharedStore<A> World::MakeSharedStore(InFlightCommits<A>& in_flight) {
  return {.database = &database_,
          .in_flight = &in_flight,
          .faults = &faults_,
          .committed = [this](const storage::Change<A>& c, absl::Time sent) { Committed(c, sent); },
          .bug = plan_.bug};
}

template <class A>
void World::Committed(const storage::Change<A>& change, absl::Time sent) {
  model_.Committed(change, sent);
  if constexpr (std::is_same_v<A, storage::Subject>) {
    for (const storage::Message& message : change.effects.messages) {
      const bool lost = !faults_stopped_ && choices_.Chance(0.03);
      if (message.state == storage::MessageState::kPending && !lost) secrets_.Deliver(message);
      secrets_.expiries.Add(message.expires_at);
    }
    for (const storage::NewSession& session : change.effects.sessions) {
      secrets_.expiries.Add(session.idle_expires_at);
      secrets_.expiries.Add(session.absolute_expires_at);
    }
  }
}

void World::EndDueCommits() {
  const absl::Time now = clock_.Now();
  in_flight_subjects_.EndDue(now);
  in_flight_sessions_.EndDue(now);
  in_flight_users_.EndDue(now);
  in_flight_buckets_.EndDue(now);
}

bool World::IsIdle() const {
  return !network_.busy() && in_flight_subjects_.empty() && in_flight_sessions_.empty() &&
         in_flight_users_.empty() && in_flight_buckets_.empty();
}

void World::LetTimePass() {
  clock_.Advance(choices_.Upto(absl::Milliseconds(2)));
  if (choices_.Chance(plan_.stall)) clock_.Advance(choices_.Upto(absl::Seconds(20)));
  if (network_.busy() || !choices_.Chance(0.35)) return;
  if (!secrets_.expiries.empty() && choices_.Chance(0.2)) {
    const absl::Time end =
        choices_.Of(secrets_.expiries.values()) - choices_.Upto(absl::Milliseconds(30));
    if (end > clock_.Now()) return clock_.Advance(end - clock_.Now());
  }
  const size_t how_long = choices_.Below(100);
  if (how_long < 50) {
    clock_.Advance(choices_.Upto(absl::Seconds(10)));
  } else if (how_long < 80) {
    clock_.Advance(choices_.Upto(absl::Minutes(2)));
  } else if (how_long < 95) {
    clock_.Advance(choices_.Upto(absl::Minutes(20)));
  } else if (how_long < 99) {
    clock_.Advance(choices_.Upto(absl::Hours(6)));
  } else {
    clock_.Advance(choices_.Upto(absl::Hours(72)));
  }
}

void World::InjectFaults() {
  if (choices_.Chance(plan_.crash)) network_.CrashOne();
  if (choices_.Chance(0.05)) network_.RestartSome();
  if (choices_.Chance(plan_.outage)) faults_.StartOutage();
  if (choices_.Chance(plan_.clock_step)) {
    ++counts_.clock_steps;
    clock_.StepStore(choices_.Upto(2 * plan_.store_error) - plan_.store_error);
    trace_.Note(clock_.passed(), "clock step", -1, 0, 0);
  }
  if (choices_.Chance(0.03)) {
    trace_.Note(clock_.passed(), "cleanup", -1, 0, cleanup_.Clean());
  }
}

void World::LetOneActorAct() {
  if (choices_.Chance(0.1)) return admin_.InspectToken();
  if (choices_.Chance(plan_.admin)) return admin_.Act();
  if (choices_.Chance(plan_.attack)) return attacker_.Act();
  devices_[choices_.Below(devices_.size())]->Act();
}

void World::Step() {
  ++counts_.steps;
  LetTimePass();
  EndDueCommits();
  InjectFaults();
  if (network_.busy() && choices_.Chance(0.8)) {
    network_.Step();
  } else {
    LetOneActorAct();
  }
  counts_.simulated = clock_.passed();
}

void World::Drain() {
  for (int i = 0; i < kDrainSteps && !IsIdle() && !violation(); ++i) {
    clock_.Advance(absl::Milliseconds(1));
    EndDueCommits();
    if (network_.busy()) network_.Step();
  }
  if (!IsIdle()) model_.Violate("waiting calls or commits do not end");
}

void World::SignInOnce(const storage::SubjectKey& subject) {
  const ActorTraits traits{.hostile = false, .always_sends_id = false};
  bool signed_in = false;
  std::optional<OtpId> otp;
  network_.Send(commands_.Request(subject, storage::Purpose::kLogin, ""), traits,
                [&](CallId, const AnyReply* reply) {
                  if (reply != nullptr) otp = std::get<domain::SubjectReply>(*reply).otp_id;
                });
  Drain();
  if (!otp || !secrets_.CodeFor(*otp)) return model_.Violate("no code although nothing fails");
  network_.Send(commands_.Verify({subject, *otp}, *secrets_.CodeFor(*otp), ""), traits,
                [&](CallId, const AnyReply* reply) {
                  signed_in = reply != nullptr &&
                              std::get<domain::SubjectReply>(*reply).session.has_value();
                });
  Drain();
  if (!signed_in) model_.Violate("nobody can sign in although nothing fails");
}

void World::Finish() {
  faults_stopped_ = true;
  faults_.Stop();
  network_.StopLosingReplies();
  network_.RestartAll();
  Drain();
  clock_.Advance(absl::Hours(25));
  admin_.UnlockAndEnableAll();
  Drain();
  for (const storage::SubjectKey& subject : Subjects()) {
    if (!violation()) SignInOnce(subject);
  }
}

}  // namespace otpgate::simulation
