#include "server/service/account_check.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <optional>
#include <utility>

#include "base/crypto/base64url.h"
#include "server/engine/submit.h"
#include "server/service/failures.h"

namespace otpgate::service {
namespace {

std::optional<domain::CheckBearer> CommandFrom(const crypto::AccessClaims& claims) {
  const std::optional<storage::AccountKey> session = SessionOf(claims);
  const auto user_type = storage::UserTypeFrom(claims.user_type);
  if (!session || !user_type || claims.ver > std::numeric_limits<int>::max()) return std::nullopt;
  return domain::CheckBearer{.account = *session,
                             .user_type = *user_type,
                             .token_version = static_cast<int>(claims.ver),
                             .valid_from = std::max(claims.nbf, claims.iat),
                             .expires_at = claims.exp};
}

errors::Outcome<TokenIssuer::Claims> OutcomeOf(absl::StatusOr<TokenIssuer::Claims> claims) {
  if (claims.ok()) return *std::move(claims);
  if (absl::IsUnauthenticated(claims.status())) return TokenIssuer::Claims();
  return tl::unexpected(FailureFrom(claims.status()));
}

}  // namespace

std::optional<storage::AccountKey> SessionOf(const crypto::AccessClaims& claims) {
  const auto user_id = crypto::Base64UrlDecode(claims.sub);
  const auto session_id = crypto::Base64UrlDecode(claims.sid);
  if (!user_id || !session_id || user_id->size() != UserId::kBytes ||
      session_id->size() != SessionId::kBytes) {
    return std::nullopt;
  }
  return storage::AccountKey{UserId{*user_id}, SessionId{*session_id}};
}

runtime::Task<absl::Status> AccountCheck::ToExecutor(engine::Cancellation cancellation) const {
  const bool taken = co_await executor_->ScheduleUnlessFull();
  if (!taken) co_return absl::ResourceExhaustedError("too many signatures to verify");
  co_return cancellation.Check(clock_->Steady());
}

runtime::Task<errors::Outcome<TokenIssuer::Claims>> AccountCheck::ReadToRevoke(
    std::string token, engine::Cancellation cancellation) const {
  const absl::Status moved = co_await ToExecutor(cancellation);
  if (!moved.ok()) co_return OutcomeOf(moved);
  co_return OutcomeOf(tokens_->VerifyToRevoke(token));
}

runtime::Task<errors::Outcome<std::optional<InspectedToken>>> AccountCheck::Inspect(
    std::string token, engine::Cancellation cancellation) const {
  std::optional<absl::StatusOr<TokenIssuer::Claims>> verified = tokens_->VerifyRemembered(token);
  if (!verified) {
    const absl::Status moved = co_await ToExecutor(cancellation);
    if (!moved.ok()) co_return tl::unexpected(FailureFrom(moved));
    verified = tokens_->Verify(token);
  }
  if (absl::IsUnauthenticated(verified->status())) co_return std::nullopt;
  if (!verified->ok()) co_return tl::unexpected(FailureFrom(verified->status()));

  const TokenIssuer::Claims claims = **std::move(verified);
  std::optional<domain::CheckBearer> command = CommandFrom(*claims);
  if (!command) co_return std::nullopt;
  absl::StatusOr<domain::BearerReply> reply =
      co_await Submit(engine_, *std::move(command), cancellation);
  if (!reply.ok()) co_return tl::unexpected(FailureFrom(reply.status()));
  if (reply->untimely) co_return std::nullopt;
  InspectedToken inspected;
  inspected.claims = claims;
  inspected.bearer = *std::move(reply);
  co_return std::optional<InspectedToken>(std::move(inspected));
}

runtime::Task<errors::Outcome<domain::BearerReply>> AccountCheck::Check(
    std::string token, engine::Cancellation cancellation) const {
  errors::Outcome<std::optional<InspectedToken>> outcome =
      co_await Inspect(std::move(token), std::move(cancellation));
  if (!outcome) co_return tl::unexpected(outcome.error());
  std::optional<InspectedToken>& inspected = *outcome;
  if (!inspected || !inspected->bearer.active)
    co_return tl::unexpected(FailureOf(errors::Reason::kUnauthenticated));
  co_return std::move(inspected->bearer);
}

runtime::Task<errors::Outcome<domain::BearerReply>> AccountCheck::CheckSession(
    storage::AccountKey session, engine::Cancellation cancellation) const {
  domain::CheckBearer command{.account = std::move(session)};
  absl::StatusOr<domain::BearerReply> reply =
      co_await Submit(engine_, std::move(command), cancellation);
  if (!reply.ok()) co_return tl::unexpected(FailureFrom(reply.status()));
  if (!reply->active) co_return tl::unexpected(FailureOf(errors::Reason::kUnauthenticated));
  co_return *std::move(reply);
}

}  // namespace otpgate::service
