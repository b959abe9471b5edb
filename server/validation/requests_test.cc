#include "server/validation/requests.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "otpgate/v1/auth_service.pb.h"

namespace otpgate::validation {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const ValidationLimits kLimits;
constexpr char kUuid[] = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6";

// The fields with violations; empty when accepted.
template <class T>
std::vector<std::string> BadFields(const errors::Outcome<T>& outcome) {
  std::vector<std::string> fields;
  if (!outcome) {
    EXPECT_EQ(outcome.error().reason, errors::Reason::kInvalidRequest);
    for (const errors::Violation& violation : outcome.error().violations) {
      EXPECT_FALSE(violation.description.empty());
      fields.push_back(violation.field);
    }
    EXPECT_FALSE(fields.empty());
  }
  return fields;
}

v1::RequestOtpRequest ToPhone(const std::string& number) {
  v1::RequestOtpRequest request;
  request.mutable_identifier()->set_phone_number(number);
  return request;
}

v1::RequestOtpRequest ToEmail(const std::string& email) {
  v1::RequestOtpRequest request;
  request.mutable_identifier()->set_email(email);
  return request;
}

TEST(RequestOtpRequestTest, DefaultsAreLiveLogin) {
  const auto outcome = Validate(ToPhone("+1 (415) 555-0123"), kLimits);
  ASSERT_THAT(BadFields(outcome), IsEmpty());
  const RequestOtpInput expected{.identifier = "+14155550123", .locale = "", .request_id = ""};
  EXPECT_EQ(*outcome, expected);
}

TEST(RequestOtpRequestTest, TakesEveryField) {
  v1::RequestOtpRequest request = ToEmail("Test@EXAMPLE.com");
  request.set_user_type(v1::USER_TYPE_DEMO);
  request.set_purpose(v1::PURPOSE_VERIFY_EMAIL);
  request.set_locale("PT_br");
  request.set_request_id(kUuid);
  const auto outcome = Validate(request, kLimits);
  ASSERT_THAT(BadFields(outcome), IsEmpty());
  const RequestOtpInput expected{.identifier = "test@example.com",
                                 .user_type = storage::UserType::kDemo,
                                 .purpose = storage::Purpose::kVerifyEmail,
                                 .locale = "pt-BR",
                                 .request_id = "\xf8\x1d\x4f\xae\x7d\xec\x11\xd0\xa7\x65" +
                                               std::string("\0", 1) + "\xa0\xc9\x1e\x6b\xf6"};
  EXPECT_EQ(*outcome, expected);
}

TEST(RequestOtpRequestTest, NationalNumberNeedsItsCountry) {
  v1::RequestOtpRequest request = ToPhone("(415) 555-0123");
  EXPECT_THAT(BadFields(Validate(request, kLimits)), ElementsAre("identifier.phone_number"));
  request.mutable_identifier()->set_region("US");
  EXPECT_THAT(BadFields(Validate(request, kLimits)), IsEmpty());
  request.mutable_identifier()->set_region("");
  request.mutable_identifier()->set_country_code("1");
  EXPECT_THAT(BadFields(Validate(request, kLimits)), IsEmpty());
}

TEST(RequestOtpRequestTest, NamesEveryViolationAtOnce) {
  v1::RequestOtpRequest request = ToPhone("(415) 555-0123");
  request.mutable_identifier()->set_region("XX");
  request.mutable_identifier()->set_country_code("x");
  request.set_user_type(static_cast<v1::UserType>(7));
  request.set_purpose(static_cast<v1::Purpose>(-1));
  request.set_locale("?");
  request.set_request_id("1");
  EXPECT_THAT(BadFields(Validate(request, kLimits)),
              ElementsAre("user_type", "purpose", "identifier.region", "identifier.country_code",
                          "locale", "request_id"));
}

TEST(RequestOtpRequestTest, IdentifierFitsThePurpose) {
  EXPECT_THAT(BadFields(Validate(v1::RequestOtpRequest(), kLimits)), ElementsAre("identifier"));
  v1::RequestOtpRequest phone = ToPhone("+14155550123");
  v1::RequestOtpRequest email = ToEmail("test@example.com");
  phone.set_purpose(v1::PURPOSE_VERIFY_EMAIL);
  email.set_purpose(v1::PURPOSE_VERIFY_PHONE);
  EXPECT_THAT(BadFields(Validate(phone, kLimits)), ElementsAre("identifier"));
  EXPECT_THAT(BadFields(Validate(email, kLimits)), ElementsAre("identifier"));
  phone.set_purpose(v1::PURPOSE_VERIFY_PHONE);
  email.set_purpose(v1::PURPOSE_VERIFY_EMAIL);
  EXPECT_THAT(BadFields(Validate(phone, kLimits)), IsEmpty());
  EXPECT_THAT(BadFields(Validate(email, kLimits)), IsEmpty());
}

TEST(RequestOtpRequestTest, AVerificationIsForBothKindsOfIdentifier) {
  for (v1::RequestOtpRequest request : {ToPhone("+14155550123"), ToEmail("test@example.com")}) {
    request.set_purpose(v1::PURPOSE_VERIFICATION);
    const auto outcome = Validate(request, kLimits);
    ASSERT_THAT(BadFields(outcome), IsEmpty());
    EXPECT_EQ(outcome->purpose, storage::Purpose::kVerification);
  }
}

TEST(RequestOtpRequestTest, CountryFieldsDoNotGoWithAnAddress) {
  v1::RequestOtpRequest request = ToEmail("@");
  request.mutable_identifier()->set_region("US");
  request.mutable_identifier()->set_country_code("1");
  EXPECT_THAT(BadFields(Validate(request, kLimits)),
              ElementsAre("identifier.region", "identifier.country_code", "identifier.email"));
}

TEST(RequestOtpRequestTest, PhoneTypesFollowTheLimits) {
  const auto premium = ToPhone("+19002530000");
  EXPECT_THAT(BadFields(Validate(premium, kLimits)), ElementsAre("identifier.phone_number"));
  EXPECT_THAT(BadFields(Validate(premium, {.personal_numbers_only = false})), IsEmpty());
}

TEST(ResendOtpRequestTest, ChecksHandleAndRequestId) {
  v1::ResendOtpRequest request;
  request.set_request_id("no");
  EXPECT_THAT(BadFields(Validate(request, kLimits)), ElementsAre("handle", "request_id"));
  request.set_handle("abc");
  request.set_request_id("");
  const auto outcome = Validate(request, kLimits);
  ASSERT_THAT(BadFields(outcome), IsEmpty());
  EXPECT_EQ(outcome->handle, "abc");
}

TEST(VerifyOtpRequestTest, B8_CodeHasExactlyItsDigits) {
  v1::VerifyOtpRequest request;
  request.set_handle("abc");
  request.set_code("123456");
  request.set_device_info("Pixel 8");
  const auto outcome = Validate(request, kLimits);
  ASSERT_THAT(BadFields(outcome), IsEmpty());
  EXPECT_EQ(outcome->code, "123456");
  EXPECT_EQ(outcome->device_info, "Pixel 8");
  EXPECT_THAT(BadFields(Validate(request, {.code_digits = 8})), ElementsAre("code"));
}

TEST(VerifyOtpRequestTest, NamesEveryViolationAtOnce) {
  v1::VerifyOtpRequest request;
  request.set_code("１２３４５６");
  request.set_device_info("\n");
  request.set_request_id("no");
  EXPECT_THAT(BadFields(Validate(request, kLimits)),
              ElementsAre("handle", "code", "device_info", "request_id"));
}

}  // namespace
}  // namespace otpgate::validation
