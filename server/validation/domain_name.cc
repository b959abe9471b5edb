#include "server/validation/domain_name.h"

#include <idn2.h>

#include <cstdint>
#include <memory>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "base/status_macros.h"

namespace otpgate::validation {
namespace {

constexpr size_t kDomainBytesMax = 253;  // RFC 1035 2.3.4, as text without the root's dot
constexpr size_t kLabelBytesMax = 63;

struct IdnFree {
  void operator()(char* text) const { idn2_free(text); }
};

absl::Status Invalid() {
  return absl::InvalidArgumentError(
      "must have a domain name such as \"example.com\" after the \"@\"");
}

bool IsLdh(char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-'; }

bool IsLabel(absl::string_view label) {
  return !label.empty() && label.size() <= kLabelBytesMax && absl::c_all_of(label, IsLdh) &&
         label.front() != '-' && label.back() != '-';
}

absl::Status CheckLabels(absl::string_view domain) {
  if (domain.size() > kDomainBytesMax) return Invalid();
  const std::vector<absl::string_view> labels = absl::StrSplit(domain, '.');
  if (labels.size() < 2 || !absl::c_all_of(labels, IsLabel)) return Invalid();
  if (absl::c_all_of(labels.back(), absl::ascii_isdigit)) return Invalid();  // an IPv4 address
  return absl::OkStatus();
}

// Plain ASCII names, which are nearly all, do not need libidn2. It checks labels with hyphens in
// third and fourth place, which are reserved (RFC 5891 4.2.3.1).
bool NeedsIdna(absl::string_view lower) {
  return !absl::c_all_of(lower, absl::ascii_isascii) ||
         absl::c_any_of(absl::StrSplit(lower, '.'),
                        [](absl::string_view label) { return absl::StrContains(label, "--"); });
}

// IDN2_USE_STD3_ASCII_RULES is not set: with it libidn2 2.3.3 drops forbidden characters silently,
// and "exa_mple.com" and "exam\uFF0Fple.com" both become "example.com". CheckLabels refuses them.
absl::StatusOr<std::string> ToAscii(const std::string& domain) {
  uint8_t* raw = nullptr;
  const int error = idn2_lookup_u8(reinterpret_cast<const uint8_t*>(domain.c_str()), &raw,
                                   IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
  const std::unique_ptr<char, IdnFree> ascii(reinterpret_cast<char*>(raw));
  if (error != IDN2_OK) return Invalid();
  return absl::AsciiStrToLower(ascii.get());
}

}  // namespace

absl::StatusOr<std::string> CanonicalDomain(absl::string_view spelling) {
  // libidn2 reads up to the first NUL.
  if (absl::StrContains(spelling, '\0')) return Invalid();
  std::string domain = absl::AsciiStrToLower(spelling);
  if (NeedsIdna(domain)) {
    OTPGATE_ASSIGN_OR_RETURN(domain, ToAscii(domain));
  }
  OTPGATE_RETURN_IF_ERROR(CheckLabels(domain));
  return domain;
}

}  // namespace otpgate::validation
