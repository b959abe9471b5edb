#ifndef OTPGATE_CLIENTS_CTL_ADMIN_KEY_FILE_CHANGE_H_
#define OTPGATE_CLIENTS_CTL_ADMIN_KEY_FILE_CHANGE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "server/crypto/key_file.h"

namespace otpgate::ctl {

// The right to change a key file, while it lives: no other otpgatectl on this machine changes one
// in the same folder, and the file is what the decision was made on. One thread.
class KeyFileChange {
 public:
  // Begin when nobody needs to be asked any more. Never waits.
  //   ABORTED             somebody else changes it, or changed it since `shown` was loaded
  //   those of KeyFile::Load
  static absl::StatusOr<std::unique_ptr<KeyFileChange>> Begin(const std::string& path,
                                                              const crypto::KeyFile& shown);
  ~KeyFileChange();
  KeyFileChange(const KeyFileChange&) = delete;
  KeyFileChange& operator=(const KeyFileChange&) = delete;

 private:
  explicit KeyFileChange(int folder) : folder_(folder) {}

  const int folder_;
};

}  // namespace otpgate::ctl

#endif  // OTPGATE_CLIENTS_CTL_ADMIN_KEY_FILE_CHANGE_H_
