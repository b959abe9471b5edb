#ifndef OTPGATE_SERVER_VALIDATION_INPUTS_H_
#define OTPGATE_SERVER_VALIDATION_INPUTS_H_

#include <string>

#include "server/validation/phone.h"
#include "storage/types.h"

// What is left of a request after validation: canonical values in plain structs. Built only by
// requests.h; everything behind it may rely on the forms told here.
namespace otpgate {

// The part of the configuration that validation depends on.
struct ValidationLimits {
  int code_digits = 6;
  PhoneTypes phone_types = PhoneTypes::kPersonal;
};

struct RequestOtpInput {
  std::string identifier;           // CanonicalPhone or CanonicalEmail
  Channel channel = Channel::kSms;  // follows from the kind of identifier
  UserType user_type = UserType::kLive;
  Purpose purpose = Purpose::kLogin;
  std::string locale;      // CanonicalLocale; empty: the default
  std::string request_id;  // 16 bytes; empty: none

  friend bool operator==(const RequestOtpInput&, const RequestOtpInput&) = default;
};

struct ResendOtpInput {
  std::string handle;      // well-formed text, still sealed
  std::string locale;      // CanonicalLocale; empty: the default
  std::string request_id;  // 16 bytes; empty: none

  friend bool operator==(const ResendOtpInput&, const ResendOtpInput&) = default;
};

struct VerifyOtpInput {
  std::string handle;       // well-formed text, still sealed
  std::string code;         // exactly `code_digits` ASCII digits
  std::string device_info;  // plain text; may be empty
  std::string request_id;   // 16 bytes; empty: none

  friend bool operator==(const VerifyOtpInput&, const VerifyOtpInput&) = default;
};

struct RefreshTokenInput {
  std::string refresh_token;  // well-formed text, its MAC still to be checked
  std::string request_id;     // 16 bytes; empty: none

  friend bool operator==(const RefreshTokenInput&, const RefreshTokenInput&) = default;
};

// Any text: who knows what a token of another service looks like.
struct TokenInput {
  std::string token;

  friend bool operator==(const TokenInput&, const TokenInput&) = default;
};

struct SessionInput {
  SessionId session_id;

  friend bool operator==(const SessionInput&, const SessionInput&) = default;
};

}  // namespace otpgate

#endif  // OTPGATE_SERVER_VALIDATION_INPUTS_H_
