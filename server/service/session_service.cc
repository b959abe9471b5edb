#include "server/service/session_service.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/crypto/base64url.h"
#include "server/engine/submit.h"
#include "server/service/failures.h"

namespace otpgate::service {
namespace {

storage::AccountKey KeyOf(const keys::RefreshToken& token) {
  return {UserId{token.user_id}, SessionId{token.session_id}};
}

TokenFacts FactsOf(const crypto::AccessClaims& claims, const domain::BearerReply& bearer) {
  return {.refresh = false,
          .user_id = bearer.account.id,
          .session_id = bearer.session_id,
          .client_id = claims.client_id,
          .user_type = bearer.account.user_type,
          .issuer = claims.iss,
          .audiences = claims.aud,
          .token_id = claims.jti,
          .issued_at = claims.iat,
          .expires_at = claims.exp,
          .auth_time = claims.auth_time,
          .amr = claims.amr.front()};
}

TokenFacts FactsOf(const storage::AccountKey& key, const storage::SessionState& session) {
  return {.refresh = true,
          .user_id = key.user_id,
          .session_id = key.session_id,
          .client_id = session.caller,
          .user_type = session.account->user_type,
          .issuer = {},
          .audiences = {},
          .token_id = {},
          .issued_at = session.last_seen_at(),
          .expires_at = std::min(session.idle_expires_at, session.absolute_expires_at),
          .auth_time = session.created_at,
          .amr = session.amr};
}

// The use cases come first, then the steps they share.
class SessionService final : public SessionApi {
 public:
  explicit SessionService(SessionServiceParts parts) : parts_(std::move(parts)) {}

  runtime::Task<errors::Outcome<TokenPair>> RefreshToken(
      CallContext context, validation::RefreshTokenInput input) const override {
    if (!parts_.tokens->ready()) co_return tl::unexpected(FailureFrom(absl::UnavailableError("")));
    const auto token = parts_.tokens->ParseRefresh(input.refresh_token);
    if (!token) {
      if (parts_.on_refresh) parts_.on_refresh(domain::RefreshOutcome::kUnknown);
      co_return tl::unexpected(FailureOf(errors::Reason::kTokenInvalid));
    }

    const storage::AccountKey session = KeyOf(*token);
    domain::SessionCommand command =
        domain::RotateSession{.session = session,
                              .generation = token->generation,
                              .request_id = std::move(input.request_id),
                              .refresh_key_id = parts_.tokens->refresh_key_id(),
                              .actor = ActorOf(context)};
    const absl::StatusOr<domain::SessionReply> reply =
        co_await Submit(parts_.sessions, std::move(command), context.cancellation);
    if (parts_.on_refresh) {
      parts_.on_refresh(reply.ok() ? domain::OutcomeOf(*reply) : domain::RefreshOutcome::kFailed);
    }
    if (!reply.ok()) co_return tl::unexpected(FailureFrom(reply.status()));
    Note(session, context.caller, *reply);
    if (!reply->ok()) co_return tl::unexpected(FailureOf(reply->reason));

    co_await parts_.executor->Schedule();
    absl::StatusOr<TokenPair> tokens = parts_.tokens->Issue(
        *reply->session.account, GenerationOf(session.session_id, reply->session), reply->now);
    if (!tokens.ok()) co_return tl::unexpected(FailureOf(errors::Reason::kInternal));
    co_return *std::move(tokens);
  }

  runtime::Task<errors::Outcome<std::monostate>> RevokeToken(
      CallContext context, validation::TokenInput input) const override {
    if (!parts_.tokens->ready()) co_return tl::unexpected(FailureFrom(absl::UnavailableError("")));
    std::optional<storage::AccountKey> session;
    if (const auto refresh = parts_.tokens->ParseToRevoke(input.token)) {
      session = KeyOf(*refresh);
    } else {
      errors::Outcome<TokenIssuer::Claims> read =
          co_await parts_.accounts->ReadToRevoke(std::move(input.token), context.cancellation);
      if (!read) co_return tl::unexpected(read.error());
      const TokenIssuer::Claims& claims = *read;
      if (claims) session = SessionOf(*claims);
    }
    if (!session) co_return std::monostate();  // RFC 7009 2.2: an unknown token is no error
    co_return co_await End(std::move(context), *std::move(session),
                           storage::RevokedReason::kLogout);
  }

  runtime::Task<errors::Outcome<std::optional<TokenFacts>>> IntrospectToken(
      CallContext context, validation::TokenInput input) const override {
    if (!parts_.tokens->ready()) co_return tl::unexpected(FailureFrom(absl::UnavailableError("")));
    if (const auto refresh = parts_.tokens->ParseRefresh(input.token)) {
      const storage::AccountKey session = KeyOf(*refresh);
      domain::SessionCommand command =
          domain::InspectSession{.session = session, .generation = refresh->generation};
      const absl::StatusOr<domain::SessionReply> reply =
          co_await Submit(parts_.sessions, std::move(command), context.cancellation);
      if (!reply.ok()) co_return tl::unexpected(FailureFrom(reply.status()));
      if (!reply->ok()) co_return std::nullopt;
      co_return FactsOf(session, reply->session);
    }

    errors::Outcome<std::optional<InspectedToken>> outcome =
        co_await parts_.accounts->Inspect(std::move(input.token), std::move(context.cancellation));
    if (!outcome) co_return tl::unexpected(outcome.error());
    const std::optional<InspectedToken>& inspected = *outcome;
    if (!inspected || !inspected->bearer.active) co_return std::nullopt;
    co_return FactsOf(*inspected->claims, inspected->bearer);
  }

  runtime::Task<errors::Outcome<std::vector<SessionView>>> ListSessions(
      CallContext context) const override {
    errors::Outcome<domain::BearerReply> checked =
        co_await parts_.accounts->Check(std::move(context.bearer), context.cancellation);
    if (!checked) co_return tl::unexpected(checked.error());
    const domain::BearerReply& bearer = *checked;

    domain::SessionListRules::Command command{.user = bearer.account.id,
                                              .token_version = bearer.account.token_version,
                                              .not_before = bearer.not_before};
    absl::StatusOr<domain::ListSessionsReply> reply =
        co_await Submit(parts_.lists, std::move(command), context.cancellation);
    if (!reply.ok()) co_return tl::unexpected(FailureFrom(reply.status()));
    std::vector<SessionView> views;
    for (storage::SessionInfo& info : reply->sessions) {
      const bool is_current = info.id == bearer.session_id;
      views.push_back({std::move(info), is_current});
    }
    co_return views;
  }

  runtime::Task<errors::Outcome<std::monostate>> RevokeSession(
      CallContext context, validation::SessionInput input) const override {
    errors::Outcome<domain::BearerReply> inspected =
        co_await InspectBearer(std::move(context.bearer), context.cancellation);
    if (!inspected) co_return tl::unexpected(inspected.error());
    const domain::BearerReply& bearer = *inspected;
    // A repeat of a call that ended the session of its own bearer token.
    if (!bearer.active && bearer.session_id == input.session_id) co_return std::monostate();
    if (!bearer.active) co_return tl::unexpected(FailureOf(errors::Reason::kUnauthenticated));

    storage::AccountKey session{bearer.account.id, std::move(input.session_id)};
    co_return co_await End(std::move(context), std::move(session), storage::RevokedReason::kUser);
  }

  runtime::Task<errors::Outcome<std::monostate>> RevokeAllSessions(
      CallContext context) const override {
    errors::Outcome<domain::BearerReply> inspected =
        co_await InspectBearer(std::move(context.bearer), context.cancellation);
    if (!inspected) co_return tl::unexpected(inspected.error());
    const domain::BearerReply& bearer = *inspected;
    if (bearer.superseded) co_return std::monostate();  // a repeat
    if (!bearer.active) co_return tl::unexpected(FailureOf(errors::Reason::kUnauthenticated));

    domain::UserCommand command =
        domain::EndAllSessions{.user = bearer.account.id,
                               .token_version = bearer.account.token_version,
                               .reason = storage::RevokedReason::kUser,
                               .actor = ActorOf(context)};
    const absl::StatusOr<domain::UserReply> reply =
        co_await Submit(parts_.users, std::move(command), context.cancellation);
    if (!reply.ok()) co_return tl::unexpected(FailureFrom(reply.status()));
    co_return std::monostate();
  }

  runtime::Task<errors::Outcome<std::vector<crypto::VerifyKey>>> GetJwks(
      CallContext) const override {
    const std::shared_ptr<const SigningKeyset> keys = parts_.tokens->keyset();
    if (keys == nullptr) co_return tl::unexpected(FailureFrom(absl::UnavailableError("")));
    co_return keys->published();
  }

 private:
  // The bearer of a token of ours, active or not: a repeat of the call that ended its session must
  // still be answered. kUnauthenticated: any other token.
  runtime::Task<errors::Outcome<domain::BearerReply>> InspectBearer(
      std::string token, engine::Cancellation cancellation) const {
    errors::Outcome<std::optional<InspectedToken>> outcome =
        co_await parts_.accounts->Inspect(std::move(token), std::move(cancellation));
    if (!outcome) co_return tl::unexpected(outcome.error());
    std::optional<InspectedToken>& inspected = *outcome;
    if (!inspected) co_return tl::unexpected(FailureOf(errors::Reason::kUnauthenticated));
    co_return std::move(inspected->bearer);
  }

  runtime::Task<errors::Outcome<std::monostate>> End(CallContext context,
                                                     storage::AccountKey session,
                                                     storage::RevokedReason reason) const {
    domain::SessionCommand command =
        domain::EndSession{.session = session, .reason = reason, .actor = ActorOf(context)};
    const absl::StatusOr<domain::SessionReply> reply =
        co_await Submit(parts_.sessions, std::move(command), context.cancellation);
    if (!reply.ok()) co_return tl::unexpected(FailureFrom(reply.status()));
    Note(session, context.caller, *reply);
    co_return std::monostate();
  }

  domain::Actor ActorOf(const CallContext& context) const {
    return {.caller = context.caller,
            .ip = context.end_user_address ? context.end_user_address->text : std::string(),
            .audit_id = NewId<AuditTag>(parts_.clock->Now(), *parts_.random)};
  }

  void Note(const storage::AccountKey& session, const std::string& caller,
            const domain::SessionReply& reply) const {
    if (!reply.event) return;
    parts_.log->Write(IsWarning(*reply.event) ? LogLevel::kWarning : LogLevel::kInfo,
                      NameOf(*reply.event),
                      {{"user_id", crypto::Base64UrlEncode(session.user_id.bytes)},
                       {"session_id", crypto::Base64UrlEncode(session.session_id.bytes)},
                       {"caller", caller}});
  }

  const SessionServiceParts parts_;
};

}  // namespace

std::unique_ptr<SessionApi> NewSessionService(SessionServiceParts parts) {
  return std::make_unique<SessionService>(std::move(parts));
}

}  // namespace otpgate::service
