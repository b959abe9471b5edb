#include "tests/simulation/network.h"

#include <type_traits>
#include <utility>
#include <variant>

namespace otpgate::sim {
namespace {

// Clients wait no longer, so servers drop what waited longer.
constexpr absl::Duration kPatience = absl::Seconds(5);

void Sign(SubjectCommand& command, CallId id) {
  std::visit([&](auto& c) { c.origin.audit_id = AuditIdOf(id); }, command);
}
void Sign(SessionCommand& command, CallId id) {
  if (auto* rotation = std::get_if<RotateSession>(&command)) {
    rotation->actor.audit_id = AuditIdOf(id);
  } else if (auto* end = std::get_if<EndSession>(&command)) {
    end->actor.audit_id = AuditIdOf(id);
  }
}
void Sign(UserCommand& command, CallId id) {
  std::visit([&](auto& c) { c.actor.audit_id = AuditIdOf(id); }, command);
}
void Sign(Take&, CallId) {}

}  // namespace

Network::Network(Commons& commons, Model& model, Trace& trace, Counts& counts)
    : commons_(commons), model_(model), trace_(trace), counts_(counts) {
  Dice& dice = commons.dice;
  for (size_t i = 0; i < commons.plan.servers; ++i) {
    const double share = static_cast<double>(dice.Below(2001)) / 1000 - 1;
    commons.clock.AddServer(share * commons.plan.drift,
                            dice.Upto(absl::Seconds(10)) - absl::Seconds(5));
  }
  servers_.resize(commons.plan.servers);
  RestartAll();
}

std::vector<size_t> Network::ServersThat(bool (*is_so)(const SimServer*)) const {
  std::vector<size_t> found;
  for (size_t i = 0; i < servers_.size(); ++i) {
    if (is_so(servers_[i].get())) found.push_back(i);
  }
  return found;
}

bool Network::busy() const {
  return !ServersThat([](const SimServer* s) { return s != nullptr && s->busy(); }).empty();
}

void Network::Step() {
  const auto busy = ServersThat([](const SimServer* s) { return s != nullptr && s->busy(); });
  const size_t server = commons_.dice.Of(busy);
  const char* what = servers_[server]->Step();
  trace_.Note(commons_.clock.passed(), what, static_cast<int>(server), 0, 0);
}

void Network::CrashOne() {
  const auto up = ServersThat([](const SimServer* s) { return s != nullptr; });
  if (up.empty()) return;
  const size_t server = commons_.dice.Of(up);
  ++counts_.crashes;
  trace_.Note(commons_.clock.passed(), "crash", static_cast<int>(server), 0, 0);
  servers_[server].reset();
}

void Network::RestartAll() {
  for (size_t i = 0; i < servers_.size(); ++i) {
    if (!servers_[i]) servers_[i] = std::make_unique<SimServer>(commons_, i);
  }
}

void Network::RestartSome() {
  for (size_t i = 0; i < servers_.size(); ++i) {
    if (servers_[i] || !commons_.dice.Chance(0.5)) continue;
    servers_[i] = std::make_unique<SimServer>(commons_, i);
    trace_.Note(commons_.clock.passed(), "restart", static_cast<int>(i), 0, 0);
  }
}

template <class Shell>
void Network::Submit(size_t server, typename Shell::Command command, CallId id, OnReply on_reply) {
  Pending<Shell> pending;
  pending.command = std::move(command);
  commons_.clock.LetAct(server);
  pending.patience.deadline = commons_.clock.Steady() + kPatience;
  pending.answer = [this, server, id,
                    on_reply = std::move(on_reply)](absl::StatusOr<typename Shell::Reply> reply) {
    const bool lost = loses_replies_ && commons_.dice.Chance(commons_.plan.reply_lost);
    trace_.Note(commons_.clock.passed(), lost ? "answer, lost" : "answer", static_cast<int>(server),
                id, reply.status().raw_code());
    model_.Answered(id, reply);
    if (lost) {
      ++counts_.lost_replies;
    } else if (reply.ok()) {
      const AnyReply any = *std::move(reply);
      on_reply(id, &any);
    } else {
      on_reply(id, nullptr);
    }
  };
  servers_[server]->Submit(std::move(pending));
}

CallId Network::Send(AnyCommand command, Caller caller, OnReply on_reply) {
  const auto up = ServersThat([](const SimServer* s) { return s != nullptr; });
  if (up.empty()) return 0;
  const size_t server = commons_.dice.Of(up);
  const CallId id = model_.NextId();
  std::visit([&](auto& c) { Sign(c, id); }, command);
  model_.Sent(command, caller.hostile, caller.always_sends_id);
  trace_.Note(commons_.clock.passed(), caller.hostile ? "hostile call" : "call",
              static_cast<int>(server), id, static_cast<int64_t>(command.index()));
  if (auto* subject = std::get_if<SubjectCommand>(&command)) {
    Submit<SubjectShell>(server, std::move(*subject), id, std::move(on_reply));
  } else if (auto* session = std::get_if<SessionCommand>(&command)) {
    Submit<SessionShell>(server, std::move(*session), id, std::move(on_reply));
  } else if (auto* user = std::get_if<UserCommand>(&command)) {
    Submit<UserShell>(server, std::move(*user), id, std::move(on_reply));
  } else {
    Submit<BucketShell>(server, std::get<Take>(std::move(command)), id, std::move(on_reply));
  }
  return id;
}

}  // namespace otpgate::sim
