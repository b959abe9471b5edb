#include "server/delivery/console_sender.h"

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/write_fd.h"

namespace otpgate::delivery {
namespace {

// The addressee is escaped, because a stranger chose it and it must not control the terminal.
std::string Show(const Letter& letter) {
  const absl::string_view subject = letter.text.subject;
  return absl::StrCat("--- ", NameOf(letter.channel), " to ", absl::CHexEscape(letter.to), " (",
                      NameOf(letter.purpose), ")\n", subject, subject.empty() ? "" : "\n",
                      letter.text.body, "\n");
}

}  // namespace

std::vector<SendResult> ConsoleSender::Send(absl::Span<const Letter> letters) {
  std::string text;
  for (const Letter& letter : letters) text += Show(letter);
  const SendResult result = WriteFd(fd_, text, SendTimeout())
                                ? SendResult{}
                                : SendResult{.outcome = SendResult::Outcome::kRetry,
                                             .detail = "console_unwritable",
                                             .retry_after = absl::ZeroDuration()};
  return std::vector<SendResult>(letters.size(), result);
}

}  // namespace otpgate::delivery
