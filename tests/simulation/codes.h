#ifndef OTPGATE_TESTS_SIMULATION_CODES_H_
#define OTPGATE_TESTS_SIMULATION_CODES_H_

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "base/id.h"

namespace otpgate::simulation {

// A MAC of the simulation is the code, the id of the message that carries it, and padding: 32
// bytes, unique for each message.
inline constexpr size_t kCodeDigits = 6;

inline std::string MacOf(absl::string_view code, const MessageId& message) {
  return absl::StrCat(code, message.bytes, "..");
}
inline std::string CodeIn(absl::string_view mac) { return std::string(mac.substr(0, kCodeDigits)); }

}  // namespace otpgate::simulation

#endif  // OTPGATE_TESTS_SIMULATION_CODES_H_
