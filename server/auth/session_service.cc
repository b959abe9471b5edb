#include "server/auth/session_service.h"

#include <string>

#include "server/auth/failures.h"
#include "server/crypto/base64url.h"

namespace otpgate {
namespace {

AccountKey KeyOf(const crypto::RefreshToken& token) {
  return {UserId{token.user_id}, SessionId{token.session_id}};
}

TokenFacts FactsOf(const crypto::AccessClaims& claims, const BearerReply& bearer) {
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

TokenFacts FactsOf(const AccountKey& key, const SessionState& session) {
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

}  // namespace

Actor SessionService::ActorOf(const CallContext& context) const {
  return {.caller = context.caller,
          .ip = context.client ? context.client->text : std::string(),
          .audit_id = NewId<AuditTag>(parts_.clock->Now(), *parts_.random)};
}

void SessionService::RefreshToken(const CallContext& context, const RefreshTokenInput& input,
                                  Done<TokenPair> done) const {
  if (!parts_.tokens->ready()) return done(FailureFrom(absl::UnavailableError("")));
  const auto token = parts_.tokens->ParseRefresh(input.refresh_token);
  if (!token) {
    if (parts_.on_refresh) parts_.on_refresh(absl::UnauthenticatedError("not ours"));
    return done(FailureOf(Reason::kTokenInvalid));
  }
  const AccountKey session = KeyOf(*token);
  parts_.sessions->Submit(
      {.command = RotateSession{.session = session,
                                .generation = token->generation,
                                .request_id = input.request_id,
                                .refresh_key_id = parts_.tokens->refresh_key_id(),
                                .actor = ActorOf(context)},
       .answer =
           [this, session, caller = context.caller,
            done = std::move(done)](absl::StatusOr<SessionReply> reply) {
             if (parts_.on_refresh) parts_.on_refresh(reply);
             if (!reply.ok()) return done(FailureFrom(reply.status()));
             Note(session, caller, *reply);
             if (!reply->ok()) return done(FailureOf(reply->reason));
             parts_.executor->Post([this, session, done, reply = *std::move(reply)] {
               AnswerRefreshed(session, reply, done);
             });
           },
       .patience = context.patience});
}

void SessionService::AnswerRefreshed(const AccountKey& session, const SessionReply& reply,
                                     const Done<TokenPair>& done) const {
  absl::StatusOr<TokenPair> tokens = parts_.tokens->Issue(
      *reply.session.account, GenerationOf(session.session_id, reply.session), reply.now);
  if (!tokens.ok()) return done(FailureOf(Reason::kInternal));
  done(*std::move(tokens));
}

void SessionService::Note(const AccountKey& session, const std::string& caller,
                          const SessionReply& reply) const {
  if (reply.event.empty() && !reply.from_future) return;
  const std::string event = reply.from_future ? "TOKEN_FROM_FUTURE" : reply.event;
  const bool alarm = reply.from_future || event == "TOKEN_REUSE";
  parts_.log->Write(alarm ? LogLevel::kWarning : LogLevel::kInfo, event,
                    {{"user_id", crypto::Base64UrlEncode(session.user_id.bytes)},
                     {"session_id", crypto::Base64UrlEncode(session.session_id.bytes)},
                     {"caller", caller}});
}

void SessionService::End(const CallContext& context, const AccountKey& session, const char* why,
                         Done<std::monostate> done) const {
  parts_.sessions->Submit(
      {.command = EndSession{.session = session, .why = why, .actor = ActorOf(context)},
       .answer =
           [this, session, caller = context.caller,
            done = std::move(done)](absl::StatusOr<SessionReply> reply) {
             if (!reply.ok()) return done(FailureFrom(reply.status()));
             Note(session, caller, *reply);
             done(std::monostate());
           },
       .patience = context.patience});
}

void SessionService::RevokeToken(const CallContext& context, const TokenInput& input,
                                 Done<std::monostate> done) const {
  if (!parts_.tokens->ready()) return done(FailureFrom(absl::UnavailableError("")));
  if (const auto refresh = parts_.tokens->ParseToRevoke(input.token)) {
    return End(context, KeyOf(*refresh), "logout", std::move(done));
  }
  parts_.accounts->ReadToRevoke(
      input.token, context.patience,
      [this, context, done = std::move(done)](Outcome<TokenIssuer::Claims> outcome) {
        if (auto* failure = std::get_if<Failure>(&outcome)) return done(*failure);
        const auto& claims = std::get<TokenIssuer::Claims>(outcome);
        const auto session = claims ? SessionOf(*claims) : std::nullopt;
        if (!session) return done(std::monostate());  // not ours, so there is nothing to end
        End(context, *session, "logout", done);
      });
}

void SessionService::IntrospectToken(const CallContext& context, const TokenInput& input,
                                     Done<std::optional<TokenFacts>> done) const {
  if (!parts_.tokens->ready()) return done(FailureFrom(absl::UnavailableError("")));
  if (const auto refresh = parts_.tokens->ParseRefresh(input.token)) {
    return IntrospectRefresh(context, *refresh, std::move(done));
  }
  IntrospectAccess(context, input.token, std::move(done));
}

void SessionService::IntrospectRefresh(const CallContext& context,
                                       const crypto::RefreshToken& token,
                                       Done<std::optional<TokenFacts>> done) const {
  const AccountKey session = KeyOf(token);
  parts_.sessions->Submit(
      {.command = InspectSession{.session = session, .generation = token.generation},
       .answer =
           [session, done = std::move(done)](absl::StatusOr<SessionReply> reply) {
             if (!reply.ok()) return done(FailureFrom(reply.status()));
             if (!reply->ok()) return done(std::nullopt);
             done(std::optional<TokenFacts>(FactsOf(session, reply->session)));
           },
       .patience = context.patience});
}

void SessionService::IntrospectAccess(const CallContext& context, const std::string& token,
                                      Done<std::optional<TokenFacts>> done) const {
  parts_.accounts->Inspect(
      token, context.patience,
      [done = std::move(done)](Outcome<std::optional<InspectedToken>> outcome) {
        if (auto* failure = std::get_if<Failure>(&outcome)) return done(*failure);
        const auto& inspected = std::get<std::optional<InspectedToken>>(outcome);
        if (!inspected || !inspected->bearer.active) return done(std::nullopt);
        done(std::optional(FactsOf(*inspected->claims, inspected->bearer)));
      });
}

void SessionService::ListSessions(const CallContext& context,
                                  Done<std::vector<SessionView>> done) const {
  parts_.accounts->Check(
      context.bearer, context.patience,
      [this, patience = context.patience, done = std::move(done)](Outcome<BearerReply> checked) {
        if (auto* failure = std::get_if<Failure>(&checked)) return done(*failure);
        const auto& bearer = std::get<BearerReply>(checked);
        parts_.lists->Submit(
            {.command = {bearer.account.id, bearer.account.token_version, bearer.not_before},
             .answer =
                 [done, current = bearer.session_id](absl::StatusOr<ListSessionsReply> reply) {
                   if (!reply.ok()) return done(FailureFrom(reply.status()));
                   std::vector<SessionView> views;
                   for (SessionInfo& info : reply->sessions) {
                     const bool is_current = info.id == current;
                     views.push_back({std::move(info), is_current});
                   }
                   done(std::move(views));
                 },
             .patience = patience});
      });
}

void SessionService::RevokeSession(const CallContext& context, const SessionInput& input,
                                   Done<std::monostate> done) const {
  parts_.accounts->Inspect(context.bearer, context.patience,
                           [this, context, id = input.session_id, done = std::move(done)](
                               Outcome<std::optional<InspectedToken>> outcome) {
                             if (auto* failure = std::get_if<Failure>(&outcome))
                               return done(*failure);
                             const auto& inspected =
                                 std::get<std::optional<InspectedToken>>(outcome);
                             if (!inspected) return done(FailureOf(Reason::kUnauthenticated));
                             const BearerReply& bearer = inspected->bearer;
                             // A repeat of the call that ended the session of its own token.
                             if (!bearer.active && bearer.session_id == id)
                               return done(std::monostate());
                             if (!bearer.active) return done(FailureOf(Reason::kUnauthenticated));
                             End(context, {bearer.account.id, id}, "user", done);
                           });
}

void SessionService::RevokeAllSessions(const CallContext& context,
                                       Done<std::monostate> done) const {
  parts_.accounts->Inspect(
      context.bearer, context.patience,
      [this, context, done = std::move(done)](Outcome<std::optional<InspectedToken>> outcome) {
        if (auto* failure = std::get_if<Failure>(&outcome)) return done(*failure);
        const auto& inspected = std::get<std::optional<InspectedToken>>(outcome);
        if (!inspected) return done(FailureOf(Reason::kUnauthenticated));
        const BearerReply& bearer = inspected->bearer;
        if (bearer.superseded) return done(std::monostate());  // a repeat
        if (!bearer.active) return done(FailureOf(Reason::kUnauthenticated));
        parts_.users->Submit(
            {.command = EndAllSessions{.user = bearer.account.id,
                                       .token_version = bearer.account.token_version,
                                       .why = "user",
                                       .actor = ActorOf(context)},
             .answer =
                 [done](absl::StatusOr<UserReply> reply) {
                   if (!reply.ok()) return done(FailureFrom(reply.status()));
                   done(std::monostate());
                 },
             .patience = context.patience});
      });
}

}  // namespace otpgate
