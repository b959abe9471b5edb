#ifndef OTPGATE_SERVER_VALIDATION_PHONE_H_
#define OTPGATE_SERVER_VALIDATION_PHONE_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace otpgate::validation {

// Longest accepted spelling: 15 digits of three bytes each (full-width forms) and punctuation.
inline constexpr size_t kPhoneSpellingBytesMax = 64;
// "+" and the 15 digits of ITU-T E.164 6.2.1.
inline constexpr size_t kE164BytesMax = 16;

// A phone number as written by a person.
struct PhoneSpelling {
  absl::string_view number;
  // A number without "+" needs one of:
  absl::string_view region = {};        // CLDR region, "US"; ignored for a number with "+"
  absl::string_view country_code = {};  // "1" or "+1"; a number with "+" must agree with it
};

// The kinds of numbers to which codes are sent.
enum class PhoneTypes {
  kPersonal,  // not those that cost the sender or reach no person: premium rate, shared cost,
              // toll-free, company-wide (UAN), pager, voice mail
  kAll,
};

// Checks a region or calling code; empty is fine.
//   INVALID_ARGUMENT  there is no such region or calling code
absl::Status CheckRegion(absl::string_view region);
absl::Status CheckCountryCode(absl::string_view country_code);

// Loads the metadata (about 5 ms). Call it at start, or the first call waits for it.
void WarmUpPhoneNumbers();

// The E.164 form: "+14155550123". Every spelling of a number gives the same text, and that text
// gives itself.
//
// Accepted are decimal digits of any script, a leading "+" or "tel:" (or "00" when there is neither
// region nor country code), and between them spaces, dots, hyphens, slashes, tildes and brackets.
// Letters, extensions and anything else are refused. A number must have a length that its country
// uses (libphonenumber's IsPossibleNumber; a number that works only within its area is refused). It
// need not be in a range that the metadata knows: Debian's is from 2022, and countries open new
// ranges. For the same reason a number of unknown type is accepted.
//
// Thread-safe. INVALID_ARGUMENT with a text fit for the caller, never holding the number.
// Costs about 9 us, kPersonal 6 to 13 us more, a spelling other than E.164 again 9 us.
absl::StatusOr<std::string> CanonicalPhone(const PhoneSpelling& spelling,
                                           PhoneTypes types = PhoneTypes::kPersonal);

}  // namespace otpgate::validation

#endif  // OTPGATE_SERVER_VALIDATION_PHONE_H_
