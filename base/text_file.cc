#include "base/text_file.h"

#include <cerrno>
#include <cstdio>
#include <memory>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/blocking.h"

namespace otpgate {
namespace {

constexpr size_t kFileBytesMax = 1 << 20;

struct CloseFile {
  void operator()(FILE* file) const { std::fclose(file); }
};

}  // namespace

absl::StatusOr<std::string> ReadTextFile(const std::string& path) {
  AssertMayBlock();
  const std::unique_ptr<FILE, CloseFile> file(std::fopen(path.c_str(), "re"));
  if (file == nullptr) return absl::ErrnoToStatus(errno, absl::StrCat("cannot open file ", path));
  std::string text(kFileBytesMax + 1, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file.get()));
  if (std::ferror(file.get()) != 0) {
    return absl::InvalidArgumentError(absl::StrCat("cannot read file ", path));
  }
  if (text.size() > kFileBytesMax) {
    return absl::InvalidArgumentError(absl::StrCat("file ", path, " is larger than 1 MiB"));
  }
  return text;
}

}  // namespace otpgate
