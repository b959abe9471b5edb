// Verification without an account: a calling service learns that somebody holds an identifier.
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/crypto/base64url.h"
#include "otpgate/client.h"
#include "tests/e2e/caller_files.h"
#include "tests/e2e/rest_fixture.h"
#include "tests/e2e/sessions_fixture.h"

namespace otpgate::e2e {
namespace {

using ::nlohmann::json;

struct WithCallers {
  const CallerFiles callers_{{{"shop", true}, {"kiosk"}}};
};

class VerificationTest : private WithCallers, public SessionsFixture {
 protected:
  VerificationTest()
      : SessionsFixture({.servers = 2, .flags = {"--enable_rate_limit=false", callers_.Flag()}}) {}

  static support::CallOptions As(const std::string& caller, support::CallOptions options = {}) {
    options.caller = CallerFiles::HeaderOf(caller);
    return options;
  }
  support::Answer<v1::RequestOtpResponse> Ask(const std::string& identifier,
                                              const support::CallOptions& options = As("shop"),
                                              v1::UserType type = v1::USER_TYPE_LIVE) {
    return client(0).RequestOtp(
        support::CodeRequest{
            .identifier = identifier, .user_type = type, .purpose = v1::PURPOSE_VERIFICATION},
        options);
  }
  std::string ProofFor(const std::string& identifier, v1::UserType type = v1::USER_TYPE_LIVE) {
    const auto asked = Ask(identifier, As("shop"), type);
    const auto verified =
        client(1).VerifyOtp(asked.reply.handle(), asked.reply.development_code(), As("shop"));
    EXPECT_TRUE(verified.ok()) << verified.message;
    return verified.reply.proof();
  }
  std::shared_ptr<client::AuthClient> Library() {
    return std::make_shared<client::AuthClient>(
        *client::NewChannel({.target = absl::StrCat("127.0.0.1:", deployment_.server(0).port())}));
  }
  absl::StatusOr<client::Proof> Check(const std::string& proof,
                                      const client::ProofVerifier::Options& options = {
                                          .caller = "shop"}) {
    return client::ProofVerifier(Library(), options).Verify(proof);
  }
  static json PayloadOf(const std::string& token) {
    const std::vector<std::string> parts = absl::StrSplit(token, '.');
    return json::parse(*crypto::Base64UrlDecode(parts[1]));
  }
  // All of a token but its signature, which differs each time.
  static std::string SignedPart(const std::string& token) {
    return token.substr(0, token.rfind('.'));
  }
  // Rows of accounts and of what they own.
  std::string Accounts() {
    return Value(
        "SELECT (SELECT count(*) FROM users) || ' ' || (SELECT count(*) FROM identities) || ' ' || "
        "(SELECT count(*) FROM sessions) || ' ' || (SELECT count(*) FROM signup_otps)");
  }
};

TEST_F(VerificationTest, ARightCodeGivesAProofAndNothingElse) {
  for (const std::string& identifier : {std::string("+14155550123"), NextPerson()}) {
    const auto asked = Ask(identifier);
    ASSERT_TRUE(asked.ok()) << asked.message;
    const auto verified =
        client(1).VerifyOtp(asked.reply.handle(), asked.reply.development_code(), As("shop"));
    ASSERT_TRUE(verified.ok()) << verified.message;
    v1::VerifyOtpResponse expected;
    expected.set_verified(true);
    expected.set_proof(verified.reply.proof());
    EXPECT_EQ(verified.reply.SerializeAsString(), expected.SerializeAsString());
    const auto proof = Check(verified.reply.proof());
    ASSERT_TRUE(proof.ok()) << proof.status();
    EXPECT_EQ(proof->identifier, identifier);
    EXPECT_EQ(proof->expires_at - proof->issued_at, absl::Minutes(10));
  }
  EXPECT_EQ(Accounts(), "0 0 0 0");
  EXPECT_EQ(Value("SELECT string_agg(DISTINCT purpose || ' ' || is_verified, ',') FROM "
                  "otp_sessions WHERE user_id IS NULL"),
            "verification true");
  EXPECT_EQ(Value("SELECT string_agg(DISTINCT event || ' ' || caller, ',') FROM audit_events"),
            "VERIFICATION_OTP_CREATED shop,VERIFICATION_OTP_VERIFIED shop");
  EXPECT_EQ(Value("SELECT count(*) FROM subjects WHERE user_id IS NOT NULL"), "0");
}

TEST_F(VerificationTest, AnAccountIsNeitherNeededNorTouchedNorTold) {
  const std::string known = NextPerson(), unknown = NextPerson(), disabled = NextPerson();
  SignIn(known);
  SignIn(disabled);
  Sql(
      absl::StrCat("UPDATE users SET status = 'disabled' WHERE id = (SELECT user_id FROM subjects "
                   "WHERE identifier = '",
                   disabled, "')"));
  const std::string accounts = Accounts();
  const std::string successes =
      Value("SELECT string_agg(last_success_at::text, ' ') FROM subjects");
  std::vector<std::string> told;
  for (const std::string& person : {known, unknown, disabled}) {
    auto asked = Ask(person);
    const auto wrong = client(1).VerifyOtp(
        asked.reply.handle(), support::WrongCode(asked.reply.development_code()), As("shop"));
    const auto right =
        client(1).VerifyOtp(asked.reply.handle(), asked.reply.development_code(), As("shop"));
    EXPECT_TRUE(Check(right.reply.proof()).ok()) << person;
    EXPECT_FALSE(right.reply.has_user() || right.reply.new_user());
    asked.reply.clear_handle();
    asked.reply.clear_development_code();
    asked.reply.clear_masked_destination();
    told.push_back(absl::StrCat(asked.reply.SerializeAsString(), wrong.status_bytes));
  }
  EXPECT_EQ(told[0], told[1]);
  EXPECT_EQ(told[0], told[2]);
  EXPECT_EQ(Accounts(), accounts);
  EXPECT_EQ(Value("SELECT string_agg(last_success_at::text, ' ') FROM subjects"), successes);
  EXPECT_EQ(Value("SELECT count(*) FROM outbox WHERE purpose = 'verification'"), "3");
}

TEST_F(VerificationTest, G1_ARepeatGivesTheSameProofWhileTheCodeWouldLive) {
  const support::CallOptions id = As("shop", NextRequestId());
  const auto asked = Ask(NextPerson());
  const std::string &handle = asked.reply.handle(), &code = asked.reply.development_code();
  const auto first = client(0).VerifyOtp(handle, code, id);
  ASSERT_TRUE(first.ok()) << first.message;
  const auto again = client(1).VerifyOtp(handle, code, id);
  EXPECT_EQ(SignedPart(again.reply.proof()), SignedPart(first.reply.proof()));
  EXPECT_TRUE(Check(again.reply.proof()).ok());
  EXPECT_EQ(client(1).VerifyOtp(handle, support::WrongCode(code), id).reason, "REQUEST_ID_REUSED");
  EXPECT_EQ(client(1).VerifyOtp(handle, code, As("shop")).reason, "OTP_INVALID");

  // The times are those of the record, however much later the repeat comes.
  Sql("UPDATE requests SET created_at = created_at - interval '100 s'");
  const json then = PayloadOf(first.reply.proof());
  const json later = PayloadOf(client(0).VerifyOtp(handle, code, id).reply.proof());
  EXPECT_EQ(later["jti"], then["jti"]);
  EXPECT_EQ(then["iat"].get<int64_t>() - later["iat"].get<int64_t>(), 100);
  EXPECT_EQ(then["exp"].get<int64_t>() - later["exp"].get<int64_t>(), 100);

  Sql("UPDATE requests SET expires_at = now()");
  const auto late = client(1).VerifyOtp(handle, code, id);
  EXPECT_EQ(late.reason, "REQUEST_SUPERSEDED");
  EXPECT_EQ(late.reply.proof(), "");
}

TEST_F(VerificationTest, ANewCodeHasANewProof) {
  const std::string person = NextPerson();
  EXPECT_NE(PayloadOf(ProofFor(person))["jti"], PayloadOf(ProofFor(person))["jti"]);
}

TEST_F(VerificationTest, B9_TheCodeIsGoodForTheCallerThatAsked) {
  const auto asked = Ask(NextPerson());
  const std::string& handle = asked.reply.handle();
  const std::string& code = asked.reply.development_code();
  for (const support::CallOptions& other : {As("kiosk"), support::CallOptions{}}) {
    const auto stolen = client(0).VerifyOtp(handle, code, other);
    EXPECT_EQ(stolen.reason, "OTP_INVALID");
    EXPECT_EQ(stolen.status_bytes, client(0).VerifyOtp("forged", code, other).status_bytes);
    EXPECT_EQ(client(0).ResendOtp(handle, other).reason, "OTP_INVALID");
  }
  EXPECT_EQ(Value("SELECT sum(attempts) FROM otp_sessions"), "0") << "nothing was evaluated";
  const auto verified = client(1).VerifyOtp(handle, code, As("shop"));
  ASSERT_TRUE(verified.ok()) << verified.message;
  EXPECT_TRUE(Check(verified.reply.proof()).ok());
  EXPECT_TRUE(absl::IsUnauthenticated(Check(verified.reply.proof(), {.caller = "kiosk"}).status()));
}

TEST_F(VerificationTest, ACallerThatIsNotWhoItSaysIsRefused) {
  support::CallOptions wrong;
  wrong.caller = CallerFiles::HeaderOf("shop", CallerFiles::SecretOf("kiosk"));
  EXPECT_EQ(Ask(NextPerson(), wrong).reason, "UNAUTHENTICATED");
  const auto asked = Ask(NextPerson());
  EXPECT_EQ(client(1).VerifyOtp(asked.reply.handle(), asked.reply.development_code(), wrong).reason,
            "UNAUTHENTICATED");
}

TEST_F(VerificationTest, ADemoProofIsForThoseWhoAskForDemo) {
  const std::string proof = ProofFor(NextPerson(), v1::USER_TYPE_DEMO);
  EXPECT_TRUE(absl::IsUnauthenticated(Check(proof).status()));
  const auto demo = Check(proof, {.caller = "shop", .accept_demo = true});
  ASSERT_TRUE(demo.ok()) << demo.status();
  EXPECT_EQ(demo->user_type, "demo");
}

TEST_F(VerificationTest, E5_AProofIsNoAccessToken) {
  const std::string person = NextPerson();
  const Tokens tokens = SignIn(person);  // its account makes the proof no better
  const std::string proof = ProofFor(person);
  const support::CallOptions bearer = Bearer(proof);
  EXPECT_EQ(client(0).GetCurrentUser(bearer).reason, "UNAUTHENTICATED");
  EXPECT_EQ(client(0).ListSessions(bearer).reason, "UNAUTHENTICATED");
  EXPECT_EQ(client(0).RevokeSession(tokens.session_id(), bearer).reason, "UNAUTHENTICATED");
  EXPECT_EQ(client(0).RevokeAllSessions(bearer).reason, "UNAUTHENTICATED");
  EXPECT_EQ(client(0)
                .RequestOtp(support::CodeRequest{.identifier = NextPerson(),
                                                 .purpose = v1::PURPOSE_VERIFY_EMAIL},
                            bearer)
                .reason,
            "UNAUTHENTICATED");
  EXPECT_EQ(client(0).IntrospectToken(proof).reply.SerializeAsString(), "");
  EXPECT_EQ(client(0).RefreshToken(proof).reason, "TOKEN_INVALID");
  EXPECT_TRUE(client(0).RevokeToken(proof).ok());
  EXPECT_TRUE(IsActive(tokens.access_token())) << "it ended nothing";
  // Nor is the opposite true.
  EXPECT_TRUE(absl::IsUnauthenticated(Check(tokens.access_token()).status()));
}

TEST_F(VerificationTest, E5_MiddlewareThatIgnoresTheTypeRefusesAProof) {
  const json proof = PayloadOf(ProofFor(NextPerson()));
  const json access = PayloadOf(SignIn(NextPerson()).access_token());
  EXPECT_EQ(proof["iss"], access["iss"].get<std::string>() + "/verification");
  EXPECT_EQ(proof["aud"], "verification:shop");
  EXPECT_NE(proof["aud"], access["aud"]);
  client::TokenVerifier verifier(Library());
  EXPECT_TRUE(absl::IsUnauthenticated(verifier.Verify(ProofFor(NextPerson())).status()));
}

TEST_F(VerificationTest, L2_OverRestTheServiceShowsItsSecret) {
  RestGateway rest(deployment_.server(0).port());
  const std::string basic = absl::StrCat("Authorization: ", CallerFiles::HeaderOf("shop"), "\r\n");
  const RestAnswer asked = rest.Post(
      "/v1/otp:request",
      {{"identifier", {{"phoneNumber", "+14155550123"}}}, {"purpose", "PURPOSE_VERIFICATION"}},
      basic);
  ASSERT_EQ(asked.status, 200) << asked.body;
  const json guess = {{"handle", asked.body["handle"]}, {"code", asked.body["developmentCode"]}};
  EXPECT_EQ(rest.Post("/v1/otp:verify", guess).status, 400) << "as the gateway itself";
  const RestAnswer verified = rest.Post("/v1/otp:verify", guess, basic);
  ASSERT_EQ(verified.status, 200) << verified.body;
  EXPECT_EQ(verified.body["verified"], true);
  EXPECT_FALSE(verified.body.contains("user"));
  const auto proof = Check(verified.body["proof"]);
  ASSERT_TRUE(proof.ok()) << proof.status();
  EXPECT_EQ(proof->identifier, "+14155550123");
}

// In production there is no built-in caller.
TEST(ProductionVerificationTest, ACallWithoutACallerIsRefused) {
  const auto cluster =
      support::PgCluster::Start({.fsync = true,
                                 .settings = {{"log_parameter_max_length", "0"},
                                              {"log_parameter_max_length_on_error", "0"},
                                              {"log_error_verbosity", "terse"}}});
  ASSERT_TRUE(cluster.ok()) << cluster.status();
  const support::TestDatabase database(**cluster);
  const support::KeyFiles keys;
  const support::TempFolder folder;
  const CallerFiles callers({{"shop"}});
  std::vector<std::string> flags = keys.Flags();
  for (const std::string& flag :
       {callers.Flag(), absl::StrCat("--database.url=", database.Socket(support::PgRole::kApp)),
        std::string("--environment=production"), std::string("--enable_real_otp=true"),
        std::string("--delivery.sender=file"), std::string("--delivery.host=example.com"),
        absl::StrCat("--delivery.file_path=", folder.Path("messages")),
        std::string("--listen.addresses=127.0.0.1:0")}) {
    flags.push_back(flag);
  }
  support::ServerProcess server(flags);
  server.AwaitServing();
  support::AuthClient client(server.port());
  const support::CodeRequest request{.identifier = "+14155550123",
                                     .purpose = v1::PURPOSE_VERIFICATION};
  support::CallOptions shop;
  shop.caller = CallerFiles::HeaderOf("shop");
  const auto asked = client.RequestOtp(request, shop);
  ASSERT_TRUE(asked.ok()) << asked.message;
  EXPECT_EQ(client.RequestOtp(request).reason, "UNAUTHENTICATED");
  EXPECT_EQ(client.VerifyOtp(asked.reply.handle(), "123456").reason, "UNAUTHENTICATED");
  EXPECT_EQ(database.Value("SELECT attempts FROM otp_sessions"), "0");
}

}  // namespace
}  // namespace otpgate::e2e
