#include "server/validation/email.h"

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status_macros.h"
#include "server/validation/domain_name.h"

namespace otpgate::validation {
namespace {

constexpr size_t kLocalPartBytesMax = 64;  // RFC 5321 4.5.3.1.1

// RFC 5322 3.2.3.
bool IsAtext(char c) {
  constexpr absl::string_view kSpecials = "!#$%&'*+-/=?^_`{|}~";
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || absl::StrContains(kSpecials, c);
}

absl::Status CheckLocalPart(absl::string_view local) {
  if (local.empty() || local.size() > kLocalPartBytesMax) {
    return absl::InvalidArgumentError("must have 1 to 64 bytes before the \"@\"");
  }
  for (const absl::string_view atom : absl::StrSplit(local, '.')) {
    if (atom.empty()) {
      return absl::InvalidArgumentError("must not begin, end or double its dots before the \"@\"");
    }
    if (!absl::c_all_of(atom, IsAtext)) {
      return absl::InvalidArgumentError(
          "must have only ASCII letters, digits and .!#$%&'*+-/=?^_`{|}~ before the \"@\"");
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> CanonicalEmail(absl::string_view spelling) {
  spelling = absl::StripAsciiWhitespace(spelling);
  if (spelling.size() > kEmailSpellingBytesMax) {
    return absl::InvalidArgumentError(absl::StrCat("must have at most ", kEmailBytesMax, " bytes"));
  }
  const size_t at = spelling.rfind('@');
  if (at == absl::string_view::npos) return absl::InvalidArgumentError("must hold an \"@\"");
  const absl::string_view local = spelling.substr(0, at);
  OTPGATE_RETURN_IF_ERROR(CheckLocalPart(local));
  OTPGATE_ASSIGN_OR_RETURN(const std::string domain, CanonicalDomain(spelling.substr(at + 1)));
  std::string canonical = absl::StrCat(absl::AsciiStrToLower(local), "@", domain);
  if (canonical.size() > kEmailBytesMax) {
    return absl::InvalidArgumentError(absl::StrCat("must have at most ", kEmailBytesMax, " bytes"));
  }
  return canonical;
}

}  // namespace otpgate::validation
