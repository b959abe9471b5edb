#include "tests/support/pg_process.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "base/check.h"

namespace otpgate::support {
namespace {

constexpr absl::Duration kStartLimit = absl::Seconds(60);
constexpr absl::Duration kPoll = absl::Milliseconds(10);

// Reads process ids from its input; the newest counts ("-": none). The input ends with the test
// program.
constexpr char kWatchdog[] = R"sh(
  pid=-
  while read -r line; do pid=$line; done
  if [ "$pid" != - ]; then
    kill -QUIT "$pid" 2>/dev/null
    while kill -0 "$pid" 2>/dev/null; do sleep 0.05; done
  fi
  rm -rf "$1"
)sh";

struct User {
  uid_t uid = 0;
  gid_t gid = 0;
};

User PgUser() {
  if (geteuid() != 0) return {geteuid(), getegid()};
  const passwd* entry = getpwnam("postgres");
  OTPGATE_CHECK(entry != nullptr);
  return {entry->pw_uid, entry->pw_gid};
}

std::string ReadAll(const std::string& path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string Tail(const std::string& path) {
  const std::string text = ReadAll(path);
  return text.substr(text.size() > 2000 ? text.size() - 2000 : 0);
}

// Only async-signal-safe calls between fork and exec: the program may have threads.
[[noreturn]] void BecomePgTool(const std::vector<char*>& argv, const char* log, const User& user) {
  setpgid(0, 0);  // Ctrl-C in a terminal goes to the test program, which shuts this process down
  const int null = open("/dev/null", O_RDONLY);
  const int out = open(log, O_WRONLY | O_CREAT | O_APPEND, 0644);
  if (null < 0 || out < 0 || dup2(null, 0) < 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0) _exit(126);
  if (geteuid() == 0 &&
      (setgroups(0, nullptr) != 0 || setgid(user.gid) != 0 || setuid(user.uid) != 0)) {
    _exit(126);
  }
  if (chdir("/") != 0) _exit(126);
  execv(argv[0], argv.data());
  _exit(127);
}

pid_t Spawn(const std::vector<std::string>& arguments, const std::string& log) {
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const User user = PgUser();
  const pid_t pid = fork();
  OTPGATE_CHECK(pid >= 0);
  if (pid == 0) BecomePgTool(argv, log.c_str(), user);
  return pid;
}

int WaitFor(pid_t pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

}  // namespace

absl::Status RunPgTool(const std::vector<std::string>& argv, const std::string& log) {
  const int status = WaitFor(Spawn(argv, log));
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return absl::OkStatus();
  return absl::InternalError(absl::StrCat(argv[0], " failed: ", Tail(log)));
}

std::string PgTool(const std::string& name) { return absl::StrCat(OTPGATE_PG_BINDIR "/", name); }

absl::Status GiveToPgUser(const std::string& path) {
  const User user = PgUser();
  if (geteuid() != 0 || chown(path.c_str(), user.uid, user.gid) == 0) return absl::OkStatus();
  return absl::ErrnoToStatus(errno, path);
}

PgProcess::PgProcess(std::string folder) : folder_(std::move(folder)) { StartWatchdog(); }

void PgProcess::StartWatchdog() {
  int ends[2];
  OTPGATE_CHECK(pipe2(ends, O_CLOEXEC) == 0);
  watchdog_pipe_ = ends[1];
  watchdog_ = fork();
  OTPGATE_CHECK(watchdog_ >= 0);
  if (watchdog_ == 0) {
    setsid();
    const int null = open("/dev/null", O_WRONLY);
    // Inherited output could keep a pipe open that another process reads to its end.
    if (dup2(ends[0], 0) < 0 || dup2(null, 1) < 0 || dup2(null, 2) < 0) _exit(126);
    execl("/bin/sh", "sh", "-c", kWatchdog, "watchdog", folder_.c_str(), nullptr);
    _exit(127);
  }
  close(ends[0]);
}

PgProcess::~PgProcess() {
  if (running()) End(SIGQUIT);
  close(watchdog_pipe_);
  WaitFor(watchdog_);  // until the folder is removed
}

void PgProcess::TellWatchdog() {
  const std::string line = pid_ > 0 ? absl::StrCat(pid_, "\n") : "-\n";
  OTPGATE_CHECK(write(watchdog_pipe_, line.data(), line.size()) ==
                static_cast<ssize_t>(line.size()));
}

absl::Status PgProcess::Launch() {
  OTPGATE_CHECK(!running());
  pid_ = Spawn({OTPGATE_PG_BINDIR "/postgres", "-D", folder_ + "/data"}, folder_ + "/log");
  TellWatchdog();
  return WaitUntilReady();
}

// Like pg_ctl: the last line of postmaster.pid tells when the server is ready.
absl::Status PgProcess::WaitUntilReady() {
  const std::string first_line = absl::StrCat(pid_, "\n");
  const absl::Time end = absl::Now() + kStartLimit;
  while (absl::Now() < end) {
    int status = 0;
    if (waitpid(pid_, &status, WNOHANG) == pid_) {
      pid_ = 0;
      TellWatchdog();
      return absl::UnavailableError(absl::StrCat("postgres ended: ", Tail(folder_ + "/log")));
    }
    const std::string state = ReadAll(folder_ + "/data/postmaster.pid");
    const bool ours = absl::StartsWith(state, first_line);
    if (ours && (absl::StrContains(state, "\nready") || absl::StrContains(state, "\nstandby"))) {
      return absl::OkStatus();
    }
    absl::SleepFor(kPoll);
  }
  End(SIGQUIT);
  return absl::DeadlineExceededError(
      absl::StrCat("postgres is not ready: ", Tail(folder_ + "/log")));
}

void PgProcess::End(int signal) {
  if (!running()) return;
  kill(pid_, signal);
  WaitFor(pid_);
  pid_ = 0;
  TellWatchdog();
}

}  // namespace otpgate::support
