#ifndef OTPGATE_CLIENTS_CTL_ADMIN_KEY_FILE_CHANGE_H_
#define OTPGATE_CLIENTS_CTL_ADMIN_KEY_FILE_CHANGE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "server/keys/key_file.h"

namespace otpgate::ctl {

// A lock on the folder of a key file: while it lives, no other otpgatectl on this machine changes a
// key file there. The file still has the content that was shown to the user. Not thread-safe.
class KeyFileChange {
 public:
  // Call after the user has confirmed. Never waits.
  //   ABORTED    another process holds the lock, or changed the file since `shown` was loaded
  //   NOT_FOUND  the folder cannot be opened
  // and the errors of KeyFile::Load.
  static absl::StatusOr<std::unique_ptr<KeyFileChange>> Begin(const std::string& path,
                                                              const keys::KeyFile& shown);
  ~KeyFileChange();
  KeyFileChange(const KeyFileChange&) = delete;
  KeyFileChange& operator=(const KeyFileChange&) = delete;

 private:
  explicit KeyFileChange(int folder) : folder_(folder) {}

  const int folder_;
};

}  // namespace otpgate::ctl

#endif  // OTPGATE_CLIENTS_CTL_ADMIN_KEY_FILE_CHANGE_H_
