#include "base/crypto/system_random.h"

#include <openssl/rand.h>

#include <limits>

#include "base/check.h"

namespace otpgate::crypto {

void SystemRandom::Fill(void* out, size_t size) {
  OTPGATE_CHECK(size <= static_cast<size_t>(std::numeric_limits<int>::max()));
  OTPGATE_CHECK(RAND_bytes(static_cast<unsigned char*>(out), static_cast<int>(size)) == 1);
}

}  // namespace otpgate::crypto
