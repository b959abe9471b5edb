// The only production file that includes libphonenumber, whose headers include protobuf's.
#include "server/validation/phone.h"

#include <phonenumbers/phonenumberutil.h>

#include <optional>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/status_macros.h"
#include "server/validation/phone_digits.h"

namespace otpgate::validation {
namespace {

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

constexpr char kNoRegion[] = "ZZ";

// The instance is created once and immutable from then on; its logger is silent by default.
const PhoneNumberUtil& Util() { return *PhoneNumberUtil::GetInstance(); }

absl::Status Invalid(absl::string_view description) {
  return absl::InvalidArgumentError(description);
}

std::optional<char> DigitValue(absl::string_view code_point) {
  std::string text(code_point);
  Util().NormalizeDigitsOnly(&text);
  if (text.size() != 1) return std::nullopt;
  return text[0];
}

// The calling code in `text`: 0 when empty, none when there is no such code.
std::optional<int> CallingCode(absl::string_view text) {
  if (text.empty()) return 0;
  absl::ConsumePrefix(&text, "+");
  int code = 0;
  if (text.size() > 3 || !absl::c_all_of(text, absl::ascii_isdigit)) return std::nullopt;
  if (!absl::SimpleAtoi(text, &code)) return std::nullopt;
  std::string region;
  Util().GetRegionCodeForCountryCode(code, &region);
  if (region == kNoRegion) return std::nullopt;
  return code;
}

absl::Status ParseError(PhoneNumberUtil::ErrorType error) {
  switch (error) {
    case PhoneNumberUtil::NO_PARSING_ERROR:
      return absl::OkStatus();
    case PhoneNumberUtil::INVALID_COUNTRY_CODE_ERROR:
      return Invalid("must begin with the calling code of a country");
    case PhoneNumberUtil::TOO_LONG_NSN:
      return Invalid("is too long for a phone number");
    default:
      return Invalid("is too short for a phone number");
  }
}

absl::Status CheckLength(const PhoneNumber& number) {
  switch (Util().IsPossibleNumberWithReason(number)) {
    case PhoneNumberUtil::IS_POSSIBLE:
      return absl::OkStatus();
    case PhoneNumberUtil::IS_POSSIBLE_LOCAL_ONLY:
      return Invalid("must include the area code");
    case PhoneNumberUtil::TOO_SHORT:
      return Invalid("is too short for its country");
    case PhoneNumberUtil::TOO_LONG:
      return Invalid("is too long for its country");
    default:
      return Invalid("has a length its country does not use");
  }
}

absl::Status CheckType(const PhoneNumber& number) {
  switch (Util().GetNumberType(number)) {
    case PhoneNumberUtil::PREMIUM_RATE:
    case PhoneNumberUtil::SHARED_COST:
    case PhoneNumberUtil::TOLL_FREE:
    case PhoneNumberUtil::UAN:
    case PhoneNumberUtil::PAGER:
    case PhoneNumberUtil::VOICEMAIL:
      return Invalid("must be a number of a person; service numbers get no codes");
    default:
      return absl::OkStatus();
  }
}

// Parses `digits` as a number of `region`, or as an international one when it begins with "+".
absl::StatusOr<PhoneNumber> Parse(const std::string& digits, const std::string& region) {
  PhoneNumber number;
  OTPGATE_RETURN_IF_ERROR(ParseError(Util().Parse(digits, region, &number)));
  OTPGATE_RETURN_IF_ERROR(CheckLength(number));
  return number;
}

std::string E164(const PhoneNumber& number) {
  std::string text;
  Util().Format(number, PhoneNumberUtil::E164, &text);
  return text;
}

absl::StatusOr<PhoneNumber> ParseWithDefaults(const std::string& digits, const std::string& region,
                                              int calling_code) {
  if (digits[0] == '+') return Parse(digits, kNoRegion);
  if (!region.empty()) return Parse(digits, region);
  if (calling_code == 0) {
    // The international prefix that ITU-T recommends. No calling code begins with 0.
    if (absl::StartsWith(digits, "00"))
      return Parse(absl::StrCat("+", digits.substr(2)), kNoRegion);
    return Invalid("must begin with \"+\", or come with region or country_code");
  }
  std::string main_region;
  Util().GetRegionCodeForCountryCode(calling_code, &main_region);
  // "001" is the region of numbers without a country, such as +800. They have no national prefix.
  if (main_region == "001") return Parse(absl::StrCat("+", calling_code, digits), kNoRegion);
  return Parse(digits, main_region);
}

}  // namespace

absl::Status CheckRegion(absl::string_view region) {
  if (region.empty() || Util().GetCountryCodeForRegion(absl::AsciiStrToUpper(region)) != 0) {
    return absl::OkStatus();
  }
  return Invalid("must be a two-letter region such as \"US\"");
}

absl::Status CheckCountryCode(absl::string_view country_code) {
  if (CallingCode(country_code)) return absl::OkStatus();
  return Invalid("must be a calling code such as \"1\" or \"+44\"");
}

void WarmUpPhoneNumbers() { (void)CanonicalPhone({.number = "+14155550123"}); }

absl::StatusOr<std::string> CanonicalPhone(const PhoneSpelling& spelling, PhoneTypes types) {
  if (spelling.number.size() > kPhoneSpellingBytesMax) {
    return Invalid(absl::StrCat("must have at most ", kPhoneSpellingBytesMax, " bytes"));
  }
  OTPGATE_ASSIGN_OR_RETURN(const std::string digits, PhoneDigits(spelling.number, DigitValue));
  OTPGATE_RETURN_IF_ERROR(CheckRegion(spelling.region));
  OTPGATE_RETURN_IF_ERROR(CheckCountryCode(spelling.country_code));
  const int calling_code = *CallingCode(spelling.country_code);
  OTPGATE_ASSIGN_OR_RETURN(
      const PhoneNumber number,
      ParseWithDefaults(digits, absl::AsciiStrToUpper(spelling.region), calling_code));
  if (calling_code != 0 && number.country_code() != calling_code) {
    return Invalid("disagrees with country_code");
  }
  const std::string canonical = E164(number);
  if (canonical.size() > kE164BytesMax) return Invalid("must have at most 15 digits");
  // The canonical text must give itself. A number that seems to have a second national prefix would
  // lose it when it is parsed again, and be another number.
  if (canonical != digits) {
    const absl::StatusOr<PhoneNumber> again = Parse(canonical, kNoRegion);
    if (!again.ok() || E164(*again) != canonical) {
      return Invalid("is ambiguous; write it in E.164 form");
    }
  }
  if (types == PhoneTypes::kPersonal) OTPGATE_RETURN_IF_ERROR(CheckType(number));
  return canonical;
}

}  // namespace otpgate::validation
