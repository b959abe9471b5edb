#ifndef OTPGATE_SERVER_CRYPTO_SYSTEM_RANDOM_H_
#define OTPGATE_SERVER_CRYPTO_SYSTEM_RANDOM_H_

#include <cstddef>

#include "server/runtime/random.h"

namespace otpgate::crypto {

// OpenSSL's CTR-DRBG, seeded by the kernel: one per thread, reseeded by itself and after fork
// (NIST SP 800-90A). Thread-safe, without state of its own. Ends the process when the generator
// fails.
class SystemRandom final : public Random {
 public:
  void Fill(void* out, size_t size) override;
};

}  // namespace otpgate::crypto

#endif  // OTPGATE_SERVER_CRYPTO_SYSTEM_RANDOM_H_
