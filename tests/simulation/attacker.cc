#include "tests/simulation/attacker.h"

#include <string>
#include <utility>
#include <variant>

#include "tests/simulation/subject_spec.h"

namespace otpgate::simulation {

void Attacker::Act() {
  switch (context_.choices.Below(10)) {
    case 0:
      return Ask();
    case 1:
    case 2:
    case 3:
      return Guess();
    case 4:
    case 5:
      return ReplayCode();
    case 6:
    case 7:
      return ReplayToken();
    case 8:
      return ReuseRequestId();
    default:
      return Flood();
  }
}

// Keeps the handles and tokens of the replies for later attacks.
void Attacker::Send(AnyCommand command) {
  Handle asked;
  if (const auto* c = std::get_if<domain::SubjectCommand>(&command)) {
    asked = {domain::SubjectRules::KeyOf(*c), {}, PurposeOf(*c)};
  }
  context_.network.Send(
      std::move(command), {.hostile = true}, [this, asked](CallId, const AnyReply* reply) {
        const auto* got = reply == nullptr ? nullptr : std::get_if<domain::SubjectReply>(reply);
        if (got == nullptr || !got->ok()) return;
        if (got->session && got->account) {
          context_.secrets.tokens.Add(
              {{got->account->id, got->session->id}, 0, got->session->token_version});
        } else if (!got->otp_id.empty()) {
          context_.secrets.handles.Add({asked.subject, got->otp_id, asked.purpose});
        }
      });
}

void Attacker::Ask() {
  const std::string id = context_.choices.Chance(0.5) ? context_.commands.DrawRequestId() : "";
  const storage::Purpose purpose =
      context_.choices.Chance(0.2) ? storage::Purpose::kVerification : storage::Purpose::kLogin;
  Send(context_.commands.Request(context_.choices.Of(subjects_), purpose, id));
}

// Some attackers know the subject but not the handle.
Handle Attacker::HandleOrSubjectOnly(const Handle& handle) {
  return context_.choices.Chance(0.25) ? Handle{handle.subject, {}, handle.purpose} : handle;
}

void Attacker::Guess() {
  if (context_.secrets.handles.empty()) return Ask();
  const Handle& handle = context_.choices.Of(context_.secrets.handles.values());
  const std::string id = context_.choices.Chance(0.3) ? context_.commands.DrawRequestId() : "";
  const std::string guess = context_.commands.DrawDigits();
  const Handle held = HandleOrSubjectOnly(handle);
  const size_t times = 1 + context_.choices.Below(3);
  for (size_t i = 0; i < times; ++i) Send(context_.commands.Verify(held, guess, id));
}

// Sends the right code several times at once, possibly long after it was used.
void Attacker::ReplayCode() {
  if (context_.secrets.handles.empty()) return Ask();
  const Handle& handle = context_.choices.Of(context_.secrets.handles.values());
  const std::string* code = context_.secrets.CodeFor(handle.otp_id);
  if (code == nullptr) return;
  const Handle held = HandleOrSubjectOnly(handle);
  const size_t times = 1 + context_.choices.Below(3);
  for (size_t i = 0; i < times; ++i) Send(context_.commands.Verify(held, *code, ""));
}

void Attacker::ReplayToken() {
  if (context_.secrets.tokens.empty()) return Guess();
  const Token& token = context_.choices.Of(context_.secrets.tokens.values());
  const std::string id = context_.choices.Chance(0.3) ? context_.commands.DrawRequestId() : "";
  if (context_.choices.Chance(0.3)) return Send(context_.commands.Inspect(token));
  Send(context_.commands.Refresh(token, id));
}

// Sends the request_id of somebody else, with another guess or with the right code.
void Attacker::ReuseRequestId() {
  if (context_.secrets.request_ids.empty()) return Guess();
  const auto& [handle, id] = context_.choices.Of(context_.secrets.request_ids.values());
  const std::string* code = context_.secrets.CodeFor(handle.otp_id);
  const bool right = code != nullptr && context_.choices.Chance(0.5);
  Send(context_.commands.Verify(handle, right ? *code : context_.commands.DrawDigits(), id));
}

void Attacker::Flood() {
  const std::string bucket =
      context_.choices.Chance(0.7) ? "ip:203.0.113.7/32" : "ip:198.51.100.1/32";
  const size_t times = 1 + context_.choices.Below(8);
  for (size_t i = 0; i < times; ++i) Send(domain::Take{.bucket = bucket, .limit = plan_.bucket});
  if (context_.choices.Chance(0.3)) Ask();
}

}  // namespace otpgate::simulation
