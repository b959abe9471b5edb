// Node.js: the example with the result of `cmake --install`, and jose as a second implementation of
// access tokens, which verifies ours and signs for ours.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "absl/time/clock.h"
#include "base/crypto/jwks.h"
#include "base/crypto/jws.h"
#include "otpgate/client/token_verifier.h"
#include "tests/install/install_tree.h"
#include "tests/support/npm_packages.h"

namespace otpgate::install {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

class NodeTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    const fs::path source = OTPGATE_SOURCE_DIR "/clients/examples/node";
    const fs::path folder = kFolder;
    support::InstallNpmPackages(source, folder);
    for (const char* name : {"main.js", "otpgate.js"}) Copy(source / name, folder / name);
    Copy(OTPGATE_SOURCE_DIR "/tests/install/jose_oracle.js", folder / "jose_oracle.js");
  }
  static void Copy(const fs::path& from, const fs::path& to) {
    fs::copy_file(from, to, fs::copy_options::overwrite_existing);
  }

  // The output of jose_oracle.js.
  static json Oracle(const std::string& mode, const std::string& input = "") {
    const std::string now = absl::StrCat(absl::ToUnixSeconds(absl::Now()));
    return json::parse(
        Succeed({"/usr/bin/env", "node", absl::StrCat(kFolder, "/jose_oracle.js"), mode, now},
                {.input = input}),
        nullptr, false);
  }

  static constexpr char kFolder[] = OTPGATE_BUILD_DIR "/tests/install/node";
};

TEST_F(NodeTest, ExampleSignsIn) {
  const InstallTree tree("node-work");
  ExpectSignsIn({"/usr/bin/env", "node", absl::StrCat(kFolder, "/main.js"), tree.share()});
}

TEST_F(NodeTest, WhatJoseSignsIsVerifiedHere) {
  const json signed_by_jose = Oracle("sign");
  client::TokenVerifier verifier([&] { return signed_by_jose["jwks"].dump(); }, {});
  const auto claims = verifier.Verify(signed_by_jose["good"].get<std::string>());
  ASSERT_TRUE(claims.ok()) << claims.status();
  EXPECT_EQ(claims->sub, "user");
  EXPECT_EQ(signed_by_jose["bad"].size(), 10U);
  for (const auto& [why, token] : signed_by_jose["bad"].items()) {
    EXPECT_TRUE(absl::IsUnauthenticated(verifier.Verify(token.get<std::string>()).status())) << why;
  }
}

TEST_F(NodeTest, WhatIsSignedHereIsVerifiedByJose) {
  const crypto::SigningKey key = crypto::SigningKey::Generate();
  const json jwks = json::parse(
      crypto::JwksJson({crypto::SigningKey::Generate().public_key(), key.public_key()}));
  crypto::AccessClaims claims;
  claims.iss = "otpgate";
  claims.sub = "user";
  claims.aud = {"otpgate"};
  claims.iat = claims.nbf = absl::Now();
  claims.exp = claims.iat + absl::Minutes(15);
  claims.amr = {"otp"};
  const auto verify = [&](const std::string& token) {
    return Oracle("verify", json{{"jwks", jwks}, {"token", token}}.dump());
  };
  std::string token = crypto::SignAccessToken(key, claims);
  EXPECT_EQ(verify(token)["sub"], "user");
  // Changes the first character of the signature, all bits of which are significant.
  char& changed = token[token.rfind('.') + 1];
  changed = changed == 'A' ? 'B' : 'A';
  EXPECT_EQ(verify(token)["refused"], "ERR_JWS_SIGNATURE_VERIFICATION_FAILED");
  claims.aud = {"otpgate-demo"};
  EXPECT_EQ(verify(crypto::SignAccessToken(key, claims))["refused"],
            "ERR_JWT_CLAIM_VALIDATION_FAILED");
}

}  // namespace
}  // namespace otpgate::install
