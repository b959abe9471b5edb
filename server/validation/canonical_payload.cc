#include "server/validation/canonical_payload.h"

#include <cstdint>
#include <initializer_list>
#include <optional>

#include "absl/strings/str_cat.h"
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

// What a route without handles names instead. Nothing for other routes, so that their payloads are
// those of earlier releases.
std::string Packed(const std::optional<LastCode>& code) {
  if (!code) return "";
  return Pack({"LastCode", code->identifier, NameOf(code->user_type), NameOf(code->purpose)});
}

}  // namespace

std::string CanonicalPayload(const RequestOtpInput& input) {
  const std::string packed = Pack({"RequestOtp", input.identifier, NameOf(input.user_type),
                                   NameOf(input.purpose), input.locale});
  return input.bound ? packed : absl::StrCat(packed, Pack({"unbound"}));
}

std::string CanonicalPayload(const ResendOtpInput& input) {
  return absl::StrCat(Pack({"ResendOtp", input.handle, input.locale}), Packed(input.last_code));
}

std::string CanonicalPayload(const VerifyOtpInput& input) {
  return absl::StrCat(Pack({"VerifyOtp", input.handle, input.code, input.device_info}),
                      Packed(input.last_code));
}

}  // namespace otpgate::validation
