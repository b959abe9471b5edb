#include "server/delivery/file_sender.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "absl/memory/memory.h"
#include "absl/strings/str_cat.h"
#include "base/crypto/base64url.h"
#include "base/json_text.h"

namespace otpgate::delivery {
namespace {

void AppendLine(std::string& lines, const Letter& letter) {
  const std::string id = crypto::Base64UrlEncode(letter.id.bytes);
  const std::pair<absl::string_view, absl::string_view> members[] = {
      {"channel", NameOf(letter.channel)},
      {"code", letter.code},
      {"id", id},
      {"purpose", NameOf(letter.purpose)},
      {"subject", letter.text.subject},
      {"text", letter.text.body},
      {"to", letter.to},
  };
  char before = '{';
  for (const auto& [key, value] : members) {
    absl::StrAppend(&lines, absl::string_view(&before, 1), "\"", key, "\":");
    AppendJsonText(lines, value);
    before = ',';
  }
  lines += "}\n";
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
  for (const Letter& letter : letters) AppendLine(lines, letter);
  torn_ = !Append(fd_, lines);
  const SendResult result = torn_ ? SendResult{.outcome = SendResult::Outcome::kRetry,
                                               .detail = "file_unwritable",
                                               .retry_after = absl::ZeroDuration()}
                                  : SendResult{};
  return std::vector<SendResult>(letters.size(), result);
}

}  // namespace otpgate::delivery
