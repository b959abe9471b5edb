#include "server/validation/canonical_payload.h"

#include <cstdint>
#include <initializer_list>

#include "absl/strings/string_view.h"

namespace otpgate::validation {
namespace {

std::string Pack(std::initializer_list<absl::string_view> fields) {
  std::string packed;
  for (const absl::string_view field : fields) {
    const auto size = static_cast<uint32_t>(field.size());
    for (const int shift : {24, 16, 8, 0}) packed.push_back(static_cast<char>(size >> shift));
    packed.append(field.data(), field.size());
  }
  return packed;
}

}  // namespace

std::string CanonicalPayload(const RequestOtpInput& input) {
  return Pack({"RequestOtp", input.identifier, NameOf(input.user_type), NameOf(input.purpose),
               input.locale});
}

std::string CanonicalPayload(const ResendOtpInput& input) {
  return Pack({"ResendOtp", input.handle, input.locale});
}

std::string CanonicalPayload(const VerifyOtpInput& input) {
  return Pack({"VerifyOtp", input.handle, input.code, input.device_info});
}

}  // namespace otpgate::validation
