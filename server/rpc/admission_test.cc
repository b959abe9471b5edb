#include "server/rpc/admission.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/crypto/hmac.h"
#include "tests/support/sample_values.h"

namespace otpgate::rpc {
namespace {

using support::kSecret;
constexpr char kMethod[] = "a.B/C";

class AdmissionTest : public ::testing::Test {
 protected:
  static CallerEntry Entry(const std::string& id, bool may_forward) {
    return {
        id, crypto::HmacSha256(id, support::kSecret), {kMethod}, may_forward, id + ".example.com"};
  }

  AdmissionTest() { method_.name = kMethod; }

  // The reason of the refusal; kUnspecified: admitted.
  errors::Reason Decide(const std::string& client = "gateway") {
    const std::string credentials =
        absl::StrCat("Basic ", absl::Base64Escape(absl::StrCat(client, ":", support::kSecret)));
    if (!client.empty()) headers_.client_authorization = {credentials, 1};
    const std::optional<errors::Failure> refusal =
        Admit(headers_, names_, method_, callers_, info_);
    return refusal ? refusal->reason : errors::Reason::kUnspecified;
  }

  const Callers callers_ = *Callers::Create({Entry("gateway", true), Entry("plain", false)},
                                            Callers::WithoutCredentials::kRefused);
  UnaryMethod method_;
  CallHeaders headers_;
  CertificateNames names_;
  CallInfo info_;
};

TEST_F(AdmissionTest, AKnownCallerIsAdmitted) {
  EXPECT_EQ(Decide(), errors::Reason::kUnspecified);
  EXPECT_EQ(info_.caller->id(), "gateway");
  EXPECT_EQ(info_.bearer_token, "");
  EXPECT_FALSE(info_.end_user_address.has_value());
}

TEST_F(AdmissionTest, AnUnknownCallerIsUnauthenticated) {
  EXPECT_EQ(Decide(""), errors::Reason::kUnauthenticated);
  EXPECT_EQ(Decide("nobody"), errors::Reason::kUnauthenticated);
  EXPECT_EQ(info_.caller->id(), "anonymous");
}

TEST_F(AdmissionTest, CredentialsTwiceAreNone) {
  const std::string credentials =
      absl::StrCat("Basic ", absl::Base64Escape(absl::StrCat("gateway:", support::kSecret)));
  headers_.client_authorization = {credentials, 2};
  EXPECT_EQ(Decide(""), errors::Reason::kUnauthenticated);
}

TEST_F(AdmissionTest, ACertificateIsEnoughButNotAgainstASecret) {
  names_ = {"DNS:plain.example.com"};
  EXPECT_EQ(Decide(""), errors::Reason::kUnspecified);
  EXPECT_EQ(info_.caller->id(), "plain");
  EXPECT_EQ(Decide("plain"), errors::Reason::kUnspecified);
  EXPECT_EQ(Decide("gateway"), errors::Reason::kUnauthenticated);
  headers_.client_authorization.count = 2;
  EXPECT_EQ(Decide(""), errors::Reason::kUnauthenticated);
}

TEST_F(AdmissionTest, AMethodThatIsNotTheCallersIsDenied) {
  method_.name = "a.B/Other";
  EXPECT_EQ(Decide(), errors::Reason::kPermissionDenied);
  EXPECT_EQ(info_.caller->id(), "gateway");  // for the log
}

TEST_F(AdmissionTest, AMethodForAnyoneAsksForNoCaller) {
  method_.access = Access::kAnyone;
  EXPECT_EQ(Decide(""), errors::Reason::kUnspecified);
  EXPECT_EQ(info_.caller->id(), "anonymous");
}

struct BearerCase {
  const char* name;
  const char* header;
  const char* token;
};

class BearerTest : public AdmissionTest, public ::testing::WithParamInterface<BearerCase> {};

TEST_P(BearerTest, TokenIsTakenFromTheBearerScheme) {
  headers_.authorization = {GetParam().header, 1};
  EXPECT_EQ(Decide(), errors::Reason::kUnspecified);
  EXPECT_EQ(info_.bearer_token, GetParam().token);
}

INSTANTIATE_TEST_SUITE_P(Headers, BearerTest,
                         ::testing::Values(BearerCase{"Bearer", "Bearer abc.def", "abc.def"},
                                           BearerCase{"LowerCase", "bearer abc", "abc"},
                                           BearerCase{"Blanks", "Bearer   abc ", "abc"},
                                           BearerCase{"NoToken", "Bearer ", ""},
                                           BearerCase{"NoScheme", "abc", ""},
                                           BearerCase{"OtherScheme", "Basic abc", ""}),
                         [](const auto& param_info) { return std::string(param_info.param.name); });

TEST_F(AdmissionTest, TwoTokensAreAmbiguous) {
  headers_.authorization = {"Bearer abc", 2};
  EXPECT_EQ(Decide(), errors::Reason::kInvalidRequest);
}

TEST_F(AdmissionTest, D5_AnAddressIsTakenFromACallerThatMayForwardIt) {
  headers_.client_ip = {"203.0.113.7", 1};
  EXPECT_EQ(Decide("gateway"), errors::Reason::kUnspecified);
  ASSERT_TRUE(info_.end_user_address.has_value());
  EXPECT_EQ(info_.end_user_address->text, "203.0.113.7");
}

TEST_F(AdmissionTest, D5_AnAddressFromAnyOtherCallerIsIgnored) {
  headers_.client_ip = {"203.0.113.7", 1};
  EXPECT_EQ(Decide("plain"), errors::Reason::kUnspecified);
  EXPECT_FALSE(info_.end_user_address.has_value());
  headers_.client_ip = {"nonsense", 2};
  EXPECT_EQ(Decide("plain"), errors::Reason::kUnspecified);
}

TEST_F(AdmissionTest, D5_AnAddressIsIgnoredWhereNobodyIsAsked) {
  method_.access = Access::kAnyone;
  headers_.client_ip = {"203.0.113.7", 1};
  EXPECT_EQ(Decide("gateway"), errors::Reason::kUnspecified);
  EXPECT_FALSE(info_.end_user_address.has_value());
}

TEST_F(AdmissionTest, AForwardedAddressMustBeOne) {
  for (const char* text : {"", "unknown", "203.0.113.7, 10.0.0.1", "203.0.113.7:443"}) {
    headers_.client_ip = {text, 1};
    EXPECT_EQ(Decide("gateway"), errors::Reason::kInvalidRequest) << text;
  }
  headers_.client_ip = {"203.0.113.7", 2};
  EXPECT_EQ(Decide("gateway"), errors::Reason::kInvalidRequest);
}

TEST(LoggedRequestIdTest, IsPlainTextThatCameOnce) {
  const auto logged = [](absl::string_view id, int count = 1) {
    CallHeaders headers;
    headers.x_request_id = {id, count};
    return LoggedRequestId(headers);
  };
  const std::string longest(128, 'a');
  for (const absl::string_view id : {"r-1", "8e03978e-40d5-43dd-bc93-6894a57f9324", "A_z.9"}) {
    EXPECT_EQ(logged(id), id);
  }
  EXPECT_EQ(logged(longest), longest);
  EXPECT_EQ(logged(longest + "a"), "");
  EXPECT_EQ(logged("r-1", 2), "");
  EXPECT_EQ(logged("", 0), "");
  for (const absl::string_view id :
       {"test@example.com", "+14155550123", "a b", "a\"b", "\xC3\xA4"}) {
    EXPECT_EQ(logged(id), "") << id;
  }
}

}  // namespace
}  // namespace otpgate::rpc
