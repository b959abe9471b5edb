// A code that attaches an identifier to an account works only with the bearer token of the account
// that requested it.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/e2e/deployment.h"

namespace otpgate::e2e {
namespace {

// A signed-in user who requests a code for one more identifier.
struct Person {
  std::string name;
  v1::UserType user_type;
  support::CallOptions bearer;
  std::string user_id;
  support::Answer<v1::RequestOtpResponse> asked;
};

class BearerTest : public ::testing::Test {
 protected:
  support::AuthClient& client(int i = 0) { return deployment_.client(i); }
  std::string Value(const std::string& sql) { return deployment_.database().Value(sql); }

  Person SignIn(const std::string& name, v1::UserType user_type = v1::USER_TYPE_LIVE) {
    const auto asked = client(0).RequestOtp(
        support::CodeRequest{.identifier = name + "@example.com", .user_type = user_type});
    const auto verified = client(1).VerifyOtp(asked.reply.handle(), asked.reply.development_code());
    EXPECT_TRUE(verified.ok()) << verified.message;
    return {.name = name,
            .user_type = user_type,
            .bearer = {.authorization = "Bearer " + verified.reply.access_token()},
            .user_id = verified.reply.user().id(),
            .asked = {}};
  }
  void Ask(Person& person, v1::Purpose purpose, const std::string& identifier) {
    person.asked = client(0).RequestOtp(
        support::CodeRequest{
            .identifier = identifier, .user_type = person.user_type, .purpose = purpose},
        person.bearer);
    ASSERT_TRUE(person.asked.ok()) << person.asked.message;
  }
  // Enters the right code or a wrong one.
  support::Answer<v1::VerifyOtpResponse> Enter(const Person& person,
                                               const support::CallOptions& bearer,
                                               bool right = true) {
    const std::string& code = person.asked.reply.development_code();
    return client(1).VerifyOtp(person.asked.reply.handle(), right ? code : support::WrongCode(code),
                               bearer);
  }
  // No account got a second identifier, and no attempt was counted.
  void ExpectNothingAttachedNorCounted() {
    EXPECT_EQ(Value("SELECT max(n) FROM (SELECT count(*) AS n FROM identities GROUP BY user_id) x"),
              "1");
    EXPECT_EQ(Value("SELECT sum(failures) FROM subjects"), "0");
    EXPECT_EQ(Value("SELECT sum(attempts) FROM otp_sessions WHERE NOT is_verified"), "0");
  }

  Deployment deployment_{{.servers = 2}};
};

TEST_F(BearerTest, B9_AnotherAccountsBearerNeverAttaches) {
  std::vector<Person> people = {SignIn("one"), SignIn("two"), SignIn("three", v1::USER_TYPE_DEMO),
                                SignIn("four", v1::USER_TYPE_DEMO)};
  const v1::Purpose purposes[] = {v1::PURPOSE_VERIFY_EMAIL, v1::PURPOSE_VERIFY_PHONE};
  for (const v1::Purpose purpose : purposes) {
    const bool phone = purpose == v1::PURPOSE_VERIFY_PHONE;
    for (size_t i = 0; i < people.size(); ++i) {
      Ask(people[i], purpose,
          phone ? absl::StrCat("+1415555012", i) : absl::StrCat("new", i, "@example.com"));
    }
    for (const Person& owner : people) {
      for (const Person& other : people) {
        if (other.name == owner.name) continue;
        SCOPED_TRACE(absl::StrCat(owner.name, " ", other.name, phone));
        const auto right = Enter(owner, other.bearer);
        EXPECT_EQ(right.reason,
                  owner.user_type == other.user_type ? "OTP_INVALID" : "UNAUTHENTICATED");
        // The answer does not reveal whether the code was right.
        EXPECT_EQ(Enter(owner, other.bearer, false).status_bytes, right.status_bytes);
      }
    }
    EXPECT_EQ(Value(absl::StrCat("SELECT count(*) FROM identities WHERE identifier LIKE '",
                                 phone ? "+%" : "new%", "'")),
              "0");
    EXPECT_EQ(Value("SELECT sum(failures) FROM subjects"), "0") << "nothing was evaluated";
    for (const Person& owner : people) {
      const auto attached = Enter(owner, owner.bearer);
      ASSERT_TRUE(attached.ok()) << owner.name << attached.reason;
      EXPECT_EQ(attached.reply.user().id(), owner.user_id);
      EXPECT_EQ(attached.reply.access_token() + attached.reply.refresh_token(), "");
    }
  }
}

TEST_F(BearerTest, B9_WithoutALiveBearerNothingAttaches) {
  Person owner = SignIn("owner");
  Ask(owner, v1::PURPOSE_VERIFY_EMAIL, "new@example.com");
  const std::string token = owner.bearer.authorization.substr(std::string("Bearer ").size());
  for (const std::string& authorization :
       {std::string(), std::string("Bearer none"), "Bearer " + token.substr(1),
        "Bearer " + token.substr(0, token.rfind('.') + 1), "Basic " + token, token}) {
    const auto answer = Enter(owner, {.authorization = authorization});
    EXPECT_EQ(answer.reason, "UNAUTHENTICATED") << authorization;
    EXPECT_EQ(client(0)
                  .RequestOtp(support::CodeRequest{.identifier = "other@example.com",
                                                   .purpose = v1::PURPOSE_VERIFY_EMAIL},
                              {.authorization = authorization})
                  .reason,
              "UNAUTHENTICATED");
  }
  deployment_.database().Query("UPDATE users SET status = 'disabled'");
  EXPECT_EQ(Enter(owner, owner.bearer).reason, "UNAUTHENTICATED");
  deployment_.database().Query("UPDATE users SET status = 'active'");
  ExpectNothingAttachedNorCounted();
  EXPECT_EQ(Value("SELECT count(*) FROM subjects WHERE identifier = 'other@example.com'"), "0");
  EXPECT_TRUE(Enter(owner, owner.bearer).ok());
}

// The code is bound to the account, not to the session that requested it.
TEST_F(BearerTest, B9_AnotherSessionOfTheSameAccountMayEnterTheCode) {
  Person phone = SignIn("owner");
  const Person laptop = SignIn("owner");
  ASSERT_EQ(phone.user_id, laptop.user_id);
  Ask(phone, v1::PURPOSE_VERIFY_PHONE, "+14155550123");
  EXPECT_TRUE(Enter(phone, laptop.bearer).ok());
}

// A code for a sign-in is not bound to an account: a bearer token has no effect.
TEST_F(BearerTest, B9_ABearerOfSomebodyElseDoesNotTurnASignIn) {
  const Person other = SignIn("other");
  const auto asked = client(0).RequestOtp("owner@example.com", other.bearer);
  const auto verified =
      client(1).VerifyOtp(asked.reply.handle(), asked.reply.development_code(), other.bearer);
  ASSERT_TRUE(verified.ok()) << verified.message;
  EXPECT_NE(verified.reply.user().id(), other.user_id);
  EXPECT_EQ(verified.reply.user().email(), "owner@example.com");
}

}  // namespace
}  // namespace otpgate::e2e
