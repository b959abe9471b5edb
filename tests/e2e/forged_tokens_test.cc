// Access tokens forged with and without the real key, against the verifiers of the server and of
// the client library.
#include <string>
#include <utility>
#include <vector>

#include "base/crypto/hmac.h"
#include "tests/e2e/forgery_fixture.h"
#include "tests/support/tcp_proxy.h"

namespace otpgate::e2e {
namespace {

class ForgedTokensTest : public ForgeryFixture {};

// Proves that the refusals below have the reason that each test is about.
TEST_F(ForgedTokensTest, TheForgerCanDoIt) {
  ExpectAccepted(tokens_.access_token());
  ExpectAccepted(Forge(header_.dump(), payload_.dump()));
  ExpectAccepted(WithClaim("aud", {"other", "otpgate"}));
  ExpectAccepted(WithClaim("more", "than needed"));
}

TEST_F(ForgedTokensTest, E1_E2_NoOtherAlgorithmAndNoSignatureAtAll) {
  const auto nothing = [](const std::string&) { return std::string(); };
  const std::string payload = payload_.dump();
  for (const char* alg : {"none", "None", "HS256", "HS384", "HS512", "RS256", "PS256", "ES384",
                          "ES512", "ES256K", "EdDSA", "es256", ""}) {
    Json header = header_;
    header["alg"] = alg;
    ExpectRefused(Compose(header.dump(), payload, nothing));
    ExpectRefused(Forge(header.dump(), payload));
    for (const std::string& secret : {key_.public_key().jwk(), key_.public_key().ToPublicDer()}) {
      const auto mac = [&](const std::string& text) { return crypto::HmacSha256(secret, text); };
      ExpectRefused(Compose(header.dump(), payload, mac));
    }
  }
  ExpectRefused(Compose(header_.dump(), payload, nothing));
  ExpectRefused(WithHeader("alg", nullptr));
  ExpectRefused(WithHeader("alg", {"ES256"}));
}

// A key in the header of the token, or a URL of one, is ignored.
TEST_F(ForgedTokensTest, E2_NoKeyComesFromTheToken) {
  const crypto::SigningKey own = crypto::SigningKey::Generate();
  const auto sign = [&](const std::string& text) { return own.Sign(text); };
  const support::TcpProxy own_site("1", support::Framing::kSingleBytes);
  const std::string url = absl::StrCat("http://127.0.0.1:", own_site.port(), "/jwks.json");
  const std::vector<std::pair<std::string, Json>> members = {
      {"jwk", Json::parse(own.public_key().jwk())},
      {"jku", url},
      {"x5u", url},
      {"x5c", {absl::Base64Escape(own.public_key().ToPublicDer())}}};
  for (const auto& [name, value] : members) {
    SCOPED_TRACE(name);
    for (const std::string& kid : {key_.kid(), own.kid()}) {
      Json header = header_;
      header[name] = value;
      header["kid"] = kid;
      ExpectRefused(Compose(header.dump(), payload_.dump(), sign));
    }
    ExpectRefused(WithHeader(name, value));  // even with the right signature
  }
  ExpectRefused(WithHeader("crit", {"exp"}));
  ExpectRefused(WithHeader("b64", false));
  EXPECT_EQ(own_site.Connections(), 0) << "nobody fetched anything";
}

TEST_F(ForgedTokensTest, E3_KidIsPlainData) {
  for (const std::string& kid :
       {std::string(), std::string("unknown"), key_.kid() + " ", key_.kid().substr(1),
        std::string("../../../../dev/null"), std::string("' OR '1'='1"),
        std::string("x'; DELETE FROM signing_keys; --"), key_.kid() + std::string(1, '\0'),
        std::string("%s%n"), std::string(2000, 'k')}) {
    ExpectRefused(WithHeader("kid", kid));
  }
  for (const Json& kid : {Json(), Json(1), Json::array({key_.kid()}), Json::object()}) {
    ExpectRefused(WithHeader("kid", kid));
  }
  const std::string huge = WithHeader("kid", std::string(1 << 20, 'k'));
  EXPECT_FALSE(client().IntrospectToken(huge).reply.active());
  EXPECT_TRUE(absl::IsUnauthenticated(verifier_.Verify(huge).status()));
  EXPECT_EQ(Value("SELECT count(*) FROM signing_keys"), "1");
}

TEST_F(ForgedTokensTest, E4_OnlyTheCompactCanonicalForm) {
  const std::string& good = tokens_.access_token();
  const std::vector<std::string> parts = absl::StrSplit(good, '.');
  const Json flattened = {{"protected", parts[0]}, {"payload", parts[1]}, {"signature", parts[2]}};
  std::string twice = payload_.dump();
  twice.insert(twice.size() - 1, R"(,"sub":"somebody else")");
  std::string header_twice = header_.dump();
  header_twice.insert(1, R"("alg":"none",)");
  for (const std::string& bad :
       {good + "=", good + "==", good + ".", "." + good,
        parts[0] + "=." + parts[1] + "." + parts[2], parts[0] + "." + parts[1],
        parts[0] + "." + parts[1] + ".", good + ".x.y", flattened.dump(),
        Forge(header_.dump(), twice), Forge(header_twice, payload_.dump()),
        Forge("\xEF\xBB\xBF" + header_.dump(), payload_.dump()),
        Forge(header_.dump(), payload_.dump() + "{}"), Forge(header_.dump(), "[]"),
        Forge(header_.dump(), "")}) {
    ExpectRefused(bad);
  }
  for (const std::string& spaced :
       {" " + good, good + " ", good + "\n", good.substr(0, 40) + "\n" + good.substr(40)}) {
    EXPECT_FALSE(IsActive(spaced));
    EXPECT_TRUE(absl::IsUnauthenticated(verifier_.Verify(spaced).status()));
  }
}

TEST_F(ForgedTokensTest, E8_SignaturesAreOfOneForm) {
  const auto refused = [&](const std::string& signature) {
    ExpectRefused(
        Compose(header_.dump(), payload_.dump(), [&](const std::string&) { return signature; }));
  };
  const std::string good = key_.Sign("something else");
  refused(good);
  for (const size_t size : {size_t{0}, size_t{1}, size_t{63}}) refused(good.substr(0, size));
  refused(good + std::string(1, '\0'));
  for (const char byte : {'\0', '\xFF'}) refused(std::string(64, byte));
  const std::string der =
      absl::StrCat("\x30\x44\x02\x20", good.substr(0, 32), "\x02\x20", good.substr(32));
  refused(der);
}

}  // namespace
}  // namespace otpgate::e2e
