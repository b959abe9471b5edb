#include "server/rpc/callers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/crypto/hmac.h"
#include "tests/support/sample_values.h"
#include "tests/support/status_matchers.h"

namespace otpgate::rpc {
namespace {

using ::otpgate::support::StatusIs;
using ::testing::HasSubstr;
using ::testing::Not;

using support::kSecret;

CallerEntry Entry(const std::string& id, const std::string& secret = support::kSecret) {
  CallerEntry entry;
  entry.id = id;
  entry.secret_mac =
      id.empty() ? std::string(crypto::kSha256Bytes, 'm') : crypto::HmacSha256(id, secret);
  entry.methods = {"a.B/C"};
  return entry;
}

std::string Basic(absl::string_view text) {
  return absl::StrCat("Basic ", absl::Base64Escape(text));
}

Callers Gateway() {
  return *Callers::Create({Entry("gateway"), Entry("other", std::string(32, 'o'))},
                          Callers::WithoutCredentials::kRefused);
}

TEST(CallersTest, TheRightSecretNamesTheCaller) {
  const Callers callers = Gateway();
  const Caller* caller = callers.Authenticate(Basic(absl::StrCat("gateway:", support::kSecret)));
  ASSERT_NE(caller, nullptr);
  EXPECT_EQ(caller->id(), "gateway");
  EXPECT_FALSE(caller->may_forward_client_ip());
}

TEST(CallersTest, TheSchemeMayBeInAnyCase) {
  const std::string credentials = absl::Base64Escape(absl::StrCat("gateway:", support::kSecret));
  EXPECT_NE(Gateway().Authenticate("basic " + credentials), nullptr);
}

TEST(CallersTest, TheMacIsWhatOpensslPrints) {
  // printf %s 0123456789abcdef0123456789abcdef | openssl dgst -sha256 -hmac gateway
  CallerEntry entry = Entry("gateway");
  entry.secret_mac =
      absl::HexStringToBytes("387a9db3e9d078c1eaa750c7fab617482bd6a95eef4a88f5c7279763d0e80325");
  const auto callers = Callers::Create({entry}, Callers::WithoutCredentials::kRefused);
  ASSERT_OK(callers);
  EXPECT_NE(callers->Authenticate(Basic(absl::StrCat("gateway:", support::kSecret))), nullptr);
}

struct RefusedCase {
  const char* name;
  std::string authorization;
};

class RefusedTest : public ::testing::TestWithParam<RefusedCase> {};

TEST_P(RefusedTest, IsNobody) {
  EXPECT_EQ(Gateway().Authenticate(GetParam().authorization), nullptr);
}

INSTANTIATE_TEST_SUITE_P(
    Credentials, RefusedTest,
    ::testing::Values(
        RefusedCase{"None", ""}, RefusedCase{"SchemeAlone", "Basic "},
        RefusedCase{"OtherScheme",
                    "Bearer " + absl::Base64Escape(absl::StrCat("gateway:", support::kSecret))},
        RefusedCase{"NotBase64", "Basic gateway:!!!"},
        RefusedCase{"NoColon", Basic(absl::StrCat("gateway", support::kSecret))},
        RefusedCase{"NoId", Basic(absl::StrCat(":", support::kSecret))},
        RefusedCase{"UnknownId", Basic(absl::StrCat("nobody:", support::kSecret))},
        RefusedCase{"SecretOfAnother", Basic(absl::StrCat("other:", support::kSecret))},
        RefusedCase{"SecretAndMore", Basic(absl::StrCat("gateway:", support::kSecret, "0"))},
        RefusedCase{"IdInUpperCase", Basic(absl::StrCat("GATEWAY:", support::kSecret))},
        RefusedCase{"BuiltInAnonymous", Basic(absl::StrCat("anonymous:", support::kSecret))},
        RefusedCase{"BuiltInDevelopment", Basic(absl::StrCat("development:", support::kSecret))}),
    [](const auto& param_info) { return std::string(param_info.param.name); });

TEST(CallersTest, AShortSecretOpensNothingThoughItsMacFits) {
  const auto callers =
      Callers::Create({Entry("gateway", "short")}, Callers::WithoutCredentials::kRefused);
  ASSERT_OK(callers);
  EXPECT_EQ(callers->Authenticate(Basic("gateway:short")), nullptr);
}

TEST(CallersTest, DevelopmentTakesCallsWithoutCredentialsButNoWrongOnes) {
  const auto callers =
      Callers::Create({Entry("gateway")}, Callers::WithoutCredentials::kDevelopment);
  ASSERT_OK(callers);
  const Caller* caller = callers->Authenticate("");
  ASSERT_NE(caller, nullptr);
  EXPECT_EQ(caller->id(), "development");
  EXPECT_TRUE(caller->MayCall("any.Service/Method"));
  EXPECT_TRUE(caller->may_forward_client_ip());
  EXPECT_EQ(callers->Authenticate(Basic("gateway:wrong")), nullptr);
}

TEST(CallersTest, AnonymousMayDoNothing) {
  const Callers callers = Gateway();
  EXPECT_EQ(callers.anonymous().id(), "anonymous");
  EXPECT_FALSE(callers.anonymous().MayCall("a.B/C"));
  EXPECT_FALSE(callers.anonymous().may_forward_client_ip());
}

struct MethodCase {
  const char* name;
  std::vector<std::string> methods;
  const char* method;
  bool allowed;
};

class MethodTest : public ::testing::TestWithParam<MethodCase> {};

TEST_P(MethodTest, CallerMayCallWhatItsEntryNames) {
  CallerEntry entry = Entry("gateway");
  entry.methods = GetParam().methods;
  ASSERT_OK(Callers::Create({entry}, Callers::WithoutCredentials::kRefused));
  EXPECT_EQ(Caller(entry).MayCall(GetParam().method), GetParam().allowed);
}

INSTANTIATE_TEST_SUITE_P(
    Methods, MethodTest,
    ::testing::Values(MethodCase{"Named", {"a.B/C"}, "a.B/C", true},
                      MethodCase{"OtherMethod", {"a.B/C"}, "a.B/D", false},
                      MethodCase{"OtherService", {"a.B/C"}, "a.X/C", false},
                      MethodCase{"WholeService", {"a.B/*"}, "a.B/D", true},
                      MethodCase{"PrefixOfService", {"a.B/*"}, "a.BB/D", false},
                      MethodCase{"SecondOfTwo", {"a.B/C", "a.X/*"}, "a.X/C", true},
                      MethodCase{"Everything", {"*"}, "a.X/C", true},
                      MethodCase{"Nothing", {}, "a.B/C", false}),
    [](const auto& param_info) { return std::string(param_info.param.name); });

struct EntryCase {
  const char* name;
  CallerEntry entry;
  const char* told;
};

CallerEntry WithMethod(const char* method) {
  CallerEntry entry = Entry("gateway");
  entry.methods = {method};
  return entry;
}

CallerEntry WithMac(const std::string& mac) {
  CallerEntry entry = Entry("gateway");
  entry.secret_mac = mac;
  return entry;
}

class BadEntryTest : public ::testing::TestWithParam<EntryCase> {};

TEST_P(BadEntryTest, IsRefusedByName) {
  const auto callers = Callers::Create({GetParam().entry}, Callers::WithoutCredentials::kRefused);
  ASSERT_THAT(callers, support::StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(std::string(callers.status().message()), HasSubstr(GetParam().told));
}

INSTANTIATE_TEST_SUITE_P(
    Entries, BadEntryTest,
    ::testing::Values(EntryCase{"NoId", Entry(""), "1 to 64"},
                      EntryCase{"IdWithColon", Entry("a:b"), "a:b"},
                      EntryCase{"IdTooLong", Entry(std::string(65, 'a')), "1 to 64"},
                      EntryCase{"BuiltIn", Entry("development"), "built in"},
                      EntryCase{"ShortMac", WithMac("abc"), "32 bytes"},
                      EntryCase{"MethodWithoutService", WithMethod("VerifyOtp"), "VerifyOtp"},
                      EntryCase{"MethodAsPath", WithMethod("/a.B/C"), "/a.B/C"},
                      EntryCase{"ServiceWithoutMethod", WithMethod("a.B/"), "a.B/"}),
    [](const auto& param_info) { return std::string(param_info.param.name); });

TEST(CallersTest, AnIdAppearsOnce) {
  EXPECT_THAT(
      Callers::Create({Entry("gateway"), Entry("gateway")}, Callers::WithoutCredentials::kRefused),
      support::StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(CallersTest, ErrorsNeverShowTheMac) {
  CallerEntry entry = WithMac("canary-of-a-mac");
  EXPECT_THAT(Callers::Create({entry}, Callers::WithoutCredentials::kRefused).status().ToString(),
              Not(HasSubstr("canary")));
}

}  // namespace
}  // namespace otpgate::rpc
