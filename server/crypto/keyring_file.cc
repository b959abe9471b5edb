#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "server/crypto/keyring.h"
#include "server/runtime/status_macros.h"

namespace otpgate::crypto {
namespace {

// Hundreds of keys; more is some other file.
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

// The size read, into `buffer`.
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

absl::StatusOr<Keyring> Load(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return absl::NotFoundError(std::strerror(errno));
  const auto closer = absl::MakeCleanup([fd] { close(fd); });
  OTPGATE_RETURN_IF_ERROR(CheckPrivate(fd));
  std::string text(kFileBytesMax, '\0');
  const auto cleanser = absl::MakeCleanup([&text] { Cleanse(text.data(), text.size()); });
  OTPGATE_ASSIGN_OR_RETURN(const size_t size, ReadAll(fd, text.data(), text.size()));
  return Keyring::Parse(absl::string_view(text).substr(0, size));
}

}  // namespace

absl::StatusOr<Keyring> Keyring::LoadFile(const std::string& path) {
  absl::StatusOr<Keyring> keyring = Load(path);
  if (keyring.ok()) return keyring;
  return absl::Status(keyring.status().code(),
                      absl::StrCat("key file ", path, ": ", keyring.status().message()));
}

}  // namespace otpgate::crypto
