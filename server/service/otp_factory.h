#ifndef OTPGATE_SERVER_SERVICE_OTP_FACTORY_H_
#define OTPGATE_SERVER_SERVICE_OTP_FACTORY_H_

#include <functional>
#include <string>

#include "absl/strings/string_view.h"
#include "base/clock.h"
#include "base/random.h"
#include "server/domain/subject_commands.h"
#include "server/domain/verify_otp.h"
#include "server/service/code_secrets.h"
#include "storage/types.h"

namespace otpgate::service {

// What a handle refers to.
struct OtpReference {
  storage::SubjectKey subject;
  storage::Purpose purpose = storage::Purpose::kLogin;
  OtpId otp_id;
  std::string caller = {};  // the calling service that alone may use the handle; empty: any
};

// A new code. Only here is it readable: its message is sealed, its row holds a MAC.
struct GeneratedCode {
  std::string code;
  domain::PreparedCode prepared;
};

// Generates the codes and ids of a command before it enters the engine, and opens and seals
// handles. Thread-safe.
class OtpFactory {
 public:
  // Makes the sealed message that carries a code.
  using SealMessage = std::function<std::string(
      const MessageId& id, const storage::SubjectKey& subject, storage::Purpose purpose,
      absl::string_view code, absl::string_view locale)>;

  struct Parts {
    int digits = 0;  // length of a code
    Random* random = nullptr;
    const Clock* clock = nullptr;
    const CurrentSecrets* secrets = nullptr;
    SealMessage seal;
  };

  explicit OtpFactory(Parts parts) : parts_(std::move(parts)) {}

  GeneratedCode MakeCode(const OtpReference& otp, absl::string_view locale) const;

  // `request_id` empty: none. `payload` is canonical, and only used as the input of a keyed MAC.
  domain::Origin MakeOrigin(std::string caller, std::string ip, absl::string_view method,
                            const std::string& request_id, absl::string_view payload) const;

  template <class Tag>
  Id<Tag> MakeId() const {
    return NewId<Tag>(parts_.clock->Now(), *parts_.random);
  }

  std::string SealHandle(const OtpReference& otp) const;
  // None: `handle` was not sealed by us, or is not for `caller`.
  std::optional<OtpReference> OpenHandle(absl::string_view handle, absl::string_view caller) const;

  int digits() const { return parts_.digits; }

 private:
  const Parts parts_;
};

// Returns the check of a guess against a row, for the rules. `secrets` outlives it.
domain::CodeMatches MatchesByMac(const CurrentSecrets* secrets);

}  // namespace otpgate::service

#endif  // OTPGATE_SERVER_SERVICE_OTP_FACTORY_H_
