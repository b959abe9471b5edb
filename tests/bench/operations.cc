#include "tests/bench/operations.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/check.h"
#include "otpgate/v1/auth_service.pb.h"
#include "tests/bench/empty_method.h"
#include "tests/bench/stored_rows.h"

namespace otpgate::bench {
namespace {

constexpr char kRequestOtp[] = "otpgate.v1.AuthService/RequestOtp";
constexpr char kResendOtp[] = "otpgate.v1.AuthService/ResendOtp";
constexpr char kVerifyOtp[] = "otpgate.v1.AuthService/VerifyOtp";
constexpr int64_t kNobody = -1;

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
  return {message.access_token(), message.refresh_token(), message.session_id()};
}

}  // namespace

std::string People::RequestOf(int64_t person) const {
  v1::RequestOtpRequest message;
  if (kind_ == IdentifierKind::kEmail) {
    message.mutable_identifier()->set_email(SpreadAddress(person));
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
  LoadCall call{kRequestOtp, people_.RequestOf(people_.Next())};
  if (address_ == Address::kForwarded) call.client_ip = people_.NextAddress();
  return call;
}

std::optional<LoadCall> AskForCode::Continue(int64_t, const std::string& reply) {
  codes_.push_back(CodeIn(reply));
  return std::nullopt;
}

LoadCall AskForAnother::Begin(int64_t n) {
  v1::ResendOtpRequest message;
  message.set_handle(codes_.at(static_cast<size_t>(n)).handle);
  return {kResendOtp, message.SerializeAsString()};
}

std::optional<LoadCall> AskForAnother::Continue(int64_t, const std::string& reply) {
  v1::ResendOtpResponse message;
  OTPGATE_CHECK(message.ParseFromString(reply) && !message.development_code().empty());
  return std::nullopt;
}

LoadCall EnterCode::Begin(int64_t n) { return Verify(codes_.at(static_cast<size_t>(n))); }

std::optional<LoadCall> EnterCode::Continue(int64_t, const std::string& reply) {
  tokens_.push_back(TokensIn(reply));
  return std::nullopt;
}

LoadCall SignIn::Begin(int64_t n) {
  person_of_.resize(static_cast<size_t>(n) + 1);
  person_of_.back() = people_.Next();
  return {kRequestOtp, people_.RequestOf(person_of_.back())};
}

std::optional<LoadCall> SignIn::Continue(int64_t n, const std::string& reply) {
  const int64_t person = std::exchange(person_of_[static_cast<size_t>(n)], kNobody);
  if (person == kNobody) {
    tokens_.push_back(TokensIn(reply));
    return std::nullopt;
  }
  signed_in_.push_back(person);
  return Verify(CodeIn(reply));
}

LoadCall SignInWithIp::Begin(int64_t n) {
  addresses_.resize(static_cast<size_t>(n) + 1);
  addresses_.back() = people_.NextAddress();
  LoadCall call = sign_in_.Begin(n);
  call.client_ip = addresses_.back();
  return call;
}

std::optional<LoadCall> SignInWithIp::Continue(int64_t n, const std::string& reply) {
  std::optional<LoadCall> call = sign_in_.Continue(n, reply);
  if (call) call->client_ip = addresses_[static_cast<size_t>(n)];
  return call;
}

LoadCall SignInAgain::Begin(int64_t n) {
  return {kRequestOtp, people_.RequestOf(who_.at(static_cast<size_t>(n)))};
}

std::optional<LoadCall> SignInAgain::Continue(int64_t n, const std::string& reply) {
  if (asked_[static_cast<size_t>(n)]) {
    TokensIn(reply);
    return std::nullopt;
  }
  asked_[static_cast<size_t>(n)] = true;
  return Verify(CodeIn(reply));
}

}  // namespace otpgate::bench
