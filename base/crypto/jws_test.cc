#include "base/crypto/jws.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <ostream>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/crypto/base64url.h"
#include "base/crypto/strict_json.h"
#include "base/crypto/test_claims.h"
#include "tests/support/sample_values.h"
#include "tests/support/status_matchers.h"

namespace otpgate::crypto {
namespace {

using ::nlohmann::json;
using ::otpgate::support::StatusIs;
using ::testing::HasSubstr;

using support::kNow;

AccessClaims Claims() {
  AccessClaims claims = crypto::TestClaims(support::kNow);
  claims.iss = "https://auth.example.com";
  claims.aud = {"api"};
  return claims;
}

class JwsTest : public ::testing::Test {
 protected:
  absl::StatusOr<AccessClaims> Verify(absl::string_view token,
                                      absl::Time now = support::kNow) const {
    const auto lookup = [this](absl::string_view kid) {
      return kid == key_.kid() ? &key_.public_key() : nullptr;
    };
    return VerifyAccessToken(token, lookup, now, options_);
  }

  // Makes a token of any header and payload, signed with the right key.
  std::string Forge(absl::string_view header, absl::string_view payload) const {
    const std::string input = absl::StrCat(Base64UrlEncode(header), ".", Base64UrlEncode(payload));
    return absl::StrCat(input, ".", Base64UrlEncode(key_.Sign(input)));
  }
  std::string Header() const {
    return absl::StrCat(R"({"alg":"ES256","typ":"at+jwt","kid":")", key_.kid(), R"("})");
  }
  static json Payload() {
    const std::string token = SignAccessToken(SigningKey::Generate(), Claims());
    const std::vector<std::string> parts = absl::StrSplit(token, '.');
    return *ParseStrictObject(*Base64UrlDecode(parts[1]));
  }

  const SigningKey key_ = SigningKey::Generate();
  VerifyOptions options_{"https://auth.example.com", {"api", "admin"}, absl::Seconds(10)};
};

TEST_F(JwsTest, AGoodTokenGivesItsClaims) {
  const auto claims = Verify(SignAccessToken(key_, Claims()));
  ASSERT_OK(claims);
  EXPECT_EQ(*claims, Claims());
}

TEST_F(JwsTest, SeveralAudiencesOneOfThemOurs) {
  AccessClaims claims = Claims();
  claims.aud = {"other", "admin"};
  EXPECT_OK(Verify(SignAccessToken(key_, claims)));
}

TEST_F(JwsTest, ForgedBaselineIsAccepted) {  // so that each refusal below has its own reason
  EXPECT_OK(Verify(Forge(Header(), Payload().dump())));
}

TEST_F(JwsTest, E6_TimesAreExactToTheLeeway) {
  const std::string token = SignAccessToken(key_, Claims());
  EXPECT_OK(Verify(token, support::kNow - absl::Seconds(10)));
  EXPECT_THAT(Verify(token, support::kNow - absl::Seconds(10) - absl::Nanoseconds(1)),
              support::StatusIs(absl::StatusCode::kUnauthenticated));
  const absl::Time end = support::kNow + absl::Minutes(15) + absl::Seconds(10);
  EXPECT_OK(Verify(token, end - absl::Nanoseconds(1)));
  EXPECT_THAT(Verify(token, end), support::StatusIs(absl::StatusCode::kUnauthenticated));
  options_.leeway = absl::Hours(1);
  EXPECT_OK(Verify(token, support::kNow + absl::Minutes(16) - absl::Nanoseconds(1)));
  EXPECT_THAT(Verify(token, support::kNow + absl::Minutes(16)),
              support::StatusIs(absl::StatusCode::kUnauthenticated));
}

TEST_F(JwsTest, E7_IssuerAndAudienceAreExact) {
  const auto refused = support::StatusIs(absl::StatusCode::kUnauthenticated);
  for (const char* issuer :
       {"", "https://auth.example.com/", "https://auth.example.co", "HTTPS://auth.example.com"}) {
    AccessClaims claims = Claims();
    claims.iss = issuer;
    EXPECT_THAT(Verify(SignAccessToken(key_, claims)), refused) << issuer;
  }
  for (const char* audience : {"", "ap", "api2", "API", "api demo"}) {
    AccessClaims claims = Claims();
    claims.aud = {audience};
    EXPECT_THAT(Verify(SignAccessToken(key_, claims)), refused) << audience;
  }
}

// RFC 7515, appendix A.3: the signature is right, but it is not an access token.
TEST_F(JwsTest, E5_AGoodSignatureAloneIsNotEnough) {
  const std::string token =
      "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLm"
      "NvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApm"
      "WQxfKTUJqPP3-Kg6NU1Q";
  const auto key = VerifyKey::FromJwk("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
                                      "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0");
  ASSERT_OK(key);
  const size_t dot = token.rfind('.');
  EXPECT_TRUE(key->Verify(token.substr(0, dot), *Base64UrlDecode(token.substr(dot + 1))));
  options_.issuer = "joe";
  const auto any_kid = [&key](absl::string_view) { return &*key; };
  const absl::Time then = absl::FromUnixSeconds(1300819379);  // it expires a second later
  EXPECT_THAT(VerifyAccessToken(token, any_kid, then, options_),
              support::StatusIs(absl::StatusCode::kUnauthenticated));
}

TEST_F(JwsTest, E1_AnotherKeyIsRefused) {
  const SigningKey other = SigningKey::Generate();
  const std::string token = SignAccessToken(other, Claims());
  EXPECT_THAT(Verify(token), support::StatusIs(absl::StatusCode::kUnauthenticated));
  // Also if it has the kid of the right key.
  const std::string input =
      absl::StrCat(Base64UrlEncode(Header()), ".", Base64UrlEncode(Payload().dump()));
  const auto result = Verify(absl::StrCat(input, ".", Base64UrlEncode(other.Sign(input))));
  EXPECT_THAT(result, support::StatusIs(absl::StatusCode::kUnauthenticated));
  EXPECT_THAT(std::string(result.status().message()), HasSubstr("signature"));
}

TEST_F(JwsTest, E4_EveryChangedCharacterIsRefused) {
  const std::string token = SignAccessToken(key_, Claims());
  for (size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_THAT(Verify(changed), support::StatusIs(absl::StatusCode::kUnauthenticated)) << i;
    EXPECT_THAT(Verify(token.substr(0, i)), support::StatusIs(absl::StatusCode::kUnauthenticated))
        << i;
  }
}

TEST_F(JwsTest, E4_OnlyTheCompactCanonicalForm) {
  const std::string token = SignAccessToken(key_, Claims());
  const std::vector<std::string> parts = absl::StrSplit(token, '.');
  for (const std::string& bad :
       {std::string(), std::string("."), std::string(".."), token + ".", "." + token, token + "=",
        token + " ", "\n" + token, "Bearer " + token, absl::StrCat(parts[0], ".", parts[1]),
        absl::StrCat(parts[0], ".", parts[1], "."),
        absl::StrCat(parts[0], ".", parts[1], "..", parts[2]),
        absl::StrCat(parts[0], "=.", parts[1], ".", parts[2]),
        token + std::string(kJwtBytesMax, 'A')}) {
    EXPECT_THAT(Verify(bad), support::StatusIs(absl::StatusCode::kUnauthenticated))
        << bad.substr(0, 80);
  }
}

TEST_F(JwsTest, E4_TooLongIsRefusedUnread) {
  AccessClaims claims = Claims();
  claims.client_id = std::string(kJwtBytesMax, 'c');
  const auto result = Verify(SignAccessToken(key_, claims));
  EXPECT_THAT(result, support::StatusIs(absl::StatusCode::kUnauthenticated));
  EXPECT_THAT(std::string(result.status().message()), HasSubstr("too long"));
}

TEST_F(JwsTest, E2_HeadersOtherThanOursAreRefused) {
  const std::string payload = Payload().dump();
  const std::string kid = absl::StrCat(R"("kid":")", key_.kid(), "\"");
  for (const std::string& header :
       {absl::StrCat(R"({"alg":"none","typ":"at+jwt",)", kid, "}"),
        absl::StrCat(R"({"alg":"HS256","typ":"at+jwt",)", kid, "}"),
        absl::StrCat(R"({"alg":"es256","typ":"at+jwt",)", kid, "}"),
        absl::StrCat(R"({"alg":"ES384","typ":"at+jwt",)", kid, "}"),
        absl::StrCat(R"({"alg":["ES256"],"typ":"at+jwt",)", kid, "}"),
        absl::StrCat(R"({"alg":"ES256","typ":"JWT",)", kid, "}"),
        absl::StrCat(R"({"alg":"ES256","typ":"application/at+jwt",)", kid, "}"),
        absl::StrCat(R"({"alg":"ES256",)", kid, "}"), absl::StrCat(R"({"typ":"at+jwt",)", kid, "}"),
        std::string(R"({"alg":"ES256","typ":"at+jwt"})"),
        std::string(R"({"alg":"ES256","typ":"at+jwt","kid":1})"),
        std::string(R"({"alg":"ES256","typ":"at+jwt","kid":"../../etc/passwd"})"),
        absl::StrCat(R"({"alg":"ES256","typ":"at+jwt","crit":["exp"],)", kid, "}"),
        absl::StrCat(R"({"alg":"ES256","typ":"at+jwt","jku":"https://evil.example",)", kid, "}"),
        absl::StrCat(R"({"alg":"ES256","typ":"at+jwt","jwk":)", key_.public_key().jwk(), ",", kid,
                     "}"),
        absl::StrCat(R"({"alg":"none","alg":"ES256","typ":"at+jwt",)", kid, "}"),
        absl::StrCat(R"({"alg":"ES256","typ":"at+jwt",)", kid, ",", kid, "}"), std::string("[]"),
        std::string()}) {
    EXPECT_THAT(Verify(Forge(header, payload)),
                support::StatusIs(absl::StatusCode::kUnauthenticated))
        << header;
  }
}

TEST_F(JwsTest, E6_AnExpiredTokenIsGoodForEndingThings) {
  const AccessClaims claims = Claims();
  const std::string token = SignAccessToken(key_, claims);
  const absl::Time late = claims.exp + absl::Hours(24 * 30);
  EXPECT_FALSE(Verify(token, late).ok());
  EXPECT_FALSE(Verify(token, claims.iat - absl::Hours(1)).ok());
  EXPECT_OK(CheckIssuerAndAudience(claims, options_));
  options_.issuer = "another";
  EXPECT_FALSE(CheckIssuerAndAudience(claims, options_).ok());
}

TEST_F(JwsTest, E5_EveryClaimIsRequiredWithItsType) {
  const json good = Payload();
  for (const auto& member : good.items()) {
    json missing = good;
    missing.erase(member.key());
    EXPECT_THAT(Verify(Forge(Header(), missing.dump())),
                support::StatusIs(absl::StatusCode::kUnauthenticated))
        << member.key();
    const json wrong_types[] = {json(), json(true), json(-1), json(1.5), json(json::object())};
    for (const json& wrong : wrong_types) {
      json changed = good;
      changed[member.key()] = wrong;
      EXPECT_THAT(Verify(Forge(Header(), changed.dump())),
                  support::StatusIs(absl::StatusCode::kUnauthenticated))
          << member.key() << " " << wrong;
    }
  }
}

TEST_F(JwsTest, E4_ClaimsTwiceAreRefused) {
  std::string payload = Payload().dump();
  payload.insert(payload.size() - 1, R"(,"sub":"someone else")");
  EXPECT_THAT(Verify(Forge(Header(), payload)),
              support::StatusIs(absl::StatusCode::kUnauthenticated));
}

struct BadClaim {
  const char* name;
  const char* claim;
  json value;
};

void PrintTo(const BadClaim& value, std::ostream* out) { *out << value.name; }

class JwsClaimTest : public JwsTest, public ::testing::WithParamInterface<BadClaim> {};

TEST_P(JwsClaimTest, E6_IsRefused) {
  json payload = Payload();
  payload[GetParam().claim] = GetParam().value;
  EXPECT_THAT(Verify(Forge(Header(), payload.dump())),
              support::StatusIs(absl::StatusCode::kUnauthenticated));
}

INSTANTIATE_TEST_SUITE_P(
    All, JwsClaimTest,
    ::testing::Values(BadClaim{"ExpAsText", "exp", "1800000900"},
                      BadClaim{"ExpAsFloat", "exp", 1800000900.5},
                      BadClaim{"ExpHuge", "exp", uint64_t{253402300800}},
                      BadClaim{"ExpOverflow", "exp", ~uint64_t{0}}, BadClaim{"ExpZero", "exp", 0u},
                      BadClaim{"NbfLater", "nbf", 1800000011u},
                      BadClaim{"IatLater", "iat", 1800000011u}, BadClaim{"VerAsText", "ver", "3"},
                      BadClaim{"AudEmpty", "aud", json::array()},
                      BadClaim{"AudMixed", "aud", json::array({"api", 1})},
                      BadClaim{"AudNested", "aud", json::array({json::array({"api"})})},
                      BadClaim{"AmrEmpty", "amr", json::array()}),
    [](const auto& test) { return test.param.name; });

TEST_F(JwsTest, ARetryDiffersInTheSignatureAlone) {
  const std::string first = SignAccessToken(key_, Claims());
  const std::string second = SignAccessToken(key_, Claims());
  EXPECT_EQ(first.substr(0, first.rfind('.')), second.substr(0, second.rfind('.')));
}

TEST_F(JwsTest, TextIsEscapedNotTrusted) {
  AccessClaims claims = Claims();
  claims.client_id = "\"},\"sub\":\"admin\\\n";
  const auto verified = Verify(SignAccessToken(key_, claims));
  ASSERT_OK(verified);
  EXPECT_EQ(*verified, claims);
}

}  // namespace
}  // namespace otpgate::crypto
