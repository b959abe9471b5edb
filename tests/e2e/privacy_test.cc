// Known secrets pass through servers; afterwards logs, files and the database are searched for
// them.
#include <gmock/gmock.h>

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/e2e/canary_fixture.h"
#include "tests/support/rpc_server.h"

namespace otpgate::e2e {
namespace {

using ::testing::AnyOf;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class PrivacyTest : public CanaryFixture {
 protected:
  // Requests, resends and enters a code, with refusals on the way. Returns the tokens or the proof.
  support::Answer<v1::VerifyOtpResponse> SignIn(const support::CodeRequest& person,
                                                const support::CallOptions& options) {
    const auto asked = client(0).RequestOtp(person, options);
    EXPECT_TRUE(asked.ok()) << asked.message;
    const std::string& handle = asked.reply.handle();
    const std::string& first = asked.reply.development_code();
    KeepMarked(asked.reply);
    secrets_.Add(support::WrongCode(first));
    EXPECT_EQ(Refusal(client(1).VerifyOtp(handle, support::WrongCode(first), As())), "OTP_INVALID");
    EXPECT_EQ(Refusal(client(0).ResendOtp(handle, options)), "RESEND_COOLDOWN");
    for (const char* times : {"recent_sends", "recent_resends"}) {
      deployment_->database().Query(absl::StrCat("UPDATE subjects SET ", times,
                                                 " = ARRAY(SELECT t - 60 * 1000000::bigint "
                                                 "FROM unnest(",
                                                 times, ") AS t ORDER BY t)"));
    }
    const auto resent = client(0).ResendOtp(handle, options);
    EXPECT_TRUE(resent.ok()) << resent.message;
    const std::string& code = resent.reply.development_code();
    KeepMarked(resent.reply);
    EXPECT_EQ(Refusal(client(1).VerifyOtp(handle, first, As())), "OTP_INVALID");
    EXPECT_EQ(Refusal(client(0).VerifyOtp(handle, code + "1", options)), "INVALID_REQUEST");
    EXPECT_EQ(Refusal(client(0).VerifyOtp(handle.substr(1) + "A", code, As())), "OTP_INVALID");
    auto verified = client(1).VerifyOtp(handle, code, options);
    EXPECT_TRUE(verified.ok()) << verified.message;
    KeepMarked(verified.reply);
    return verified;
  }

  // Searches for the MAC of a refresh token, its only secret part; the others are ids.
  void KeepMac(const std::string& refresh) {
    std::string bytes;
    ASSERT_TRUE(absl::WebSafeBase64Unescape(refresh, &bytes));
    secrets_.Add(bytes.substr(bytes.size() - 32));
  }

  void UseTokens(const std::string& access, const std::string& refresh,
                 const support::CallOptions& options) {
    KeepMac(refresh);
    EXPECT_TRUE(client(0).GetCurrentUser(Bearer(access)).ok());
    Refusal(client(0).GetCurrentUser(Bearer("x" + access)));
    Refusal(client(0).GetCurrentUser(As({.authorization = "Basic " + access})));
    const auto next = client(0).RefreshToken(refresh, options);
    ASSERT_TRUE(next.ok()) << next.message;
    KeepMarked(next.reply);
    KeepMac(next.reply.refresh_token());
    EXPECT_EQ(Refusal(client(1).RefreshToken("x" + refresh, As())), "TOKEN_INVALID");
    EXPECT_TRUE(client(1).IntrospectToken(access, As()).ok());
    EXPECT_TRUE(client(1).ListSessions(Bearer(access)).ok());
    EXPECT_TRUE(client(1).RevokeToken(next.reply.refresh_token(), As()).ok());
  }

  // Signs in and uses the tokens, and keeps what was sent for the search.
  void UseEverything(const support::CodeRequest& person, int number) {
    personal_.Add(person.identifier);
    const std::string id = absl::StrCat("7f1d3c2e-9a4b-4c5d-8e6f-", 100'000'000'000 + number);
    personal_.Add(id);
    personal_.Add(absl::StrReplaceAll(id, {{"-", ""}}));
    const support::CallOptions options =
        As({.request_id = id, .client_ip = absl::StrCat("203.0.113.", number)});
    const auto verified = SignIn(person, options);
    UseTokens(verified.reply.access_token(), verified.reply.refresh_token(), options);
  }

  // Makes calls with valid secrets while the database does not work.
  void UseWhatFails(const std::string& handle, const std::string& code, const std::string& access,
                    const std::string& refresh) {
    for (int i = 0; i < deployment_->servers(); ++i) {
      const auto refusals = {Refusal(client(i).RequestOtp("unlucky.person@example.com", As())),
                             Refusal(client(i).ResendOtp(handle, As())),
                             Refusal(client(i).VerifyOtp(handle, code, As())),
                             Refusal(client(i).RefreshToken(refresh, As())),
                             Refusal(client(i).RevokeToken(refresh, As())),
                             Refusal(client(i).GetCurrentUser(Bearer(access))),
                             Refusal(client(i).IntrospectToken(access, As()))};
      for (const std::string& reason : refusals) {
        EXPECT_THAT(reason, AnyOf("UNAVAILABLE", "INTERNAL", "OUTCOME_UNKNOWN"));
      }
    }
  }
};

TEST_F(PrivacyTest, A4_A5_F1_G4_N1_NoSecretIsLeftBehind) {
  int number = 0;
  for (const char* identifier : {"+14155550123", "canary.person@example.com"}) {
    for (const v1::UserType type : {v1::USER_TYPE_LIVE, v1::USER_TYPE_DEMO}) {
      UseEverything({.identifier = identifier, .user_type = type}, ++number);
      UseEverything({.identifier = identifier, .user_type = type}, ++number);  // has an account now
    }
  }
  ++number;
  personal_.Add("verified.person@example.com");
  SignIn({.identifier = "verified.person@example.com", .purpose = v1::PURPOSE_VERIFICATION}, As());
  ASSERT_GT(secrets_.size(), 60u);
  const std::set<std::string> secrets = SecretsOfAnswers();
  EXPECT_THAT(secrets, SizeIs(::testing::Ge(8)));
  EXPECT_THAT(kept_, ::testing::IsSupersetOf(secrets));
  const support::TestDatabase& database = deployment_->database();
  ASSERT_TRUE(support::Eventually([&] {
    return database.Value("SELECT count(*) FROM outbox WHERE state = 'pending'") == "0";
  }));
  EXPECT_EQ(database.Value("SELECT count(*) FROM outbox WHERE sealed IS NOT NULL"), "0");
  // A message is dropped if its code was entered or replaced before.
  EXPECT_EQ(database.Value("SELECT count(*) FROM outbox WHERE state = 'sent' "
                           "OR reason IN ('consumed', 'superseded')"),
            absl::StrCat(2 * number));

  const std::vector<std::string> data = {cluster_->DataFolder(), cluster_->LogFile(), Dump()};
  EXPECT_THAT(Search(secrets_, data), IsEmpty());
  database.Query("CHECKPOINT");
  EXPECT_THAT(Search(secrets_, data), IsEmpty());
  ExpectCleanLogs();
}

TEST_F(PrivacyTest, N1_NothingIsToldWhileTheDatabaseFails) {
  const std::string person = "unlucky.person@example.com";
  personal_.Add(person);
  const auto verified = SignIn({.identifier = person}, As());
  const auto asked = client(0).RequestOtp(person, As());
  KeepMarked(asked.reply);
  const auto fail = [&] {
    UseWhatFails(asked.reply.handle(), asked.reply.development_code(),
                 verified.reply.access_token(), verified.reply.refresh_token());
  };
  const support::TestDatabase& database = deployment_->database();
  // Statements fail.
  for (const char* table : {"subjects", "sessions", "users"}) {
    database.Query(absl::StrCat("ALTER TABLE ", table, " RENAME TO away_", table));
  }
  fail();
  EXPECT_TRUE(absl::StrContains(ReadFile(cluster_->LogFile()), "does not exist"));
  for (const char* table : {"subjects", "sessions", "users"}) {
    database.Query(absl::StrCat("ALTER TABLE away_", table, " RENAME TO ", table));
  }
  // The database is stopped: first calls find that out, later ones know it.
  cluster_->Stop();
  fail();
  for (int i : {0, 1}) ASSERT_TRUE(deployment_->server(i).WaitForEvent("DATABASE_UNAVAILABLE"));
  fail();
  ASSERT_OK(cluster_->Launch());
  for (int i : {0, 1}) ASSERT_TRUE(deployment_->server(i).WaitForEvent("DATABASE_AVAILABLE", 2));
  EXPECT_TRUE(client(0).VerifyOtp(asked.reply.handle(), asked.reply.development_code(), As()).ok());
  ExpectCleanLogs();
}

// The log of the database does not contain a row that violates a constraint.
TEST_F(PrivacyTest, N1_ARefusedRowIsNotLogged) {
  const std::string person = "unlucky.person@example.com";
  personal_.Add(person);
  deployment_->database().Query(
      "ALTER TABLE outbox ADD CONSTRAINT outbox_canary CHECK (false) NOT VALID");
  EXPECT_EQ(Refusal(client(0).RequestOtp(person, As())), "INTERNAL");
  EXPECT_TRUE(absl::StrContains(ReadFile(cluster_->LogFile()), "outbox_canary"));
  ExpectCleanLogs();
}

TEST_F(PrivacyTest, N1_ACallersWrongSecretIsNotLogged) {
  const std::string wrong = "wrong-secret-of-at-least-thirty-two-bytes";
  for (const char* id : {"gateway", "nobody"}) {
    const std::string header = CallerFiles::HeaderOf(id, wrong);
    secrets_.Add(header);
    EXPECT_EQ(Refusal(client(0).RequestOtp("person@example.com", {.caller = header})),
              "UNAUTHENTICATED");
  }
  secrets_.Add(wrong);
  ExpectCleanLogs();
}

// The search finds what is there.
TEST_F(PrivacyTest, WhatIsLeftBehindIsFound) {
  const std::string code = "4815162342";
  const support::TestDatabase& database = deployment_->database();
  database.Query(absl::StrCat("INSERT INTO limits VALUES ('", code, "', 1, 0, now(), now())"));
  database.Query("CHECKPOINT");
  support::Canaries canaries;
  canaries.Add(code);
  EXPECT_GE(Search(canaries, {cluster_->DataFolder()}).size(), 2u) << "the table and the WAL";
  EXPECT_THAT(Search(canaries, {cluster_->LogFile()}), SizeIs(1));
  EXPECT_THAT(Search(canaries, {Dump()}), SizeIs(1));
  database.Query(absl::StrCat("UPDATE limits SET bucket = encode('", code, "', 'base64')"));
  EXPECT_THAT(Search(canaries, {Dump()}), SizeIs(1));
  EXPECT_TRUE(absl::StrContains(ReadFile(cluster_->LogFile()), "method=scram-sha-256"))
      << "the password was of use";
  support::Canaries events;
  events.Add("\"event\":\"");
  EXPECT_THAT(Search(events, {ServersFolder()}), SizeIs(2));
  const support::CallOptions nobody{.caller = CallerFiles::HeaderOf("nobody")};
  EXPECT_EQ(Refusal(client(0).RequestOtp("person@example.com", nobody)), "UNAUTHENTICATED");
  support::Canaries reasons;
  reasons.Add("UNAUTHENTICATED");
  EXPECT_THAT(Search(reasons, {folder_.Path("refusals")}), SizeIs(1));
}

}  // namespace
}  // namespace otpgate::e2e
