#include "clients/ctl/admin/key_file_change.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace otpgate::ctl {

absl::StatusOr<std::unique_ptr<KeyFileChange>> KeyFileChange::Begin(const std::string& path,
                                                                    const keys::KeyFile& shown) {
  // Saving replaces the file, so a lock on the file itself would be lost; the folder stays.
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  const int fd = open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) {
    return absl::NotFoundError(absl::StrCat("folder of ", path, ": ", std::strerror(errno)));
  }
  std::unique_ptr<KeyFileChange> change(new KeyFileChange(fd));
  if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
    return absl::AbortedError(absl::StrCat("somebody else is changing a key file beside ", path,
                                           ": nothing was changed, run it again"));
  }
  OTPGATE_ASSIGN_OR_RETURN(const keys::KeyFile now, keys::KeyFile::Load(path));
  if (now.text() == shown.text()) return change;
  return absl::AbortedError(
      absl::StrCat("the file ", path, " changed meanwhile: nothing was changed, run it again"));
}

KeyFileChange::~KeyFileChange() { close(folder_); }

}  // namespace otpgate::ctl
