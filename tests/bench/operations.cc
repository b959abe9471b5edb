#include "tests/bench/operations.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "otpgate/v1/auth_service.pb.h"
#include "server/runtime/check.h"
#include "tests/bench/empty_method.h"

namespace otpgate::bench {
namespace {

constexpr char kRequestOtp[] = "otpgate.v1.AuthService/RequestOtp";
constexpr char kVerifyOtp[] = "otpgate.v1.AuthService/VerifyOtp";

PendingCode CodeIn(const std::string& reply) {
  v1::RequestOtpResponse message;
  OTPGATE_CHECK(message.ParseFromString(reply) && !message.development_code().empty());
  return {message.handle(), message.development_code()};
}

LoadCall Verify(const PendingCode& code) {
  v1::VerifyOtpRequest message;
  message.set_handle(code.handle);
  message.set_code(code.code);
  return {kVerifyOtp, message.SerializeAsString()};
}

Tokens TokensIn(const std::string& reply) {
  v1::VerifyOtpResponse message;
  OTPGATE_CHECK(message.ParseFromString(reply) && !message.access_token().empty());
  return {message.access_token(), message.refresh_token()};
}

}  // namespace

std::string People::NextRequest() {
  v1::RequestOtpRequest message;
  const int64_t person = people_++;
  if (kind_ == IdentifierKind::kEmail) {
    message.mutable_identifier()->set_email(absl::StrCat("person", person, "@example.com"));
  } else {
    message.mutable_identifier()->set_phone_number(absl::StrFormat("+1415%07d", person));
  }
  return message.SerializeAsString();
}

std::string People::NextAddress() {
  const uint32_t n = addresses_++;
  return absl::StrCat(1 + (n >> 24), ".", n >> 16 & 0xff, ".", n >> 8 & 0xff, ".", n & 0xff);
}

LoadCall EmptyCall::Begin(int64_t) { return {kEmpty, ""}; }

LoadCall AskForCode::Begin(int64_t) {
  LoadCall call{kRequestOtp, people_.NextRequest()};
  if (address_ == Address::kForwarded) call.client_ip = people_.NextAddress();
  return call;
}

std::optional<LoadCall> AskForCode::Continue(int64_t, const std::string& reply) {
  codes_.push_back(CodeIn(reply));
  return std::nullopt;
}

LoadCall EnterCode::Begin(int64_t n) { return Verify(codes_.at(static_cast<size_t>(n))); }

std::optional<LoadCall> EnterCode::Continue(int64_t, const std::string& reply) {
  tokens_.push_back(TokensIn(reply));
  return std::nullopt;
}

LoadCall SignIn::Begin(int64_t n) {
  asked_.resize(static_cast<size_t>(n) + 1);
  return {kRequestOtp, people_.NextRequest()};
}

std::optional<LoadCall> SignIn::Continue(int64_t n, const std::string& reply) {
  if (asked_[static_cast<size_t>(n)]) {
    TokensIn(reply);
    return std::nullopt;
  }
  asked_[static_cast<size_t>(n)] = true;
  return Verify(CodeIn(reply));
}

}  // namespace otpgate::bench
