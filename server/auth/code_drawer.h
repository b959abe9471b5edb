#ifndef OTPGATE_SERVER_AUTH_CODE_DRAWER_H_
#define OTPGATE_SERVER_AUTH_CODE_DRAWER_H_

#include <functional>
#include <string>

#include "absl/strings/string_view.h"
#include "server/auth/code_secrets.h"
#include "server/domain/subject_commands.h"
#include "server/domain/verify_otp.h"
#include "server/runtime/clock.h"
#include "server/runtime/random.h"
#include "storage/types.h"

namespace otpgate {

// What a handle stands for.
struct HandleContents {
  SubjectKey subject;
  Purpose purpose = Purpose::kLogin;
  OtpId otp_id;
};

// A code in the only place where it is readable: between its drawing and its sealing.
struct FreshCode {
  std::string code;
  DrawnCode drawn;
};

// Draws everything random of a command before it enters the engine, and opens and seals handles.
// Thread-safe.
class CodeDrawer {
 public:
  // Makes the sealed message that carries a code.
  using SealMessage =
      std::function<std::string(const MessageId& id, const SubjectKey& subject, Purpose purpose,
                                absl::string_view code, absl::string_view locale)>;

  struct Parts {
    int digits = 6;
    Random* random = nullptr;
    const Clock* clock = nullptr;
    const CurrentSecrets* secrets = nullptr;
    SealMessage seal;
  };

  explicit CodeDrawer(Parts parts) : parts_(std::move(parts)) {}

  FreshCode DrawCode(const HandleContents& otp, absl::string_view locale) const;

  // `request_id` empty: none. `payload` is canonical and is only ever the input of a keyed MAC.
  Origin DrawOrigin(std::string caller, std::string ip, absl::string_view method,
                    const std::string& request_id, absl::string_view payload) const;

  template <class Tag>
  Id<Tag> DrawId() const {
    return NewId<Tag>(parts_.clock->Now(), *parts_.random);
  }

  std::string SealHandle(const HandleContents& otp) const;
  // None: not a handle of ours.
  std::optional<HandleContents> OpenHandle(absl::string_view handle) const;

  int digits() const { return parts_.digits; }

 private:
  const Parts parts_;
};

// The check of a guess against a row, for the rules.
CodeMatches MatchesByMac(const CurrentSecrets* secrets);

}  // namespace otpgate

#endif  // OTPGATE_SERVER_AUTH_CODE_DRAWER_H_
