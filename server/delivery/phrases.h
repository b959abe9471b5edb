#ifndef OTPGATE_SERVER_DELIVERY_PHRASES_H_
#define OTPGATE_SERVER_DELIVERY_PHRASES_H_

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "storage/types.h"

namespace otpgate::delivery {

// The texts of one purpose in one language, for absl::Substitute: $0 code, $1 brand, $2 minutes.
// ASCII within the GSM 7-bit alphabet: none of [ ] { } \ ^ ~ | and backquote, which it lacks or
// counts twice. Null where the purpose never uses that channel.
struct Phrases {
  absl::string_view language;  // BCP 47
  storage::Purpose purpose;
  const char* sms;
  const char* subject;
  const char* body;
};

absl::Span<const Phrases> AllPhrases();

// The phrases of `locale` ("de-AT"), else of its language ("de"), else the English ones.
const Phrases& PhrasesFor(storage::Purpose purpose, absl::string_view locale);

}  // namespace otpgate::delivery

#endif  // OTPGATE_SERVER_DELIVERY_PHRASES_H_
