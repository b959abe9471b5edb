#include "tests/bench/memory_use.h"

#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"

namespace otpgate::bench {

absl::StatusOr<MemoryUse> MemoryUseOf(pid_t pid) {
  constexpr double kKibPerMib = 1024;
  std::ifstream in(absl::StrCat("/proc/", pid, "/status"));
  MemoryUse use;
  std::string field;
  while (in >> field) {
    if (field == "VmRSS:" && in >> use.now) use.now /= kKibPerMib;
    if (field == "VmHWM:" && in >> use.most) use.most /= kKibPerMib;
  }
  if (use.now == 0) return absl::NotFoundError(absl::StrCat("no process ", pid));
  return use;
}

}  // namespace otpgate::bench
