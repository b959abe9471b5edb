#include "server/service/token_issuer.h"

#include <memory>
#include <optional>

#include "absl/strings/str_cat.h"
#include "base/crypto/base64url.h"
#include "base/crypto/hmac.h"
#include "base/crypto/proof.h"
#include "base/status_macros.h"

namespace otpgate::service {
namespace {

absl::Time WholeSecond(absl::Time time) { return absl::FromUnixSeconds(absl::ToUnixSeconds(time)); }

// Longer texts are refused in any case, so the rest need not be hashed.
std::string DigestOf(absl::string_view token) {
  return crypto::Sha256(token.substr(0, crypto::kJwtBytesMax + 1));
}

}  // namespace

TokenGeneration GenerationOf(const domain::OpenedSession& session, const std::string& client_id) {
  return {.session_id = session.id,
          .refresh_key_id = session.key_id,
          .generation = 0,
          .token_version = session.token_version,
          .issued_at = session.created_at,
          .auth_time = session.created_at,
          .session_end = session.absolute_expires_at,
          .amr = session.amr,
          .client_id = client_id};
}

TokenGeneration GenerationOf(const SessionId& id, const storage::SessionState& session) {
  return {.session_id = id,
          .refresh_key_id = session.key_id,
          .generation = session.generation,
          .token_version = session.token_version,
          .issued_at = session.last_seen_at(),
          .auth_time = session.created_at,
          .session_end = session.absolute_expires_at,
          .amr = session.amr,
          .client_id = session.caller};
}

absl::StatusOr<TokenPair> TokenIssuer::Issue(const storage::Account& account,
                                             const TokenGeneration& tokens, absl::Time now) const {
  std::optional<std::string> refresh = secrets_->Get()->refresh_tokens.Issue(
      {.key_id = tokens.refresh_key_id,
       .user_id = account.id.bytes,
       .session_id = tokens.session_id.bytes,
       .generation = static_cast<uint32_t>(tokens.generation)});
  const std::shared_ptr<const SigningKeyset> keys = keys_->Get();
  if (!refresh || keys == nullptr) return absl::InternalError("the key of a token is gone");

  const absl::Time issued = WholeSecond(tokens.issued_at);
  const std::string sid = crypto::Base64UrlEncode(tokens.session_id.bytes);
  crypto::AccessClaims claims{.iss = policy_.issuer,
                              .sub = crypto::Base64UrlEncode(account.id.bytes),
                              .aud = policy_.AudiencesOf(account.user_type),
                              .exp = issued + policy_.access_ttl,
                              .iat = issued,
                              .nbf = issued,
                              .jti = absl::StrCat(sid, ".", tokens.generation),
                              .sid = sid,
                              .ver = static_cast<uint64_t>(tokens.token_version),
                              .amr = {tokens.amr},
                              .auth_time = WholeSecond(tokens.auth_time),
                              .client_id = tokens.client_id,
                              .user_type = std::string(NameOf(account.user_type))};
  return TokenPair{.access_token = crypto::SignAccessToken(keys->active(), claims),
                   .refresh_token = *std::move(refresh),
                   .expires_in = claims.exp - now,
                   .refresh_expires_in = tokens.session_end - now,
                   .session_id = tokens.session_id};
}

absl::StatusOr<std::string> TokenIssuer::IssueProof(const storage::SubjectKey& subject,
                                                    const OtpId& code, absl::Time verified_at,
                                                    absl::string_view caller) const {
  const std::shared_ptr<const SigningKeyset> keys = keys_->Get();
  // A request record that was edited by hand may lack the code.
  if (keys == nullptr || code.empty()) return absl::InternalError("the key of a proof is gone");
  const absl::Time issued = WholeSecond(verified_at);
  return crypto::SignProof(keys->active(), {.iss = crypto::ProofIssuer(policy_.issuer),
                                            .sub = subject.identifier,
                                            .aud = crypto::ProofAudience(caller),
                                            .exp = issued + TokenPolicy::kProofTtl,
                                            .iat = issued,
                                            .jti = crypto::Base64UrlEncode(code.bytes),
                                            .user_type = std::string(NameOf(subject.user_type))});
}

absl::StatusOr<TokenIssuer::Claims> TokenIssuer::CheckedClaims(
    const VerifiedTokens::Opened& opened) const {
  crypto::VerifyOptions any{.issuer = policy_.issuer, .audiences = policy_.live_audiences};
  any.audiences.insert(any.audiences.end(), policy_.demo_audiences.begin(),
                       policy_.demo_audiences.end());
  OTPGATE_RETURN_IF_ERROR(crypto::CheckIssuerAndAudience(opened->claims, any));
  return Claims(opened, &opened->claims);
}

std::optional<absl::StatusOr<TokenIssuer::Claims>> TokenIssuer::VerifyRemembered(
    absl::string_view token) const {
  const std::shared_ptr<const SigningKeyset> keys = keys_->Get();
  if (keys == nullptr) return absl::UnavailableError("the signing keys are not known yet");
  const VerifiedTokens::Opened opened = verified_.Find(DigestOf(token));
  if (opened == nullptr || keys->Find(opened->kid) == nullptr) return std::nullopt;
  return CheckedClaims(opened);
}

absl::StatusOr<TokenIssuer::Claims> TokenIssuer::Verify(absl::string_view token) const {
  if (std::optional<absl::StatusOr<Claims>> remembered = VerifyRemembered(token)) {
    return *std::move(remembered);
  }
  const std::shared_ptr<const SigningKeyset> keys = keys_->Get();
  OTPGATE_ASSIGN_OR_RETURN(
      crypto::SignedClaims fresh,
      crypto::OpenAccessToken(token, [&](absl::string_view kid) { return keys->Find(kid); }));
  const auto opened = std::make_shared<const crypto::SignedClaims>(std::move(fresh));
  absl::StatusOr<Claims> claims = CheckedClaims(opened);
  if (claims.ok()) verified_.Add(DigestOf(token), opened);
  return claims;
}

absl::StatusOr<TokenIssuer::Claims> TokenIssuer::VerifyToRevoke(absl::string_view token) const {
  const std::shared_ptr<const SigningKeyset> keys = keys_->Get();
  if (keys == nullptr) return absl::UnavailableError("the signing keys are not known yet");
  OTPGATE_ASSIGN_OR_RETURN(crypto::SignedClaims fresh,
                           crypto::OpenAccessToken(token, [&](absl::string_view kid) {
                             return keys->FindToRevoke(kid);
                           }));
  return CheckedClaims(std::make_shared<const crypto::SignedClaims>(std::move(fresh)));
}

}  // namespace otpgate::service
