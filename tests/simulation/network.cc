#include "tests/simulation/network.h"

#include <type_traits>
#include <utility>
#include <variant>

namespace otpgate::simulation {
namespace {

// Servers drop commands that waited longer, because their callers have given up by then.
constexpr absl::Duration kCallTimeout = absl::Seconds(5);

void SetAuditId(domain::SubjectCommand& command, CallId id) {
  std::visit([&](auto& c) { c.origin.audit_id = AuditIdOf(id); }, command);
}
void SetAuditId(domain::SessionCommand& command, CallId id) {
  if (auto* rotation = std::get_if<domain::RotateSession>(&command)) {
    rotation->actor.audit_id = AuditIdOf(id);
  } else if (auto* end = std::get_if<domain::EndSession>(&command)) {
    end->actor.audit_id = AuditIdOf(id);
  }
}
void SetAuditId(domain::UserCommand& command, CallId id) {
  std::visit([&](auto& c) { c.actor.audit_id = AuditIdOf(id); }, command);
}
void SetAuditId(domain::Take&, CallId) {}

}  // namespace

Network::Network(ServerContext& context, Model& model, Trace& trace, Counts& counts)
    : context_(context), model_(model), trace_(trace), counts_(counts) {
  SeededChoices& choices = context.choices;
  for (size_t i = 0; i < context.plan.servers; ++i) {
    const double share = static_cast<double>(choices.Below(2001)) / 1000 - 1;
    context.clock.AddServer(share * context.plan.drift,
                            choices.Upto(absl::Seconds(10)) - absl::Seconds(5));
  }
  servers_.resize(context.plan.servers);
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
  const size_t server = context_.choices.Of(busy);
  const char* what = servers_[server]->Step();
  trace_.Note(context_.clock.passed(), what, static_cast<int>(server), 0, 0);
}

void Network::CrashOne() {
  const auto up = ServersThat([](const SimServer* s) { return s != nullptr; });
  if (up.empty()) return;
  const size_t server = context_.choices.Of(up);
  ++counts_.crashes;
  trace_.Note(context_.clock.passed(), "crash", static_cast<int>(server), 0, 0);
  servers_[server].reset();
}

void Network::RestartAll() {
  for (size_t i = 0; i < servers_.size(); ++i) {
    if (!servers_[i]) servers_[i] = std::make_unique<SimServer>(context_, i);
  }
}

void Network::RestartSome() {
  for (size_t i = 0; i < servers_.size(); ++i) {
    if (servers_[i] || !context_.choices.Chance(0.5)) continue;
    servers_[i] = std::make_unique<SimServer>(context_, i);
    trace_.Note(context_.clock.passed(), "restart", static_cast<int>(i), 0, 0);
  }
}

template <class Rules>
void Network::Submit(size_t server, typename Rules::Command command, CallId id, OnReply on_reply) {
  engine::Pending<Rules> pending;
  pending.command = std::move(command);
  context_.clock.LetAct(server);
  pending.cancellation.deadline = context_.clock.Steady() + kCallTimeout;
  pending.answer = [this, server, id,
                    on_reply = std::move(on_reply)](absl::StatusOr<typename Rules::Reply> reply) {
    const bool lost = loses_replies_ && context_.choices.Chance(context_.plan.reply_lost);
    trace_.Note(context_.clock.passed(), lost ? "answer, lost" : "answer", static_cast<int>(server),
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

CallId Network::Send(AnyCommand command, ActorTraits traits, OnReply on_reply) {
  const auto up = ServersThat([](const SimServer* s) { return s != nullptr; });
  if (up.empty()) return 0;
  const size_t server = context_.choices.Of(up);
  const CallId id = model_.NextId();
  std::visit([&](auto& c) { SetAuditId(c, id); }, command);
  model_.Sent(command, traits.hostile, traits.always_sends_id);
  trace_.Note(context_.clock.passed(), traits.hostile ? "hostile call" : "call",
              static_cast<int>(server), id, static_cast<int64_t>(command.index()));
  if (auto* subject = std::get_if<domain::SubjectCommand>(&command)) {
    Submit<SubjectRulesUnderTest>(server, std::move(*subject), id, std::move(on_reply));
  } else if (auto* session = std::get_if<domain::SessionCommand>(&command)) {
    Submit<SessionRulesUnderTest>(server, std::move(*session), id, std::move(on_reply));
  } else if (auto* user = std::get_if<domain::UserCommand>(&command)) {
    Submit<UserRulesUnderTest>(server, std::move(*user), id, std::move(on_reply));
  } else {
    Submit<BucketRulesUnderTest>(server, std::get<domain::Take>(std::move(command)), id,
                                 std::move(on_reply));
  }
  return id;
}

}  // namespace otpgate::simulation
