// Every method that checks a code counts the attempts in the same place.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/e2e/deployment.h"

namespace otpgate::e2e {
namespace {

constexpr int kAllowed = 5;

// The methods of the public services whose requests have a code.
std::set<std::string> MethodsThatTakeACode() {
  std::set<std::string> names;
  const auto* service =
      v1::RequestOtpRequest::descriptor()->file()->FindServiceByName("AuthService");
  for (int i = 0; i < service->method_count(); ++i) {
    const auto* method = service->method(i);
    if (method->input_type()->FindFieldByName("code") != nullptr) names.insert(method->name());
  }
  return names;
}

class VerifyPathsTest : public ::testing::Test {
 protected:
  support::CallOptions SignIn(const std::string& identifier) {
    const auto asked = deployment_.client().RequestOtp(identifier);
    const auto verified =
        deployment_.client().VerifyOtp(asked.reply.handle(), asked.reply.development_code());
    EXPECT_TRUE(verified.ok()) << verified.message;
    return {.authorization = "Bearer " + verified.reply.access_token()};
  }

  std::string FailuresOf(const support::CodeRequest& request) {
    return deployment_.database().Value(absl::StrCat(
        "SELECT failures FROM subjects WHERE identifier = '", request.identifier,
        "' AND user_type = '", request.user_type == v1::USER_TYPE_DEMO ? "demo" : "live", "'"));
  }

  void ExpectCounted(const support::CodeRequest& request,
                     const support::CallOptions& options = {}) {
    SCOPED_TRACE(request.identifier);
    support::AuthClient& client = deployment_.client();
    const auto asked = client.RequestOtp(request, options);
    ASSERT_TRUE(asked.ok()) << asked.message;
    const std::string& code = asked.reply.development_code();
    for (int i = 0; i < kAllowed; ++i) {
      const auto guess =
          client.VerifyOtp(asked.reply.handle(), support::WrongCode(code, i), options);
      EXPECT_EQ(guess.reason, "OTP_INVALID");
      EXPECT_EQ(guess.attempts_remaining, kAllowed - 1 - i);
    }
    EXPECT_EQ(client.VerifyOtp(asked.reply.handle(), code, options).reason, "OTP_INVALID");
    EXPECT_EQ(FailuresOf(request), std::to_string(kAllowed));
  }

  Deployment deployment_{{.servers = 1}};
};

TEST_F(VerifyPathsTest, B6_TheMethodsThatTakeACodeAreThoseTestedHere) {
  EXPECT_EQ(MethodsThatTakeACode(), std::set<std::string>({"VerifyOtp"}));
}

TEST_F(VerifyPathsTest, B6_EveryPurposeHasTheSameBudget) {
  const support::CallOptions bearer = SignIn("owner@example.com");
  ExpectCounted({.identifier = "new@example.com"});
  ExpectCounted({.identifier = "+14155550123"});
  ExpectCounted({.identifier = "new@example.com", .user_type = v1::USER_TYPE_DEMO});
  ExpectCounted({.identifier = "owner@example.com"});
  ExpectCounted({.identifier = "+14155550124", .purpose = v1::PURPOSE_VERIFY_PHONE}, bearer);
  ExpectCounted({.identifier = "two@example.com", .purpose = v1::PURPOSE_VERIFY_EMAIL}, bearer);
  ExpectCounted({.identifier = "+14155550125", .purpose = v1::PURPOSE_VERIFICATION});
  ExpectCounted({.identifier = "three@example.com", .purpose = v1::PURPOSE_VERIFICATION});
}

}  // namespace
}  // namespace otpgate::e2e
