#ifndef OTPGATE_TESTS_SUPPORT_SAMPLE_VALUES_H_
#define OTPGATE_TESTS_SUPPORT_SAMPLE_VALUES_H_

#include <string>

#include "absl/strings/escaping.h"
#include "absl/time/time.h"

// Sample values for tests in which the value does not matter.
namespace otpgate::support {

inline const absl::Time kNow = absl::FromUnixSeconds(1'800'000'000);

// The secret of a calling service.
inline constexpr char kSecret[] = "0123456789abcdef0123456789abcdef";

// A key in the form of key files: 32 times `filler`, in base64.
inline std::string KeyText(char filler) { return absl::Base64Escape(std::string(32, filler)); }

}  // namespace otpgate::support

#endif  // OTPGATE_TESTS_SUPPORT_SAMPLE_VALUES_H_
