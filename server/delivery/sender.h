#ifndef OTPGATE_SERVER_DELIVERY_SENDER_H_
#define OTPGATE_SERVER_DELIVERY_SENDER_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "server/delivery/letter.h"

namespace otpgate::delivery {

// What became of one letter.
struct SendResult {
  enum class Outcome {
    kSent,     // the provider has it
    kRetry,    // not now: the provider is unavailable or busy
    kRefused,  // never: the provider will not take this letter
  };

  Outcome outcome = Outcome::kSent;
  std::string detail = {};  // kSent: the provider's id, or empty; else why, without a secret
  absl::Duration retry_after = absl::ZeroDuration();  // kRetry: asked by the provider; zero: none
};

// Hands letters to one provider. One thread per object.
class Sender {
 public:
  virtual ~Sender() = default;

  // Blocks for at most SendTimeout(). Result i belongs to letters[i]. A letter that may or may not
  // have reached the provider is kRetry: it must not be lost, and its id tells the provider of a
  // repeat.
  virtual std::vector<SendResult> Send(absl::Span<const Letter> letters) = 0;

  // The longest time Send takes. Messages whose lease ends sooner are not handed to it.
  virtual absl::Duration SendTimeout() const = 0;
};

}  // namespace otpgate::delivery

#endif  // OTPGATE_SERVER_DELIVERY_SENDER_H_
