#include "tests/simulation/world.h"

#include <type_traits>
#include <variant>

#include "absl/strings/str_cat.h"

namespace otpgate::sim {
namespace {

constexpr int kDrainSteps = 20'000;

}  // namespace

World::World(const Plan& plan)
    : plan_(plan),
      dice_(plan.seed),
      database_(clock_),
      model_(plan_, clock_, counts_),
      weather_(plan_, dice_, clock_, counts_),
      hanging_subjects_(MakeHanging<Subject>()),
      hanging_sessions_(MakeHanging<Session>()),
      hanging_users_(MakeHanging<User>()),
      hanging_buckets_(MakeHanging<Bucket>()),
      commons_{.plan = plan_,
               .dice = dice_,
               .clock = clock_,
               .subjects = MakeSea(hanging_subjects_),
               .sessions = MakeSea(hanging_sessions_),
               .users = MakeSea(hanging_users_),
               .buckets = MakeSea(hanging_buckets_)},
      network_(commons_, model_, trace_, counts_),
      maker_(dice_, clock_),
      stage_{dice_, clock_, network_, maker_, secrets_},
      hostile_(stage_, plan_, Subjects()),
      office_(stage_, database_, model_, Subjects()),
      janitor_(plan_, database_, counts_,
               {.subject = [this](const SubjectKey& k) { return hanging_subjects_.Holds(k); },
                .session = [this](const AccountKey& k) { return hanging_sessions_.Holds(k); },
                .bucket = [this](const std::string& k) { return hanging_buckets_.Holds(k); }}) {
  counts_.runs = 1;
  for (const SubjectKey& subject : Subjects()) {
    for (size_t i = 0; i < plan_.devices_per_subject; ++i) {
      const bool sends_ids = dice_.Chance(plan_.sends_ids);
      devices_.push_back(std::make_unique<Device>(stage_, subject, sends_ids));
    }
  }
}

std::vector<SubjectKey> World::Subjects() const {
  std::vector<SubjectKey> subjects;
  for (size_t i = 0; i < plan_.subjects; ++i) {
    const bool phone = i % 2 == 0;
    subjects.push_back(
        {phone ? absl::StrCat("+1415555010", i) : absl::StrCat("user", i, "@example.com")});
  }
  return subjects;
}

template <class A>
Sea<A> World::MakeSea(Hanging<A>& hanging) {
  return {.database = &database_,
          .hanging = &hanging,
          .weather = &weather_,
          .committed = [this](const Change<A>& c, absl::Time sent) { Committed(c, sent); },
          .bug = plan_.bug};
}

template <class A>
void World::Committed(const Change<A>& change, absl::Time sent) {
  model_.Committed(change, sent);
  if constexpr (std::is_same_v<A, Subject>) {
    for (const Message& message : change.effects.messages) {
      const bool lost = !fair_ && dice_.Chance(0.03);
      if (message.state == MessageState::kPending && !lost) secrets_.Deliver(message);
      secrets_.ends.Add(message.expires_at);
    }
    for (const NewSession& session : change.effects.sessions) {
      secrets_.ends.Add(session.idle_expires_at);
      secrets_.ends.Add(session.absolute_expires_at);
    }
  }
}

void World::EndHanging() {
  const absl::Time now = clock_.Now();
  hanging_subjects_.EndDue(now);
  hanging_sessions_.EndDue(now);
  hanging_users_.EndDue(now);
  hanging_buckets_.EndDue(now);
}

bool World::Quiet() const {
  return !network_.busy() && hanging_subjects_.empty() && hanging_sessions_.empty() &&
         hanging_users_.empty() && hanging_buckets_.empty();
}

void World::LetTimePass() {
  clock_.Advance(dice_.Upto(absl::Milliseconds(2)));
  if (dice_.Chance(plan_.stall)) clock_.Advance(dice_.Upto(absl::Seconds(20)));
  if (network_.busy() || !dice_.Chance(0.35)) return;
  if (!secrets_.ends.empty() && dice_.Chance(0.08)) {
    const absl::Time end = dice_.Of(secrets_.ends.values()) - dice_.Upto(absl::Milliseconds(30));
    if (end > clock_.Now()) return clock_.Advance(end - clock_.Now());
  }
  const size_t how_long = dice_.Below(100);
  if (how_long < 50) {
    clock_.Advance(dice_.Upto(absl::Seconds(10)));
  } else if (how_long < 80) {
    clock_.Advance(dice_.Upto(absl::Minutes(2)));
  } else if (how_long < 95) {
    clock_.Advance(dice_.Upto(absl::Minutes(20)));
  } else if (how_long < 99) {
    clock_.Advance(dice_.Upto(absl::Hours(6)));
  } else {
    clock_.Advance(dice_.Upto(absl::Hours(72)));
  }
}

void World::Accidents() {
  if (dice_.Chance(plan_.crash)) network_.CrashOne();
  if (dice_.Chance(0.05)) network_.RestartSome();
  if (dice_.Chance(plan_.outage)) weather_.StartOutage();
  if (dice_.Chance(plan_.clock_step)) {
    ++counts_.clock_steps;
    clock_.StepStore(dice_.Upto(2 * plan_.store_error) - plan_.store_error);
    trace_.Note(clock_.passed(), "clock step", -1, 0, 0);
  }
  if (dice_.Chance(0.03)) {
    trace_.Note(clock_.passed(), "cleanup", -1, 0, janitor_.Clean());
  }
}

void World::SomebodyActs() {
  if (dice_.Chance(0.1)) return office_.InspectSomebody();
  if (dice_.Chance(plan_.admin)) return office_.Act();
  if (dice_.Chance(plan_.attack)) return hostile_.Act();
  devices_[dice_.Below(devices_.size())]->Act();
}

void World::Step() {
  ++counts_.steps;
  LetTimePass();
  EndHanging();
  Accidents();
  if (network_.busy() && dice_.Chance(0.8)) {
    network_.Step();
  } else {
    SomebodyActs();
  }
  counts_.simulated = clock_.passed();
}

void World::Drain() {
  for (int i = 0; i < kDrainSteps && !Quiet() && !violation(); ++i) {
    clock_.Advance(absl::Milliseconds(1));
    EndHanging();
    if (network_.busy()) network_.Step();
  }
  if (!Quiet()) model_.Violate("what waits does not come to an end");
}

void World::SignInOnce(const SubjectKey& subject) {
  const Caller caller{.hostile = false, .always_sends_id = false};
  bool signed_in = false;
  std::optional<OtpId> otp;
  network_.Send(maker_.Request(subject, ""), caller, [&](CallId, const AnyReply* reply) {
    if (reply != nullptr) otp = std::get<SubjectReply>(*reply).otp_id;
  });
  Drain();
  if (!otp || !secrets_.CodeFor(*otp)) return model_.Violate("no code in fair weather");
  network_.Send(maker_.Verify({subject, *otp}, *secrets_.CodeFor(*otp), ""), caller,
                [&](CallId, const AnyReply* reply) {
                  signed_in =
                      reply != nullptr && std::get<SubjectReply>(*reply).session.has_value();
                });
  Drain();
  if (!signed_in) model_.Violate("nobody can sign in, in fair weather");
}

void World::Finish() {
  fair_ = true;
  weather_.Clear();
  network_.StopLosingReplies();
  network_.RestartAll();
  Drain();
  clock_.Advance(absl::Hours(25));
  office_.OpenAll();
  Drain();
  for (const SubjectKey& subject : Subjects()) {
    if (!violation()) SignInOnce(subject);
  }
}

}  // namespace otpgate::sim
