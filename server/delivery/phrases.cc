#include "server/delivery/phrases.h"

#include "absl/strings/match.h"
#include "base/check.h"

namespace otpgate::delivery {
namespace {

constexpr Phrases kPhrases[] = {
    {"en", storage::Purpose::kLogin,
     "$0 is your $1 sign-in code. Valid for $2 min. Never share it.", "Your $1 sign-in code",
     "Your $1 sign-in code is:\n\n    $0\n\n"
     "It is valid for $2 min. Never share it: nobody at $1 will ask for it.\n\n"
     "If you did not try to sign in, ignore this message.\n"},
    {"en", storage::Purpose::kVerifyPhone,
     "$0 is your $1 code to confirm this number. Valid for $2 min. Never share it.", nullptr,
     nullptr},
    {"en", storage::Purpose::kVerifyEmail, nullptr, "Confirm your e-mail address for $1",
     "Your $1 code to confirm this e-mail address is:\n\n    $0\n\n"
     "It is valid for $2 min. Never share it: nobody at $1 will ask for it.\n\n"
     "If you did not ask for it, ignore this message.\n"},
    {"en", storage::Purpose::kVerification,
     "$0 is your $1 verification code. Valid for $2 min. Never share it.",
     "Your $1 verification code",
     "Your $1 verification code is:\n\n    $0\n\n"
     "It is valid for $2 min. Never share it: nobody at $1 will ask for it.\n\n"
     "If you did not ask for it, ignore this message.\n"},
    {"de", storage::Purpose::kLogin,
     "$0 ist Ihr Anmeldecode bei $1. Er gilt $2 Min. Geben Sie ihn nie weiter.",
     "Ihr Anmeldecode bei $1",
     "Ihr Anmeldecode bei $1 lautet:\n\n    $0\n\n"
     "Er gilt $2 Min. Geben Sie ihn nie weiter: niemand bei $1 fragt danach.\n\n"
     "Wenn Sie sich nicht anmelden wollten, ignorieren Sie diese Nachricht.\n"},
    {"de", storage::Purpose::kVerifyPhone,
     "Mit $0 hinterlegen Sie diese Nummer bei $1. Gilt $2 Min. Geben Sie den Code nie weiter.",
     nullptr, nullptr},
    {"de", storage::Purpose::kVerifyEmail, nullptr, "Ihre E-Mail-Adresse bei $1",
     "Ihr Code, um diese E-Mail-Adresse bei $1 zu hinterlegen, lautet:\n\n    $0\n\n"
     "Er gilt $2 Min. Geben Sie ihn nie weiter: niemand bei $1 fragt danach.\n\n"
     "Wenn Sie ihn nicht angefordert haben, ignorieren Sie diese Nachricht.\n"},
    {"de", storage::Purpose::kVerification,
     "$0 ist Ihr Code von $1. Er gilt $2 Min. Geben Sie ihn nie weiter.", "Ihr Code von $1",
     "Ihr Code von $1 lautet:\n\n    $0\n\n"
     "Er gilt $2 Min. Geben Sie ihn nie weiter: niemand bei $1 fragt danach.\n\n"
     "Wenn Sie ihn nicht angefordert haben, ignorieren Sie diese Nachricht.\n"},
};

const Phrases* Find(storage::Purpose purpose, absl::string_view language) {
  for (const Phrases& phrases : kPhrases) {
    if (phrases.purpose == purpose && absl::EqualsIgnoreCase(phrases.language, language)) {
      return &phrases;
    }
  }
  return nullptr;
}

}  // namespace

absl::Span<const Phrases> AllPhrases() { return kPhrases; }

const Phrases& PhrasesFor(storage::Purpose purpose, absl::string_view locale) {
  if (const Phrases* exact = Find(purpose, locale)) return *exact;
  const absl::string_view language = locale.substr(0, locale.find('-'));
  if (const Phrases* same_language = Find(purpose, language)) return *same_language;
  const Phrases* english = Find(purpose, "en");
  OTPGATE_CHECK(english != nullptr);
  return *english;
}

}  // namespace otpgate::delivery
