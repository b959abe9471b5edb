#include "tests/simulation/device.h"

#include <variant>

namespace otpgate::simulation {
namespace {

constexpr absl::Duration kTimeout = absl::Seconds(6);
// A device that refreshed all the time would rotate its token before its own retries arrive.
constexpr absl::Duration kRefreshEvery = absl::Minutes(1);

}  // namespace

void Device::Begin(What what, std::string guess) {
  call_ = Outstanding{.what = what,
                      .guess = std::move(guess),
                      .request_id = sends_ids_ ? context_.commands.DrawRequestId() : "",
                      .sent_at = {},
                      .reply = {}};
  if (what == What::kVerify && sends_ids_) {
    context_.secrets.request_ids.Add({*handle_, call_->request_id});
  }
  Try();
}

void Device::Try() {
  call_->failed = false;
  call_->sent_at = context_.clock.passed();
  call_->id = context_.network.Send(Make(), {.hostile = false, .always_sends_id = sends_ids_},
                                    [this](CallId id, const AnyReply* reply) {
                                      if (!call_ || call_->id != id) return;
                                      if (reply == nullptr) call_->failed = true;
                                      if (reply != nullptr) call_->reply = *reply;
                                    });
}

AnyCommand Device::Make() const {
  CommandFactory& commands = context_.commands;
  switch (call_->what) {
    case What::kRequest:
      return commands.Request(subject_, purpose_, call_->request_id);
    case What::kResend:
      return commands.Resend(*handle_, call_->request_id);
    case What::kVerify:
      return commands.Verify(*handle_, call_->guess, call_->request_id);
    case What::kRefresh:
      return commands.Refresh(*token_, call_->request_id);
    case What::kSignOut:
      return commands.SignOut(*token_);
    case What::kSignOutEverywhere:
      break;
  }
  return commands.SignOutEverywhere(*token_);
}

void Device::Act() {
  if (!call_) return token_ ? ActSignedIn() : ActSignedOut();
  if (call_->reply) {
    const AnyReply reply = *std::move(call_->reply);
    std::visit([this](const auto& r) { Accept(r); }, reply);
    call_.reset();
  } else if (call_->failed || context_.clock.passed() - call_->sent_at > kTimeout) {
    const bool gives_up = !sends_ids_ && !token_ && context_.choices.Chance(0.3);
    if (gives_up) call_.reset();
    if (!gives_up) Try();
  }
}

void Device::ActSignedOut() {
  SeededChoices& choices = context_.choices;
  const std::string* code = handle_ ? context_.secrets.CodeFor(handle_->otp_id) : nullptr;
  if (handle_ && choices.Chance(code == nullptr ? 0.5 : 0.15)) return Begin(What::kResend);
  if (code == nullptr || choices.Chance(0.05)) return Begin(What::kRequest);
  Begin(What::kVerify, choices.Chance(0.15) ? context_.commands.DrawDigits() : *code);
}

void Device::ActSignedIn() {
  SeededChoices& choices = context_.choices;
  if (choices.Chance(0.04)) return Begin(What::kSignOut);
  if (choices.Chance(0.03)) return Begin(What::kSignOutEverywhere);
  if (context_.clock.passed() - refreshed_at_ >= kRefreshEvery) return Begin(What::kRefresh);
  context_.network.Send(context_.commands.Inspect(*token_), {}, [](CallId, const AnyReply*) {});
}

void Device::Accept(const domain::SubjectReply& reply) {
  if (call_->what == What::kVerify) {
    if (reply.session) {
      token_ = Token{{reply.account->id, reply.session->id}, 0, reply.session->token_version};
      refreshed_at_ = context_.clock.passed();
      context_.secrets.tokens.Add(*token_);
    }
    const bool more =
        reply.reason == errors::Reason::kOtpInvalid && reply.attempts_remaining.value_or(0);
    if (!more) handle_.reset();
  } else if (reply.ok()) {
    handle_ = Handle{subject_, reply.otp_id, purpose_};
    context_.secrets.handles.Add(*handle_);
  } else if (call_->what == What::kResend && reply.reason == errors::Reason::kOtpInvalid) {
    handle_.reset();
  }
}

void Device::Accept(const domain::SessionReply& reply) {
  if (call_->what == What::kSignOut || !reply.ok()) {
    token_.reset();
    return;
  }
  token_->generation = reply.session.generation;
  refreshed_at_ = context_.clock.passed();
  context_.secrets.tokens.Add(*token_);
}

void Device::Accept(const domain::UserReply&) { token_.reset(); }

}  // namespace otpgate::simulation
