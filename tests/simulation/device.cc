#include "tests/simulation/device.h"

#include <variant>

namespace otpgate::sim {
namespace {

constexpr absl::Duration kTimeout = absl::Seconds(6);
// Well above what a client needs; a device that refreshes all the time would outrun its own
// retries.
constexpr absl::Duration kRefreshEvery = absl::Minutes(1);

}  // namespace

void Device::Begin(What what, std::string guess) {
  call_ = Outstanding{.what = what,
                      .guess = std::move(guess),
                      .request_id = sends_ids_ ? stage_.maker.DrawRequestId() : "",
                      .sent_at = {},
                      .reply = {}};
  if (what == What::kVerify && sends_ids_) {
    stage_.secrets.request_ids.Add({*handle_, call_->request_id});
  }
  Try();
}

void Device::Try() {
  call_->failed = false;
  call_->sent_at = stage_.clock.passed();
  call_->id = stage_.network.Send(Make(), {.hostile = false, .always_sends_id = sends_ids_},
                                  [this](CallId id, const AnyReply* reply) {
                                    if (!call_ || call_->id != id) return;
                                    if (reply == nullptr) call_->failed = true;
                                    if (reply != nullptr) call_->reply = *reply;
                                  });
}

AnyCommand Device::Make() const {
  Maker& maker = stage_.maker;
  switch (call_->what) {
    case What::kRequest:
      return maker.Request(subject_, call_->request_id);
    case What::kResend:
      return maker.Resend(*handle_, call_->request_id);
    case What::kVerify:
      return maker.Verify(*handle_, call_->guess, call_->request_id);
    case What::kRefresh:
      return maker.Refresh(*token_, call_->request_id);
    case What::kSignOut:
      return maker.SignOut(*token_);
    case What::kSignOutEverywhere:
      break;
  }
  return maker.SignOutEverywhere(*token_);
}

void Device::Act() {
  if (!call_) return token_ ? ActSignedIn() : ActSignedOut();
  if (call_->reply) {
    const AnyReply reply = *std::move(call_->reply);
    std::visit([this](const auto& r) { Accept(r); }, reply);
    call_.reset();
  } else if (call_->failed || stage_.clock.passed() - call_->sent_at > kTimeout) {
    const bool gives_up = !sends_ids_ && !token_ && stage_.dice.Chance(0.3);
    if (gives_up) call_.reset();
    if (!gives_up) Try();
  }
}

void Device::ActSignedOut() {
  Dice& dice = stage_.dice;
  const std::string* code = handle_ ? stage_.secrets.CodeFor(handle_->otp_id) : nullptr;
  if (handle_ && dice.Chance(code == nullptr ? 0.5 : 0.15)) return Begin(What::kResend);
  if (code == nullptr || dice.Chance(0.05)) return Begin(What::kRequest);
  Begin(What::kVerify, dice.Chance(0.15) ? stage_.maker.DrawDigits() : *code);
}

void Device::ActSignedIn() {
  Dice& dice = stage_.dice;
  if (dice.Chance(0.04)) return Begin(What::kSignOut);
  if (dice.Chance(0.03)) return Begin(What::kSignOutEverywhere);
  if (stage_.clock.passed() - refreshed_at_ >= kRefreshEvery) return Begin(What::kRefresh);
  stage_.network.Send(stage_.maker.Inspect(*token_), {}, [](CallId, const AnyReply*) {});
}

void Device::Accept(const SubjectReply& reply) {
  if (call_->what == What::kVerify) {
    if (reply.session) {
      token_ = Token{{reply.account->id, reply.session->id}, 0, reply.session->token_version};
      refreshed_at_ = stage_.clock.passed();
      stage_.secrets.tokens.Add(*token_);
    }
    const bool more = reply.reason == Reason::kOtpInvalid && reply.attempts_remaining.value_or(0);
    if (!more) handle_.reset();
  } else if (reply.ok()) {
    handle_ = Handle{subject_, reply.otp_id};
    stage_.secrets.handles.Add(*handle_);
  } else if (call_->what == What::kResend && reply.reason == Reason::kOtpInvalid) {
    handle_.reset();
  }
}

void Device::Accept(const SessionReply& reply) {
  if (call_->what == What::kSignOut || !reply.ok()) {
    token_.reset();
    return;
  }
  token_->generation = reply.session.generation;
  refreshed_at_ = stage_.clock.passed();
  stage_.secrets.tokens.Add(*token_);
}

void Device::Accept(const UserReply&) { token_.reset(); }

}  // namespace otpgate::sim
