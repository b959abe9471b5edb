#ifndef OTPGATE_SERVER_DELIVERY_LETTER_H_
#define OTPGATE_SERVER_DELIVERY_LETTER_H_

#include <string>

#include "storage/types.h"

namespace otpgate::delivery {

// What a person will read. Plain ASCII.
struct Text {
  std::string subject;  // e-mail only; without the code, because mail servers log subjects
  std::string body;

  friend bool operator==(const Text&, const Text&) = default;
};

// A message as a sender hands it to its provider. Secret: it holds the code.
struct Letter {
  MessageId id;  // the same in every attempt; for providers with idempotency keys
  storage::Channel channel = storage::Channel::kSms;
  storage::Purpose purpose = storage::Purpose::kLogin;
  std::string to;  // canonical E.164 number or e-mail address, as it is stored
  Text text;
  std::string code;  // as in the text; for providers with templates of their own
};

}  // namespace otpgate::delivery

#endif  // OTPGATE_SERVER_DELIVERY_LETTER_H_
