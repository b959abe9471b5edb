#include "server/runtime/mask.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace otpgate::runtime {
namespace {

constexpr size_t kHiddenDigits = 4;
constexpr size_t kMaxTopLevelBytes = 12;

// The first character if it is a letter or a digit.
absl::string_view Initial(absl::string_view text) {
  return !text.empty() && absl::ascii_isalnum(text.front()) ? text.substr(0, 1) : "";
}

// ".com" of "example.com"; empty if the end does not look like a top-level domain.
absl::string_view TopLevel(absl::string_view domain) {
  const size_t dot = domain.rfind('.');
  if (dot == absl::string_view::npos || domain.size() - dot > kMaxTopLevelBytes) return "";
  const absl::string_view label = domain.substr(dot + 1);
  return std::all_of(label.begin(), label.end(), absl::ascii_isalpha) ? domain.substr(dot) : "";
}

}  // namespace

std::string MaskPhone(absl::string_view phone) {
  const absl::string_view digits = phone.substr(!phone.empty() && phone.front() == '+' ? 1 : 0);
  if (!std::all_of(digits.begin(), digits.end(), absl::ascii_isdigit)) return "****";
  const size_t tail = digits.size() >= 10 ? 3 : 2;
  if (digits.size() <= kHiddenDigits + tail) return "****";
  const size_t head = std::min<size_t>(4, digits.size() - kHiddenDigits - tail);
  const size_t sign = phone.size() - digits.size();
  return absl::StrCat(phone.substr(0, sign + head), "****", digits.substr(digits.size() - tail));
}

std::string MaskEmail(absl::string_view email) {
  const size_t at = email.rfind('@');
  if (at == absl::string_view::npos) return "***";
  const absl::string_view domain = email.substr(at + 1);
  return absl::StrCat(Initial(email.substr(0, at)), "***@", Initial(domain), "***",
                      TopLevel(domain));
}

std::string MaskIdentifier(absl::string_view identifier) {
  return identifier.find('@') == absl::string_view::npos ? MaskPhone(identifier)
                                                         : MaskEmail(identifier);
}

}  // namespace otpgate::runtime
