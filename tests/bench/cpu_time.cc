#include "tests/bench/cpu_time.h"

#include <time.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "base/check.h"
#include "base/status_macros.h"

namespace otpgate::bench {
namespace {

// Positions in /proc/PID/stat, see proc(5).
struct ProcessStat {
  pid_t parent = 0;
  absl::Duration of_ended_children;
};

constexpr size_t kParentAt = 1;  // fields counted from the state, the first one after the name
constexpr size_t kChildUserAt = 13;
constexpr size_t kChildSystemAt = 14;

std::optional<ProcessStat> ReadStat(pid_t pid) {
  std::ifstream in(absl::StrCat("/proc/", pid, "/stat"));
  std::string text;
  std::getline(in, text);                    // one line; nothing when the process has just ended
  const size_t name_end = text.rfind(") ");  // a name may hold anything
  if (name_end == std::string::npos) return std::nullopt;
  const std::vector<absl::string_view> fields =
      absl::StrSplit(absl::string_view(text).substr(name_end + 2), ' ');
  ProcessStat stat;
  int64_t user = 0;
  int64_t system = 0;
  if (fields.size() <= kChildSystemAt || !absl::SimpleAtoi(fields[kParentAt], &stat.parent) ||
      !absl::SimpleAtoi(fields[kChildUserAt], &user) ||
      !absl::SimpleAtoi(fields[kChildSystemAt], &system)) {
    return std::nullopt;
  }
  stat.of_ended_children =
      absl::Seconds(static_cast<double>(user + system) / static_cast<double>(sysconf(_SC_CLK_TCK)));
  return stat;
}

std::vector<pid_t> ChildrenOf(pid_t parent) {
  std::vector<pid_t> children;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    pid_t pid = 0;
    if (!absl::SimpleAtoi(entry.path().filename().string(), &pid)) continue;
    const std::optional<ProcessStat> stat = ReadStat(pid);
    if (stat && stat->parent == parent) children.push_back(pid);
  }
  return children;
}

}  // namespace

absl::StatusOr<absl::Duration> CpuTimeOf(pid_t pid) {
  clockid_t clock = 0;
  timespec used{};
  if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &used) != 0) {
    return absl::NotFoundError(absl::StrCat("no process ", pid));
  }
  return absl::DurationFromTimespec(used);
}

absl::Duration CpuTimeOfThisThread() {
  timespec used{};
  OTPGATE_CHECK(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used) == 0);
  return absl::DurationFromTimespec(used);
}

absl::StatusOr<absl::Duration> CpuTimeOfFamily(pid_t parent, pid_t except) {
  OTPGATE_ASSIGN_OR_RETURN(absl::Duration sum, CpuTimeOf(parent));
  for (const pid_t child : ChildrenOf(parent)) {
    if (child == except) continue;
    sum += CpuTimeOf(child).value_or(absl::ZeroDuration());  // the child may have ended by now
  }
  const std::optional<ProcessStat> stat = ReadStat(parent);
  if (!stat) return absl::NotFoundError(absl::StrCat("no process ", parent));
  return sum + stat->of_ended_children;
}

}  // namespace otpgate::bench
