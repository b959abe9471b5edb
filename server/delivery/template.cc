#include "server/delivery/template.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/substitute.h"
#include "server/delivery/phrases.h"

namespace otpgate::delivery {
namespace {

constexpr size_t kSmsCharactersMax = 160;  // one segment of the GSM 7-bit alphabet
constexpr size_t kBrandNameMax = 30;
constexpr size_t kCodeDigitsMax = 10;
constexpr size_t kMinutesDigitsMax = 4;
// A message may take this long to arrive and still promise the full minute.
constexpr absl::Duration kSlack = absl::Seconds(15);

bool IsBrandName(absl::string_view name) {
  return !name.empty() && name.size() <= kBrandNameMax &&
         absl::StripAsciiWhitespace(name) == name &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return absl::ascii_isalnum(c) || c == ' ' || c == '.' || c == '-' || c == '&';
         });
}

// RFC 1123, 2.1, lower case.
bool IsHostLabel(absl::string_view label) {
  return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
         std::all_of(label.begin(), label.end(), [](char c) {
           return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '-';
         });
}

bool IsHost(absl::string_view host) {
  const std::vector<absl::string_view> labels = absl::StrSplit(host, '.');
  return std::all_of(labels.begin(), labels.end(), IsHostLabel);
}

bool IsCode(absl::string_view code) {
  return !code.empty() && code.size() <= kCodeDigitsMax &&
         std::all_of(code.begin(), code.end(), absl::ascii_isdigit);
}

std::string Sms(const Phrases& phrases, const Brand& brand, absl::string_view code,
                absl::string_view minutes) {
  return absl::StrCat(absl::Substitute(phrases.sms, code, brand.name, minutes), "\n\n@", brand.host,
                      " #", code);
}

std::string Minutes(absl::Duration valid) {
  return absl::StrCat(std::clamp<int64_t>((valid + kSlack) / absl::Minutes(1), 1, 9999));
}

}  // namespace

absl::StatusOr<Templates> Templates::Create(Brand brand) {
  if (!IsBrandName(brand.name)) {
    return absl::InvalidArgumentError(
        "brand name: 1 to 30 letters, digits, spaces or .-& expected");
  }
  if (!IsHost(brand.host)) {
    return absl::InvalidArgumentError("brand host: a host name in lower case expected");
  }
  const std::string longest_code(kCodeDigitsMax, '0');
  const std::string longest_minutes(kMinutesDigitsMax, '0');
  for (const Phrases& phrases : AllPhrases()) {
    if (phrases.sms != nullptr &&
        Sms(phrases, brand, longest_code, longest_minutes).size() > kSmsCharactersMax) {
      return absl::InvalidArgumentError("brand: name and host leave no room in one SMS segment");
    }
  }
  return Templates(std::move(brand));
}

absl::StatusOr<Text> Templates::Render(storage::Channel channel, storage::Purpose purpose,
                                       absl::string_view locale, absl::string_view code,
                                       absl::Duration valid) const {
  if (!IsCode(code)) return absl::InvalidArgumentError("not a code");
  const Phrases& phrases = PhrasesFor(purpose, locale);
  const std::string minutes = Minutes(valid);
  if (channel == storage::Channel::kSms) {
    if (phrases.sms == nullptr) return absl::InvalidArgumentError("no SMS for this purpose");
    return Text{.subject = "", .body = Sms(phrases, brand_, code, minutes)};
  }
  if (phrases.body == nullptr) return absl::InvalidArgumentError("no e-mail for this purpose");
  return Text{.subject = absl::Substitute(phrases.subject, code, brand_.name, minutes),
              .body = absl::Substitute(phrases.body, code, brand_.name, minutes)};
}

}  // namespace otpgate::delivery
