// The rules of codes as callers see them, on two servers that share a database.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/e2e/deployment.h"
#include "tests/support/trials.h"

namespace otpgate::e2e {
namespace {

class RulesTest : public ::testing::Test {
 protected:
  using Asked = support::Answer<v1::RequestOtpResponse>;

  support::AuthClient& client(int i = 0) { return deployment_.client(i); }
  Asked Ask(const support::CodeRequest& request, const support::CallOptions& options = {}) {
    auto asked = client(0).RequestOtp(request, options);
    EXPECT_TRUE(asked.ok()) << asked.message;
    return asked;
  }
  support::Answer<v1::VerifyOtpResponse> Guess(const Asked& asked, const std::string& code,
                                               const support::CallOptions& options = {}) {
    return client(1).VerifyOtp(asked.reply.handle(), code, options);
  }
  support::CallOptions SignIn(const std::string& identifier) {
    const Asked asked = Ask({.identifier = identifier});
    const auto verified = Guess(asked, asked.reply.development_code());
    EXPECT_TRUE(verified.ok()) << verified.message;
    return {.authorization = "Bearer " + verified.reply.access_token()};
  }
  void Sql(const std::string& sql) { deployment_.database().Query(sql); }
  std::string Value(const std::string& sql) { return deployment_.database().Value(sql); }

  Deployment deployment_{{.servers = 2,
                          .flags = {"--limits.resend_cooldown=0s", "--limits.sends=30/15m",
                                    "--limits.phone_sends=30/15m", "--limits.resends=30/5m",
                                    "--limits.messages_per_day=60"}}};
};

// A code works with its own handle only: not for another purpose, user type or identifier.
TEST_F(RulesTest, B9_CodesAreBoundToWhatTheyWereAskedFor) {
  const support::CallOptions bearer = SignIn("owner@example.com");
  std::vector<Asked> asked = {
      Ask({.identifier = "one@example.com"}),
      Ask({.identifier = "one@example.com", .user_type = v1::USER_TYPE_DEMO}),
      Ask({.identifier = "two@example.com"}),
      Ask({.identifier = "two@example.com", .purpose = v1::PURPOSE_VERIFY_EMAIL}, bearer)};
  for (size_t handle = 0; handle < asked.size(); ++handle) {
    for (size_t code = 0; code < asked.size(); ++code) {
      if (asked[code].reply.development_code() == asked[handle].reply.development_code()) continue;
      EXPECT_EQ(Guess(asked[handle], asked[code].reply.development_code(), bearer).reason,
                "OTP_INVALID");
    }
  }
  // Three wrong guesses for each code, evaluated and counted; the right codes are still valid.
  EXPECT_EQ(Value("SELECT min(failures) || ' ' || max(failures) FROM subjects WHERE identifier IN "
                  "('one@example.com')"),
            "3 3");
  // In reverse order, so that two@example.com is attached to an account before it signs in.
  for (size_t i = asked.size(); i-- > 0;) {
    const auto answer = Guess(asked[i], asked[i].reply.development_code(), bearer);
    EXPECT_TRUE(answer.ok()) << i << " " << answer.reason;
  }
}

TEST_F(RulesTest, B10_AResendResetsNoBudget) {
  const Asked asked = Ask({.identifier = "test@example.com"});
  const std::string old_code = asked.reply.development_code();
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(Guess(asked, support::WrongCode(old_code, i)).attempts_remaining, 4 - i);
  const auto resent = client(1).ResendOtp(asked.reply.handle());
  ASSERT_TRUE(resent.ok()) << resent.message;
  const std::string& code = resent.reply.development_code();
  ASSERT_NE(code, old_code) << "one in a million";
  EXPECT_EQ(Guess(asked, old_code).attempts_remaining, 1) << "the old code is wrong now";
  EXPECT_EQ(Guess(asked, support::WrongCode(code)).attempts_remaining, 0);
  EXPECT_EQ(Guess(asked, code).reason, "OTP_INVALID");
  EXPECT_EQ(Value("SELECT failures FROM subjects"), "5");
}

TEST_F(RulesTest, B13_ASuccessConsumesTheOtherCodesOfThatPurpose) {
  const Asked first = Ask({.identifier = "test@example.com"});
  const Asked second = Ask({.identifier = "test@example.com"});
  EXPECT_TRUE(Guess(second, second.reply.development_code()).ok());
  EXPECT_EQ(Guess(first, first.reply.development_code()).reason, "OTP_INVALID");
}

TEST_F(RulesTest, G2_OneRequestIdEvaluatesOneCode) {
  const Asked asked = Ask({.identifier = "test@example.com"});
  const std::string& code = asked.reply.development_code();
  const support::CallOptions id{.request_id = "7f1d3c2e-9a4b-4c5d-8e6f-0123456789ab"};
  EXPECT_EQ(Guess(asked, support::WrongCode(code), id).attempts_remaining, 4);
  for (int i = 1; i < support::Trials(300); ++i) {
    ASSERT_EQ(client(i).VerifyOtp(asked.reply.handle(), support::WrongCode(code, i), id).reason,
              "REQUEST_ID_REUSED");
  }
  EXPECT_EQ(client(0).VerifyOtp(asked.reply.handle(), code, id).reason, "REQUEST_ID_REUSED");
  EXPECT_EQ(Guess(asked, support::WrongCode(code), id).attempts_remaining, 4)
      << "the recorded answer";
  EXPECT_EQ(Value("SELECT attempts FROM signup_otps"), "1");
}

TEST_F(RulesTest, G6_AfterADayARepeatIsANewRequest) {
  const support::CallOptions id{.request_id = "7f1d3c2e-9a4b-4c5d-8e6f-0123456789ab"};
  const Asked first = Ask({.identifier = "test@example.com"}, id);
  const Asked again = Ask({.identifier = "test@example.com"}, id);
  EXPECT_EQ(again.reply.handle(), first.reply.handle());
  EXPECT_EQ(again.reply.development_code(), "") << "a repeat never holds the code";
  EXPECT_EQ(Value("SELECT count(*) FROM outbox"), "1");
  Sql("UPDATE requests SET created_at = created_at - interval '24 hours'");
  EXPECT_NE(Ask({.identifier = "test@example.com"}, id).reply.handle(), first.reply.handle());
  EXPECT_EQ(Value("SELECT count(*) FROM outbox"), "2");
}

// An attacker who uses up the guesses of one identifier does not lock the other one.
TEST_F(RulesTest, D6_AnAttackerCannotLockTheOwnerOut) {
  const support::CallOptions bearer = SignIn("+14155550123");
  const Asked attach =
      Ask({.identifier = "owner@example.com", .purpose = v1::PURPOSE_VERIFY_EMAIL}, bearer);
  ASSERT_TRUE(Guess(attach, attach.reply.development_code(), bearer).ok());
  for (int code = 0; code < 4; ++code) {
    const Asked asked = Ask({.identifier = "+14155550123"});
    for (int i = 0; i < 5; ++i) Guess(asked, support::WrongCode(asked.reply.development_code(), i));
  }
  EXPECT_EQ(Value("SELECT failures FROM subjects WHERE identifier = '+14155550123'"), "20");
  const Asked blocked = Ask({.identifier = "+14155550123"});
  EXPECT_EQ(Guess(blocked, blocked.reply.development_code()).reason, "OTP_INVALID");
  EXPECT_EQ(Value("SELECT blocked_until - clock_timestamp() < interval '31 s' FROM subjects "
                  "WHERE identifier = '+14155550123'"),
            "t");
  SignIn("owner@example.com");
}

// Answers to a stranger are the same for all kinds of subjects, except for the handles.
TEST_F(RulesTest, C4_B11_KnownUnknownDisabledAndBlockedLookTheSame) {
  const std::vector<std::string> people = {"unknown@example.com", "known@example.com",
                                           "disabled@example.com", "blocked@example.com"};
  for (size_t i = 1; i < people.size(); ++i) SignIn(people[i]);
  Sql("UPDATE users SET status = 'disabled' WHERE id = (SELECT user_id FROM subjects WHERE "
      "identifier = 'disabled@example.com')");
  Sql("UPDATE subjects SET failures = 20, blocked_until = now() + interval '1 hour' WHERE "
      "identifier = 'blocked@example.com'");
  std::vector<std::string> faces;
  std::vector<size_t> handles;
  for (const std::string& person : people) {
    const Asked asked = Ask({.identifier = person});
    v1::RequestOtpResponse face = asked.reply;
    handles.push_back(face.handle().size() - person.size() * 4 / 3);
    face.clear_handle();
    face.clear_development_code();
    face.clear_masked_destination();
    const auto resent = client(0).ResendOtp(asked.reply.handle());
    v1::ResendOtpResponse again = resent.reply;
    again.clear_handle();
    again.clear_development_code();
    again.clear_masked_destination();
    const auto wrong = Guess(asked, support::WrongCode(resent.reply.development_code()));
    const auto unknown_handle = client(0).VerifyOtp(asked.reply.handle().substr(1) + "A", "000000");
    faces.push_back(absl::StrCat(face.SerializeAsString(), "|", resent.ok(), "|",
                                 again.SerializeAsString(), "|", static_cast<int>(wrong.code),
                                 wrong.message, wrong.reason, "|", unknown_handle.status_bytes));
  }
  for (const std::string& face : faces) EXPECT_EQ(face, faces[0]);
  EXPECT_EQ(Value("SELECT count(DISTINCT n) FROM (SELECT count(*) AS n FROM outbox WHERE "
                  "identifier LIKE '%known@example.com' OR identifier LIKE 'd%' GROUP BY "
                  "identifier HAVING identifier <> 'unknown@example.com') AS x"),
            "1")
      << "as many messages, sent or suppressed";
}

// The length of a handle, which is visible on the wire, does not depend on the sealed content.
TEST_F(RulesTest, C4_HandlesAreAsLongForEverybody) {
  for (const char* form : {"person%d@example.com", "+1415555012%d"}) {
    SCOPED_TRACE(form);
    std::vector<std::string> people;
    for (int i = 0; i < 4; ++i)
      people.push_back(absl::StrReplaceAll(form, {{"%d", absl::StrCat(i)}}));
    for (size_t i = 1; i < people.size(); ++i) SignIn(people[i]);
    Sql(
        absl::StrCat("UPDATE users SET status = 'disabled' WHERE id = (SELECT user_id FROM "
                     "subjects WHERE identifier = '",
                     people[2], "')"));
    Sql(
        absl::StrCat("UPDATE subjects SET failures = 20, blocked_until = now() + interval '1 hour' "
                     "WHERE identifier = '",
                     people[3], "'"));
    std::set<size_t> handles;
    std::set<size_t> answers;
    for (const std::string& person : people) {
      for (const v1::UserType type : {v1::USER_TYPE_LIVE, v1::USER_TYPE_DEMO}) {
        const Asked asked = Ask({.identifier = person, .user_type = type});
        const auto resent = client(1).ResendOtp(asked.reply.handle());
        ASSERT_TRUE(resent.ok()) << resent.message;
        EXPECT_EQ(resent.reply.handle(), asked.reply.handle());
        handles.insert(asked.reply.handle().size());
        answers.insert(asked.reply.ByteSizeLong());
        answers.insert(resent.reply.ByteSizeLong());
      }
    }
    EXPECT_EQ(handles.size(), 1u);
    EXPECT_EQ(answers.size(), 1u);
  }
}

// Exhausted, consumed, expired and superseded codes give the same answer.
TEST_F(RulesTest, B11_AllWaysACodeCanBeDeadLookTheSame) {
  const Asked consumed = Ask({.identifier = "one@example.com"});
  ASSERT_TRUE(Guess(consumed, consumed.reply.development_code()).ok());
  const Asked expired = Ask({.identifier = "two@example.com"});
  Sql("UPDATE signup_otps SET expires_at = now() WHERE email = 'two@example.com'");
  const Asked superseded = Ask({.identifier = "three@example.com"});
  Ask({.identifier = "three@example.com"});
  const Asked used_up = Ask({.identifier = "four@example.com"});
  for (int i = 0; i < 5; ++i)
    Guess(used_up, support::WrongCode(used_up.reply.development_code(), i));
  std::vector<std::string> faces;
  for (const Asked* asked : {&consumed, &expired, &superseded, &used_up}) {
    faces.push_back(Guess(*asked, asked->reply.development_code()).status_bytes);
    faces.push_back(
        Guess(*asked, support::WrongCode(asked->reply.development_code(), 7)).status_bytes);
  }
  for (const std::string& face : faces) EXPECT_EQ(face, faces[0]);
}

}  // namespace
}  // namespace otpgate::e2e
