#include "server/delivery/file_sender.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <nlohmann/json.hpp>

#include "absl/memory/memory.h"
#include "absl/strings/str_cat.h"
#include "server/crypto/base64url.h"

namespace otpgate::delivery {
namespace {

std::string JsonLine(const Letter& letter) {
  const nlohmann::json line = {
      {"id", crypto::Base64UrlEncode(letter.id.bytes)},
      {"channel", std::string(NameOf(letter.channel))},
      {"purpose", std::string(NameOf(letter.purpose))},
      {"to", letter.to},
      {"subject", letter.text.subject},
      {"text", letter.text.body},
      {"code", letter.code},
  };
  return line.dump(-1, ' ', /*ensure_ascii=*/true, nlohmann::json::error_handler_t::replace) + "\n";
}

bool IsPrivate(int fd) {
  struct stat info {};
  return fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_uid == geteuid() &&
         (info.st_mode & (S_IRWXG | S_IRWXO)) == 0;
}

// One call per batch, so that lines of several writers do not mix.
bool Append(int fd, absl::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

}  // namespace

absl::StatusOr<std::unique_ptr<FileSender>> FileSender::Open(const std::string& path) {
  const int fd =
      open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
  if (fd < 0) return absl::NotFoundError(absl::StrCat(path, ": cannot be opened"));
  auto sender = absl::WrapUnique(new FileSender(fd));
  if (!IsPrivate(fd)) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": must be a regular file of this user with mode 0600"));
  }
  return sender;
}

FileSender::~FileSender() { close(fd_); }

std::vector<SendResult> FileSender::Send(absl::Span<const Letter> letters) {
  std::string lines = torn_ ? "\n" : "";
  for (const Letter& letter : letters) lines += JsonLine(letter);
  torn_ = !Append(fd_, lines);
  const SendResult result = torn_ ? SendResult{.outcome = SendResult::Outcome::kRetry,
                                               .detail = "file_unwritable",
                                               .retry_after = absl::ZeroDuration()}
                                  : SendResult{};
  return std::vector<SendResult>(letters.size(), result);
}

}  // namespace otpgate::delivery
