#include "server/auth/account_check.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include "server/auth/failures.h"
#include "server/crypto/base64url.h"

namespace otpgate {
namespace {

// None: claims that no token of ours has.
std::optional<CheckBearer> CommandFrom(const crypto::AccessClaims& claims) {
  const auto user_id = crypto::Base64UrlDecode(claims.sub);
  const auto session_id = crypto::Base64UrlDecode(claims.sid);
  const auto user_type = UserTypeFrom(claims.user_type);
  if (!user_id || !session_id || !user_type || user_id->size() != UserId::kBytes ||
      session_id->size() != SessionId::kBytes || claims.ver > std::numeric_limits<int>::max()) {
    return std::nullopt;
  }
  return CheckBearer{.account = {UserId{*user_id}, SessionId{*session_id}},
                     .user_type = *user_type,
                     .token_version = static_cast<int>(claims.ver),
                     .valid_from = std::max(claims.nbf, claims.iat),
                     .expires_at = claims.exp};
}

}  // namespace

void AccountCheck::ReadClaims(const std::string& token, const Patience& patience,
                              OnClaims done) const {
  if (auto told = tokens_->VerifyRemembered(token)) return done(*std::move(told));
  OnExecutor([this, token] { return tokens_->Verify(token); }, patience, std::move(done));
}

void AccountCheck::ReadClaimsToRevoke(const std::string& token, const Patience& patience,
                                      OnClaims done) const {
  OnExecutor([this, token] { return tokens_->VerifyToRevoke(token); }, patience, std::move(done));
}

void AccountCheck::OnExecutor(Verification verify, const Patience& patience, OnClaims done) const {
  const auto shared = std::make_shared<OnClaims>(std::move(done));
  Executor::Task task = [this, verify = std::move(verify), patience, shared] {
    if (absl::Status impatient = patience.Check(clock_->Steady()); !impatient.ok()) {
      return (*shared)(std::move(impatient));
    }
    (*shared)(verify());
  };
  if (!executor_->PostUnlessFull(task)) {
    (*shared)(absl::ResourceExhaustedError("too many signatures to verify"));
  }
}

void AccountCheck::Inspect(const std::string& token, const Patience& patience,
                           Done<std::optional<BearerReply>> done) const {
  ReadClaims(
      token, patience,
      [this, patience, done = std::move(done)](const absl::StatusOr<TokenIssuer::Claims>& claims) {
        if (claims.ok()) return Inspect(**claims, patience, done);
        if (absl::IsUnauthenticated(claims.status())) return done(std::nullopt);
        done(FailureFrom(claims.status()));
      });
}

void AccountCheck::Inspect(const crypto::AccessClaims& claims, const Patience& patience,
                           Done<std::optional<BearerReply>> done) const {
  std::optional<CheckBearer> command = CommandFrom(claims);
  if (!command) return done(std::nullopt);
  engine_->Submit({.command = *std::move(command),
                   .answer =
                       [done = std::move(done)](absl::StatusOr<BearerReply> reply) {
                         if (!reply.ok()) return done(FailureFrom(reply.status()));
                         if (reply->untimely) return done(std::nullopt);
                         done(std::optional<BearerReply>(*std::move(reply)));
                       },
                   .patience = patience});
}

void AccountCheck::Check(const std::string& token, const Patience& patience,
                         Done<BearerReply> done) const {
  Inspect(token, patience, [done = std::move(done)](Outcome<std::optional<BearerReply>> outcome) {
    if (auto* failure = std::get_if<Failure>(&outcome)) return done(*failure);
    auto& reply = std::get<std::optional<BearerReply>>(outcome);
    if (!reply || !reply->active) return done(FailureOf(Reason::kUnauthenticated));
    done(*std::move(reply));
  });
}

}  // namespace otpgate
