#include "tests/simulation/hostile.h"

#include <string>
#include <utility>
#include <variant>

namespace otpgate::sim {

void Hostile::Act() {
  switch (stage_.dice.Below(10)) {
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

// Whatever comes out is of use to the next attack.
void Hostile::Send(AnyCommand command) {
  SubjectKey subject;
  if (const auto* c = std::get_if<SubjectCommand>(&command)) subject = SubjectRules::KeyOf(*c);
  stage_.network.Send(
      std::move(command), {.hostile = true}, [this, subject](CallId, const AnyReply* reply) {
        const auto* got = reply == nullptr ? nullptr : std::get_if<SubjectReply>(reply);
        if (got == nullptr || !got->ok()) return;
        if (got->session && got->account) {
          stage_.secrets.tokens.Add(
              {{got->account->id, got->session->id}, 0, got->session->token_version});
        } else if (!got->otp_id.empty()) {
          stage_.secrets.handles.Add({subject, got->otp_id});
        }
      });
}

void Hostile::Ask() {
  const std::string id = stage_.dice.Chance(0.5) ? stage_.maker.DrawRequestId() : "";
  Send(stage_.maker.Request(stage_.dice.Of(subjects_), id));
}

// Some know nothing but the subject.
Handle Hostile::MayHold(const Handle& handle) {
  return stage_.dice.Chance(0.25) ? Handle{handle.subject, {}} : handle;
}

void Hostile::Guess() {
  if (stage_.secrets.handles.empty()) return Ask();
  const Handle& handle = stage_.dice.Of(stage_.secrets.handles.values());
  const std::string id = stage_.dice.Chance(0.3) ? stage_.maker.DrawRequestId() : "";
  const std::string guess = stage_.maker.DrawDigits();
  const Handle held = MayHold(handle);
  const size_t times = 1 + stage_.dice.Below(3);
  for (size_t i = 0; i < times; ++i) Send(stage_.maker.Verify(held, guess, id));
}

// The right code, by several ways at once; also long after it was used.
void Hostile::ReplayCode() {
  if (stage_.secrets.handles.empty()) return Ask();
  const Handle& handle = stage_.dice.Of(stage_.secrets.handles.values());
  const std::string* code = stage_.secrets.CodeFor(handle.otp_id);
  if (code == nullptr) return;
  const Handle held = MayHold(handle);
  const size_t times = 1 + stage_.dice.Below(3);
  for (size_t i = 0; i < times; ++i) Send(stage_.maker.Verify(held, *code, ""));
}

void Hostile::ReplayToken() {
  if (stage_.secrets.tokens.empty()) return Guess();
  const Token& token = stage_.dice.Of(stage_.secrets.tokens.values());
  const std::string id = stage_.dice.Chance(0.3) ? stage_.maker.DrawRequestId() : "";
  if (stage_.dice.Chance(0.3)) return Send(stage_.maker.Inspect(token));
  Send(stage_.maker.Refresh(token, id));
}

// Somebody else's id with another guess, or with the right one again.
void Hostile::ReuseRequestId() {
  if (stage_.secrets.request_ids.empty()) return Guess();
  const auto& [handle, id] = stage_.dice.Of(stage_.secrets.request_ids.values());
  const std::string* code = stage_.secrets.CodeFor(handle.otp_id);
  const bool right = code != nullptr && stage_.dice.Chance(0.5);
  Send(stage_.maker.Verify(handle, right ? *code : stage_.maker.DrawDigits(), id));
}

void Hostile::Flood() {
  const std::string bucket = stage_.dice.Chance(0.7) ? "ip:203.0.113.7/32" : "ip:198.51.100.1/32";
  const size_t times = 1 + stage_.dice.Below(8);
  for (size_t i = 0; i < times; ++i) Send(Take{.bucket = bucket, .limit = plan_.bucket});
  if (stage_.dice.Chance(0.3)) Ask();
}

}  // namespace otpgate::sim
