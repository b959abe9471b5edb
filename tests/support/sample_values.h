#ifndef OTPGATE_TESTS_SUPPORT_SAMPLE_VALUES_H_
#define OTPGATE_TESTS_SUPPORT_SAMPLE_VALUES_H_

#include <string>

#include "absl/strings/escaping.h"
#include "absl/time/time.h"

// Values that stand for any other of their kind.
namespace otpgate::testing {

inline const absl::Time kNow = absl::FromUnixSeconds(1'800'000'000);

// What a caller of the service proves itself with.
inline constexpr char kSecret[] = "0123456789abcdef0123456789abcdef";

// A key as key files spell it: 32 times `filler`.
inline std::string KeyText(char filler) { return absl::Base64Escape(std::string(32, filler)); }

}  // namespace otpgate::testing

#endif  // OTPGATE_TESTS_SUPPORT_SAMPLE_VALUES_H_
