// Every claim of an access token is required and checked: tokens with valid signatures and wrong
// claims, and tokens of each kind in the place of another kind.
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "tests/e2e/forgery_fixture.h"

namespace otpgate::e2e {
namespace {

class TokenClaimsTest : public ForgeryFixture {
 protected:
  // The server refuses it, as it compares the token with the stored session.
  void ExpectInactive(const std::string& token) { EXPECT_FALSE(IsAcceptedByServer(token)); }
  client::TokenVerifier Verifier(client::TokenVerifier::Options options) {
    return {Library(), std::move(options)};
  }
};

TEST_F(TokenClaimsTest, E5_EveryClaimIsNeededWithItsType) {
  for (const auto& member : payload_.items()) {
    SCOPED_TRACE(member.key());
    Json missing = payload_;
    missing.erase(member.key());
    ExpectRefused(Forge(header_.dump(), missing.dump()));
    for (const Json& wrong : {Json(), Json(true), Json(-1), Json(1.5), Json::object()}) {
      ExpectRefused(WithClaim(member.key(), wrong));
    }
  }
  for (const char* typ :
       {"", "JWT", "jwt", "AT+JWT", "at+jwt ", "application/at+jwt", "dpop+jwt", "id_token"}) {
    ExpectRefused(WithHeader("typ", typ));
  }
}

TEST_F(TokenClaimsTest, E6_E12_Times) {
  const int64_t now = absl::ToUnixSeconds(absl::Now());
  ExpectAccepted(WithClaim("exp", now + 600));
  ExpectAccepted(WithClaim("nbf", 0));
  // An expired token can still end its session.
  for (const Json& exp : {Json(now - 70), Json(0)}) {
    ExpectInactive(WithClaim("exp", exp));
    EXPECT_TRUE(absl::IsUnauthenticated(verifier_.Verify(WithClaim("exp", exp)).status()));
  }
  for (const Json& exp :
       {Json(-now), Json(~uint64_t{0}), Json(1e300), Json(static_cast<double>(now) + 600.5),
        Json(absl::StrCat(now + 600)), Json::array({now})}) {
    ExpectRefused(WithClaim("exp", exp));
  }
  for (const char* claim : {"nbf", "iat"}) {
    ExpectInactive(WithClaim(claim, now + 120));
    EXPECT_TRUE(absl::IsUnauthenticated(verifier_.Verify(WithClaim(claim, now + 120)).status()));
    ExpectRefused(WithClaim(claim, uint64_t{253402300800}));
  }
}

TEST_F(TokenClaimsTest, E7_IssuerAndAudienceAreExact) {
  for (const char* text : {"", "otpgat", "otpgate2", "otpgate/", "OTPGATE", " otpgate", "otpgate ",
                           "otpgate,otpgate", "otpgate otpgate-demo", "*", "https://otpgate"}) {
    ExpectRefused(WithClaim("iss", text));
    ExpectRefused(WithClaim("aud", text));
    ExpectRefused(WithClaim("aud", Json::array({text})));
  }
  ExpectRefused(WithClaim("iss", Json::array({"otpgate"})));
  ExpectRefused(WithClaim("aud", Json::array()));
  ExpectRefused(WithClaim("aud", Json::array({Json::array({"otpgate"})})));
  ExpectRefused(WithClaim("aud", {{"otpgate", true}}));
}

TEST_F(TokenClaimsTest, E7_DemoAndLiveAccountsNeverMeet) {
  const Tokens demo = SignIn("demo@example.com", v1::USER_TYPE_DEMO);
  const auto next = client().RefreshToken(demo.refresh_token()).reply;
  client::TokenVerifier for_demo = Verifier({.audiences = {}, .demo_audiences = {"otpgate-demo"}});
  for (const std::string& token : {demo.access_token(), next.access_token()}) {
    EXPECT_TRUE(IsAcceptedByServer(token));
    EXPECT_TRUE(absl::IsUnauthenticated(verifier_.Verify(token).status()));
    EXPECT_EQ(for_demo.Verify(token)->user_type, "demo");
  }
  EXPECT_TRUE(absl::IsUnauthenticated(for_demo.Verify(tokens_.access_token()).status()));
  ExpectInactive(WithClaim("user_type", "demo"));
  ExpectInactive(WithClaim("user_type", "root"));
  EXPECT_FALSE(verifier_.Verify(WithClaim("user_type", "demo")).ok());
}

TEST_F(TokenClaimsTest, E5_ClaimsAreThoseOfTheStoredSession) {
  const Tokens other = SignIn(NextPerson());
  ExpectInactive(WithClaim("sid", other.session_id()));
  ExpectInactive(WithClaim("sub", other.user().id()));
  ExpectInactive(WithClaim("sub", "x"));
  ExpectInactive(WithClaim("ver", payload_["ver"].get<int>() + 1));
  ExpectInactive(WithClaim("ver", payload_["ver"].get<uint64_t>() + (uint64_t{1} << 32)));
  EXPECT_EQ(client().GetCurrentUser(Bearer(other.access_token())).reply.user().id(),
            other.user().id());
}

// Each kind of token is accepted in its own place only.
TEST_F(TokenClaimsTest, E5_EveryKindOfTokenIsGoodForItsOwnUseAlone) {
  const auto asked = client().RequestOtp(NextPerson());
  const std::string& handle = asked.reply.handle();
  const std::string& code = asked.reply.development_code();
  for (const std::string& token : {handle, tokens_.refresh_token(), code, tokens_.session_id()}) {
    EXPECT_EQ(client().GetCurrentUser(Bearer(token)).reason, "UNAUTHENTICATED");
    EXPECT_TRUE(absl::IsUnauthenticated(verifier_.Verify(token).status()));
  }
  for (const std::string& token : {handle, tokens_.access_token(), code, tokens_.session_id()}) {
    EXPECT_EQ(client().RefreshToken(token).reason, "TOKEN_INVALID");
  }
  for (const std::string& token : {tokens_.refresh_token(), tokens_.access_token(), code}) {
    EXPECT_FALSE(client().VerifyOtp(token, code).ok());
    EXPECT_FALSE(client().ResendOtp(token).ok());
  }
  for (const std::string& token : {handle, code, tokens_.session_id()}) {
    EXPECT_FALSE(IsActive(token));
  }
  EXPECT_TRUE(client().VerifyOtp(handle, code).ok());
  EXPECT_TRUE(client().RefreshToken(tokens_.refresh_token()).ok());
}

TEST_F(TokenClaimsTest, E10_HowAndWhenSomebodySignedInIsTrueAndStaysSo) {
  for (const bool phone : {false, true}) {
    const Tokens tokens = SignIn(phone ? "+14155550123" : NextPerson());
    Sql("UPDATE sessions SET created_at = created_at - interval '1 hour'");
    const std::string refreshed =
        client().RefreshToken(tokens.refresh_token()).reply.access_token();
    const support::CodeRequest attach =
        phone ? support::CodeRequest{.identifier = "more@example.com",
                                     .purpose = v1::PURPOSE_VERIFY_EMAIL}
              : support::CodeRequest{.identifier = "+14155550199",
                                     .purpose = v1::PURPOSE_VERIFY_PHONE};
    const auto asked = client().RequestOtp(attach, Bearer(refreshed));
    ASSERT_TRUE(
        client()
            .VerifyOtp(asked.reply.handle(), asked.reply.development_code(), Bearer(refreshed))
            .ok());
    const auto last = verifier_.Verify(
        client()
            .RefreshToken(client().RefreshToken(tokens.refresh_token()).reply.refresh_token())
            .reply.access_token());
    ASSERT_TRUE(last.ok()) << last.status();
    const auto first = verifier_.Verify(tokens.access_token());
    EXPECT_EQ(last->amr, std::vector<std::string>{phone ? "sms" : "email"});
    EXPECT_EQ(last->auth_time, first->auth_time - absl::Hours(1)) << "as stored, not the refresh";
    EXPECT_GE(last->iat, first->iat);
    EXPECT_NE(last->jti, first->jti);
  }
}

// In ECDSA s and n - s are both valid for the same text, so a revocation is for the text.
std::string OtherSignature(std::string signature) {
  const std::string n =
      absl::HexStringToBytes("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
  int borrow = 0;
  for (int i = 31; i >= 0; --i) {
    const int digit = static_cast<uint8_t>(n[i]) - static_cast<uint8_t>(signature[32 + i]) - borrow;
    borrow = digit < 0;
    signature[32 + i] = static_cast<char>(digit & 0xFF);
  }
  return signature;
}

TEST_F(TokenClaimsTest, E11_ARevokedTokenIsRevokedInEveryForm) {
  const std::string& token = tokens_.access_token();
  const size_t dot = token.rfind('.');
  const std::string malleated =
      absl::StrCat(token.substr(0, dot + 1),
                   Encode(OtherSignature(*crypto::Base64UrlDecode(token.substr(dot + 1)))));
  const std::string again = Forge(header_.dump(), payload_.dump());
  const std::string spaced = Forge(header_.dump(2), payload_.dump(2));
  EXPECT_NE(malleated, token);
  for (const std::string& form : {malleated, again, spaced}) ExpectAccepted(form);
  ASSERT_TRUE(client().RevokeToken(malleated).ok());
  for (const std::string& form : {token, malleated, again, spaced}) ExpectInactive(form);
}

TEST_F(TokenClaimsTest, E9_TheKeySetHoldsWhatIsPublicAndNothingElse) {
  std::vector<std::string> members;
  for (int i = 0; i < v1::Jwk::descriptor()->field_count(); ++i) {
    members.push_back(v1::Jwk::descriptor()->field(i)->name());
  }
  EXPECT_EQ(members, (std::vector<std::string>{"kty", "crv", "x", "y", "kid", "alg", "use"}));
  const auto reply = client().GetJwks().reply;
  ASSERT_EQ(reply.keys_size(), 1);
  const v1::Jwk& jwk = reply.keys(0);
  EXPECT_EQ(jwk.kid(), header_["kid"].get<std::string>());
  EXPECT_EQ(Json::parse(key_.public_key().jwk()), (Json{{"kty", "EC"},
                                                        {"crv", "P-256"},
                                                        {"x", jwk.x()},
                                                        {"y", jwk.y()},
                                                        {"kid", jwk.kid()},
                                                        {"alg", "ES256"},
                                                        {"use", "sig"}}));
  // RFC 5915: the private number d follows its tag and length.
  const crypto::Secret der = key_.ToPrivateDer();
  const std::string text(der.Reveal());
  const size_t at = text.find("\x02\x01\x01\x04\x20");
  ASSERT_NE(at, std::string::npos);
  const std::string d = text.substr(at + 5, 32);
  for (const std::string& form : {d, Encode(d), absl::BytesToHexString(d)}) {
    EXPECT_EQ(reply.SerializeAsString().find(form), std::string::npos);
  }
}

}  // namespace
}  // namespace otpgate::e2e
