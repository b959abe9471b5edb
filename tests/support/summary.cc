#include "tests/support/summary.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "absl/strings/str_cat.h"
#include "server/runtime/check.h"

namespace otpgate::testing {

void AppendSummary(absl::string_view text) {
  const std::string line = absl::StrCat(text, "\n");
  std::fputs(line.c_str(), stdout);
  const char* path = std::getenv("OTPGATE_TEST_SUMMARY");
  if (path == nullptr || *path == '\0') return;
  const int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  OTPGATE_CHECK(fd >= 0);
  // One write: programs that end together do not mix their lines.
  OTPGATE_CHECK(write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size()));
  close(fd);
}

}  // namespace otpgate::testing
