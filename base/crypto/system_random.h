#ifndef OTPGATE_BASE_CRYPTO_SYSTEM_RANDOM_H_
#define OTPGATE_BASE_CRYPTO_SYSTEM_RANDOM_H_

#include <cstddef>

#include "base/random.h"

namespace otpgate::crypto {

// OpenSSL's CTR-DRBG (NIST SP 800-90A), seeded by the kernel. OpenSSL keeps one generator per
// thread and reseeds it regularly and after fork. Has no state of its own; thread-safe. Ends the
// process if the generator fails.
class SystemRandom final : public Random {
 public:
  void Fill(void* out, size_t size) override;
};

}  // namespace otpgate::crypto

#endif  // OTPGATE_BASE_CRYPTO_SYSTEM_RANDOM_H_
