#ifndef OTPGATE_TESTS_E2E_SESSIONS_FIXTURE_H_
#define OTPGATE_TESTS_E2E_SESSIONS_FIXTURE_H_

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/e2e/deployment.h"

namespace otpgate::e2e {

// Servers on one database, two by default, and people who sign in.
class SessionsFixture : public ::testing::Test {
 protected:
  using Tokens = v1::VerifyOtpResponse;

  explicit SessionsFixture(Deployment::Options options = {.servers = 2,
                                                          .flags = {"--enable_rate_limit=false"}},
                           support::PgCluster& cluster = support::SharedPgCluster())
      : deployment_(std::move(options), cluster) {}

  Tokens SignIn(const std::string& identifier, v1::UserType type = v1::USER_TYPE_LIVE,
                const support::CallOptions& options = {}) {
    const auto asked = client(0).RequestOtp(
        support::CodeRequest{.identifier = identifier, .user_type = type}, options);
    const auto verified =
        client(1).VerifyOtp(asked.reply.handle(), asked.reply.development_code(), options);
    EXPECT_TRUE(verified.ok()) << verified.message;
    return verified.reply;
  }
  std::string NextPerson() { return absl::StrCat("p", ++people_, "@example.com"); }
  support::CallOptions NextRequestId() {
    return {.request_id = absl::StrCat("00000000-0000-4000-8000-", 100'000'000'000 + ++ids_)};
  }
  static support::CallOptions Bearer(const std::string& access_token) {
    return {.authorization = "Bearer " + access_token};
  }
  support::AuthClient& client(int i = 0) { return deployment_.client(i); }
  bool IsActive(const std::string& token, int server = 1) {
    const auto answer = client(server).IntrospectToken(token);
    EXPECT_TRUE(answer.ok()) << answer.message;
    return answer.reply.active();
  }
  std::string Value(const std::string& sql) { return deployment_.database().Value(sql); }
  void Sql(const std::string& sql) { deployment_.database().Query(sql); }
  void OutliveGrace() { Sql("UPDATE sessions SET rotated_at = rotated_at - interval '1 min'"); }

  Deployment deployment_;

 private:
  int people_ = 0;
  int ids_ = 0;
};

}  // namespace otpgate::e2e

#endif  // OTPGATE_TESTS_E2E_SESSIONS_FIXTURE_H_
