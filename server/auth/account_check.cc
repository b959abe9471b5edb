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

std::optional<CheckBearer> CommandFrom(const crypto::AccessClaims& claims) {
  const std::optional<AccountKey> session = SessionOf(claims);
  const auto user_type = UserTypeFrom(claims.user_type);
  if (!session || !user_type || claims.ver > std::numeric_limits<int>::max()) return std::nullopt;
  return CheckBearer{.account = *session,
                     .user_type = *user_type,
                     .token_version = static_cast<int>(claims.ver),
                     .valid_from = std::max(claims.nbf, claims.iat),
                     .expires_at = claims.exp};
}

Outcome<TokenIssuer::Claims> OutcomeOf(absl::StatusOr<TokenIssuer::Claims> claims) {
  if (claims.ok()) return *std::move(claims);
  if (absl::IsUnauthenticated(claims.status())) return TokenIssuer::Claims();
  return FailureFrom(claims.status());
}

}  // namespace

std::optional<AccountKey> SessionOf(const crypto::AccessClaims& claims) {
  const auto user_id = crypto::Base64UrlDecode(claims.sub);
  const auto session_id = crypto::Base64UrlDecode(claims.sid);
  if (!user_id || !session_id || user_id->size() != UserId::kBytes ||
      session_id->size() != SessionId::kBytes) {
    return std::nullopt;
  }
  return AccountKey{UserId{*user_id}, SessionId{*session_id}};
}

void AccountCheck::ReadToRevoke(const std::string& token, const Patience& patience,
                                Done<TokenIssuer::Claims> done) const {
  OnExecutor([this, token] { return tokens_->VerifyToRevoke(token); }, patience, std::move(done));
}

void AccountCheck::OnExecutor(Verification verify, const Patience& patience,
                              Done<TokenIssuer::Claims> done) const {
  const auto shared = std::make_shared<Done<TokenIssuer::Claims>>(std::move(done));
  Executor::Task task = [this, verify = std::move(verify), patience, shared] {
    if (absl::Status impatient = patience.Check(clock_->Steady()); !impatient.ok()) {
      return (*shared)(OutcomeOf(std::move(impatient)));
    }
    (*shared)(OutcomeOf(verify()));
  };
  if (!executor_->PostUnlessFull(task)) {
    (*shared)(OutcomeOf(absl::ResourceExhaustedError("too many signatures to verify")));
  }
}

void AccountCheck::Inspect(const std::string& token, const Patience& patience,
                           Done<std::optional<InspectedToken>> done) const {
  auto ask = [this, patience, done = std::move(done)](Outcome<TokenIssuer::Claims> outcome) {
    if (auto* failure = std::get_if<Failure>(&outcome)) return done(*failure);
    Ask(std::get<TokenIssuer::Claims>(outcome), patience, done);
  };
  if (auto told = tokens_->VerifyRemembered(token)) return ask(OutcomeOf(*std::move(told)));
  OnExecutor([this, token] { return tokens_->Verify(token); }, patience, std::move(ask));
}

void AccountCheck::Ask(const TokenIssuer::Claims& claims, const Patience& patience,
                       Done<std::optional<InspectedToken>> done) const {
  std::optional<CheckBearer> command = claims ? CommandFrom(*claims) : std::nullopt;
  if (!command) return done(std::nullopt);
  engine_->Submit({.command = *std::move(command),
                   .answer =
                       [claims, done = std::move(done)](absl::StatusOr<BearerReply> reply) {
                         if (!reply.ok()) return done(FailureFrom(reply.status()));
                         if (reply->untimely) return done(std::nullopt);
                         done(std::optional(InspectedToken{claims, *std::move(reply)}));
                       },
                   .patience = patience});
}

void AccountCheck::Check(const std::string& token, const Patience& patience,
                         Done<BearerReply> done) const {
  Inspect(token, patience,
          [done = std::move(done)](Outcome<std::optional<InspectedToken>> outcome) {
            if (auto* failure = std::get_if<Failure>(&outcome)) return done(*failure);
            auto& inspected = std::get<std::optional<InspectedToken>>(outcome);
            if (!inspected || !inspected->bearer.active) {
              return done(FailureOf(Reason::kUnauthenticated));
            }
            done(std::move(inspected->bearer));
          });
}

}  // namespace otpgate
