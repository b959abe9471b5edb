#ifndef OTPGATE_SERVER_DELIVERY_TEMPLATE_H_
#define OTPGATE_SERVER_DELIVERY_TEMPLATE_H_

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/delivery/letter.h"
#include "storage/types.h"

namespace otpgate::delivery {

// What the operator puts into every message.
struct Brand {
  std::string name;  // "Example"
  std::string host;  // "example.com": where the code is to be entered
};

// The fixed texts of all messages, by purpose, channel and language. Nothing a user typed gets into
// them: only the brand, the code and a number of minutes.
//
// An SMS is one segment: at most 160 characters of the GSM 7-bit alphabet (3GPP TS 23.038), all of
// them ASCII. Its last line, "@example.com #123456", binds the code to the host, so that browsers
// offer it there and nowhere else (WICG, "Origin-bound one-time codes delivered via SMS").
//
// Immutable, so thread-safe.
class Templates {
 public:
  // INVALID_ARGUMENT: the name is not 1 to 30 letters, digits, spaces or .-&, or the host is not a
  // lower-case host name, or some SMS would not fit one segment.
  static absl::StatusOr<Templates> Create(Brand brand);

  // Looks for texts of the tag ("de-AT"), then of its first part ("de"), then for the English ones.
  // INVALID_ARGUMENT: `code` is not 1 to 10 digits, or the purpose never uses the channel.
  absl::StatusOr<Text> Render(storage::Channel channel, storage::Purpose purpose,
                              absl::string_view locale, absl::string_view code,
                              absl::Duration valid) const;

 private:
  explicit Templates(Brand brand) : brand_(std::move(brand)) {}

  Brand brand_;
};

}  // namespace otpgate::delivery

#endif  // OTPGATE_SERVER_DELIVERY_TEMPLATE_H_
