#ifndef OTPGATE_TESTS_E2E_FORGERY_FIXTURE_H_
#define OTPGATE_TESTS_E2E_FORGERY_FIXTURE_H_

#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/crypto/base64url.h"
#include "base/crypto/signing.h"
#include "otpgate/client.h"
#include "server/keys/keyring.h"
#include "server/service/signing_key_rows.h"
#include "tests/e2e/sessions_fixture.h"

namespace otpgate::e2e {

// A signed-in user, a forger with the signing key, and all verifiers: that of the server, by
// IntrospectToken and GetCurrentUser, and that of the client library.
class ForgeryFixture : public SessionsFixture {
 protected:
  using Json = nlohmann::json;

  ForgeryFixture() : SessionsFixture({.servers = 1, .flags = {"--enable_rate_limit=false"}}) {}

  // A part of the valid token.
  Json Part(size_t i) const {
    const std::vector<std::string> parts = absl::StrSplit(tokens_.access_token(), '.');
    return Json::parse(*crypto::Base64UrlDecode(parts[i]));
  }

  static std::string Encode(absl::string_view text) { return crypto::Base64UrlEncode(text); }
  // A token with this header and payload; `sign` makes the signature.
  template <class Sign>
  static std::string Compose(absl::string_view header, absl::string_view payload, Sign sign) {
    const std::string text = absl::StrCat(Encode(header), ".", Encode(payload));
    return absl::StrCat(text, ".", Encode(sign(text)));
  }
  // A token signed with the right key.
  std::string Forge(absl::string_view header, absl::string_view payload) const {
    return Compose(header, payload, [this](const std::string& text) { return key_.Sign(text); });
  }
  std::string WithHeader(const std::string& member, const Json& value) const {
    Json header = header_;
    header[member] = value;
    return Forge(header.dump(), payload_.dump());
  }
  std::string WithClaim(const std::string& member, const Json& value) const {
    Json payload = payload_;
    payload[member] = value;
    return Forge(header_.dump(), payload.dump());
  }

  bool IsAcceptedByServer(const std::string& token) {
    const auto introspected = client().IntrospectToken(token);
    EXPECT_TRUE(introspected.ok()) << introspected.message;
    const bool active = introspected.reply.active();
    EXPECT_TRUE(active || introspected.reply.SerializeAsString().empty()) << "nothing else is told";
    const auto me = client().GetCurrentUser(Bearer(token));
    EXPECT_EQ(me.ok(), active) << "the ways to ask agree";
    EXPECT_TRUE(me.ok() || me.reason == "UNAUTHENTICATED") << me.reason;
    return active;
  }
  void ExpectAccepted(const std::string& token) {
    EXPECT_TRUE(IsAcceptedByServer(token));
    const auto claims = verifier_.Verify(token);
    EXPECT_TRUE(claims.ok()) << claims.status();
  }
  // All verifiers refuse the token, and it cannot end a session.
  void ExpectRefused(const std::string& token) {
    EXPECT_FALSE(IsAcceptedByServer(token));
    EXPECT_TRUE(absl::IsUnauthenticated(verifier_.Verify(token).status()));
    EXPECT_TRUE(client().RevokeToken(token).ok());
    EXPECT_TRUE(IsActive(tokens_.access_token()));
  }
  // The signing key, opened with the master key.
  crypto::SigningKey StolenKey() {
    const auto master = keys::Keyring::At(*keys::KeyFile::Load(deployment_.keys().Path("master")),
                                          absl::InfiniteFuture());
    const std::string kid = Value("SELECT kid FROM signing_keys");
    const auto der = service::SigningKeySealer(*master).Open(
        absl::HexStringToBytes(Value("SELECT encode(sealed_private, 'hex') FROM signing_keys")),
        kid);
    return *crypto::SigningKey::FromPrivateDer(der->Reveal());
  }
  std::shared_ptr<client::AuthClient> Library() {
    const auto channel =
        client::NewChannel({.target = absl::StrCat("127.0.0.1:", deployment_.server(0).port())});
    return std::make_shared<client::AuthClient>(*channel);
  }

  const Tokens tokens_ = SignIn(NextPerson());
  const crypto::SigningKey key_ = StolenKey();
  client::TokenVerifier verifier_{Library()};
  const Json header_ = Part(0);
  const Json payload_ = Part(1);
};

}  // namespace otpgate::e2e

#endif  // OTPGATE_TESTS_E2E_FORGERY_FIXTURE_H_
