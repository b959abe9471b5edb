#ifndef OTPGATE_SERVER_DELIVERY_SENDER_H_
#define OTPGATE_SERVER_DELIVERY_SENDER_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "server/delivery/letter.h"

namespace otpgate::delivery {

struct SendResult {
  enum class Outcome {
    kSent,     // the provider has it
    kRetry,    // not now: the provider is away or busy
    kRefused,  // never: the provider will not take this letter
  };

  Outcome outcome = Outcome::kSent;
  std::string detail = {};  // kSent: the provider's id, or empty; else why, without a secret
  absl::Duration retry_after = absl::ZeroDuration();  // kRetry: the provider's wish; zero: none
};

// Hands letters to one provider. One thread per object.
class Sender {
 public:
  virtual ~Sender() = default;

  // Blocks, at most Patience(). results[i] tells of letters[i]. What may or may not have reached
  // the provider is kRetry: accepted messages are not lost, and the letter's id tells a repeat.
  virtual std::vector<SendResult> Send(absl::Span<const Letter> letters) = 0;

  // The longest a call of Send takes. A lease that ends sooner is not used.
  virtual absl::Duration Patience() const = 0;
};

}  // namespace otpgate::delivery

#endif  // OTPGATE_SERVER_DELIVERY_SENDER_H_
