#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "server/keys/key_file.h"

namespace otpgate::keys {
namespace {

// Enough for hundreds of keys; a larger file is not a key file.
constexpr size_t kFileBytesMax = size_t{64} * 1024;

absl::Status CheckPrivate(int fd) {
  struct stat info;
  if (fstat(fd, &info) != 0) return absl::NotFoundError(std::strerror(errno));
  if (!S_ISREG(info.st_mode)) return absl::FailedPreconditionError("not a regular file");
  if ((info.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return absl::FailedPreconditionError("open to group or others; chmod 600 it");
  }
  return absl::OkStatus();
}

// Reads the whole file into `buffer` and returns its size.
absl::StatusOr<size_t> ReadAll(int fd, char* buffer, size_t capacity) {
  size_t size = 0;
  while (size < capacity) {
    const ssize_t got = read(fd, buffer + size, capacity - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return absl::NotFoundError(std::strerror(errno));
    if (got == 0) return size;
    size += static_cast<size_t>(got);
  }
  return absl::InvalidArgumentError("too large");
}

absl::StatusOr<KeyFile> LoadAnonymous(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return absl::NotFoundError(std::strerror(errno));
  const auto closer = absl::MakeCleanup([fd] { close(fd); });
  OTPGATE_RETURN_IF_ERROR(CheckPrivate(fd));
  std::string text(kFileBytesMax, '\0');
  const auto cleanser = absl::MakeCleanup([&text] { crypto::Cleanse(text.data(), text.size()); });
  OTPGATE_ASSIGN_OR_RETURN(const size_t size, ReadAll(fd, text.data(), text.size()));
  return KeyFile::Parse(absl::string_view(text).substr(0, size));
}

absl::Status Named(const std::string& path, const absl::Status& status) {
  return absl::Status(status.code(), absl::StrCat("key file ", path, ": ", status.message()));
}

absl::Status LastError() { return absl::UnavailableError(std::strerror(errno)); }

absl::Status WriteAll(int fd, absl::string_view text) {
  while (!text.empty()) {
    const ssize_t put = write(fd, text.data(), text.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return LastError();
    text.remove_prefix(static_cast<size_t>(put));
  }
  return fsync(fd) == 0 ? absl::OkStatus() : LastError();
}

// Writes a temporary file beside `path` and renames it when it is complete.
absl::Status Replace(const std::string& path, absl::string_view text) {
  struct stat old;
  if (stat(path.c_str(), &old) != 0) return LastError();
  std::string fresh = path + ".XXXXXX";
  const int fd = mkostemp(fresh.data(), O_CLOEXEC);
  if (fd < 0) return LastError();
  absl::Status done = WriteAll(fd, text);
  if (done.ok() && (fchown(fd, old.st_uid, old.st_gid) != 0 || fchmod(fd, old.st_mode) != 0)) {
    done = LastError();
  }
  close(fd);
  if (done.ok() && rename(fresh.c_str(), path.c_str()) != 0) done = LastError();
  if (!done.ok()) unlink(fresh.c_str());
  return done;
}

}  // namespace

absl::StatusOr<KeyFile> KeyFile::Load(const std::string& path) {
  absl::StatusOr<KeyFile> file = LoadAnonymous(path);
  if (!file.ok()) return Named(path, file.status());
  return file;
}

absl::Status KeyFile::Save(const std::string& path) const {
  const absl::Status saved = Replace(path, text());
  return saved.ok() ? saved : Named(path, saved);
}

}  // namespace otpgate::keys
