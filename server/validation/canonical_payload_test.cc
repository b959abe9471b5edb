#include "server/validation/canonical_payload.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"

namespace otpgate::validation {
namespace {

RequestOtpInput SomeRequest() {
  RequestOtpInput input;
  input.identifier = "+14155550123";
  input.locale = "en";
  return input;
}

TEST(CanonicalPayloadTest, LayoutIsFixed) {
  EXPECT_EQ(absl::BytesToHexString(CanonicalPayload(SomeRequest())),
            absl::BytesToHexString(std::string("\0\0\0\nRequestOtp"
                                               "\0\0\0\x0c+14155550123"
                                               "\0\0\0\x04live"
                                               "\0\0\0\x05login"
                                               "\0\0\0\x02"
                                               "en",
                                               14 + 16 + 8 + 9 + 6)));
}

TEST(CanonicalPayloadTest, RequestIdIsNoPartOfIt) {
  RequestOtpInput other = SomeRequest();
  other.request_id = std::string(16, 'x');
  EXPECT_EQ(CanonicalPayload(other), CanonicalPayload(SomeRequest()));
}

TEST(CanonicalPayloadTest, G2_EveryFieldAndEveryBorderMatters) {
  std::set<std::string> payloads = {CanonicalPayload(SomeRequest())};
  size_t expected = 1;
  const auto add = [&](const auto& input) {
    payloads.insert(CanonicalPayload(input));
    EXPECT_EQ(payloads.size(), ++expected);
  };
  RequestOtpInput request = SomeRequest();
  request.identifier = "test@example.com";
  add(request);
  request = SomeRequest();
  request.user_type = storage::UserType::kDemo;
  add(request);
  request = SomeRequest();
  request.purpose = storage::Purpose::kVerifyPhone;
  add(request);
  request = SomeRequest();
  request.locale = "";
  add(request);
  request = SomeRequest();
  request.bound = false;
  add(request);
  for (const auto purpose : {storage::Purpose::kLogin, storage::Purpose::kVerifyPhone}) {
    const LastCode code{
        .identifier = "+14155550123", .user_type = storage::UserType::kLive, .purpose = purpose};
    add(ResendOtpInput{.handle = "", .locale = "", .request_id = "", .last_code = code});
    add(VerifyOtpInput{
        .handle = "", .code = "123456", .device_info = "", .request_id = "", .last_code = code});
  }
  add(ResendOtpInput{.handle = "abc", .locale = "", .request_id = ""});
  add(ResendOtpInput{.handle = "abd", .locale = "", .request_id = ""});
  add(ResendOtpInput{.handle = "abd", .locale = "de", .request_id = ""});
  add(VerifyOtpInput{.handle = "abc", .code = "123456", .device_info = "", .request_id = ""});
  add(VerifyOtpInput{.handle = "abc", .code = "123457", .device_info = "", .request_id = ""});
  add(VerifyOtpInput{.handle = "abc", .code = "123456", .device_info = "x", .request_id = ""});
  add(VerifyOtpInput{.handle = "abc1", .code = "23456", .device_info = "", .request_id = ""});
}

}  // namespace
}  // namespace otpgate::validation
