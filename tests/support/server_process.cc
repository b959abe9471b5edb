#include "tests/support/server_process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/check.h"
#include "base/crypto/system_random.h"
#include "server/keys/keyring.h"

namespace otpgate::support {
namespace {

constexpr absl::Duration kEventTimeout = absl::Minutes(1);
constexpr const char* kUses[] = {"pepper", "handle", "refresh", "master"};

// The text after `field` in a line of JSON, up to one of `ends`; empty: there is no such field.
absl::string_view After(absl::string_view line, absl::string_view field, absl::string_view ends) {
  const size_t at = line.find(field);
  if (at == absl::string_view::npos) return {};
  line.remove_prefix(at + field.size());
  return line.substr(0, line.find_first_of(ends));
}

// Only async-signal-safe calls: this program has threads.
[[noreturn]] void Become(const std::vector<char*>& argv, int output, pid_t parent) {
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent) _exit(126);
  const int null = open("/dev/null", O_RDONLY);
  if (dup2(null, 0) < 0 || dup2(output, 1) < 0 || dup2(output, 2) < 0) _exit(126);
  execv(argv[0], argv.data());
  _exit(127);
}

}  // namespace

KeyFiles::KeyFiles() {
  crypto::SystemRandom random;
  for (const char* use : kUses) {
    folder_.Write(absl::StrCat(use, ".keys"), keys::KeyFile::NewText(random, "k1"));
  }
}

std::vector<std::string> KeyFiles::Flags() const {
  std::vector<std::string> flags;
  for (const std::string use : kUses) {
    const bool plain = use == "pepper";
    flags.push_back(absl::StrCat("--secrets.", use, plain ? "_file=" : "_key_file=", Path(use)));
  }
  return flags;
}

std::vector<std::string> DevelopmentFlags(const std::string& database, const KeyFiles& keys,
                                          const std::string& messages) {
  std::vector<std::string> flags = keys.Flags();
  for (const std::string& flag :
       {absl::StrCat("--database.url=", database), std::string("--listen.addresses=127.0.0.1:0"),
        std::string("--development.reveal_codes=true"), std::string("--delivery.sender=file"),
        absl::StrCat("--delivery.file_path=", messages)}) {
    flags.push_back(flag);
  }
  return flags;
}

ServerProcess::ServerProcess(std::vector<std::string> flags, std::string program) {
  if (program.empty()) program = OTPGATE_SERVER_PROGRAM;
  std::vector<char*> argv = {program.data()};
  for (std::string& flag : flags) argv.push_back(flag.data());
  argv.push_back(nullptr);
  int ends[2];
  OTPGATE_CHECK(pipe2(ends, O_CLOEXEC) == 0);
  const pid_t parent = getpid();
  pid_ = fork();
  OTPGATE_CHECK(pid_ >= 0);
  if (pid_ == 0) Become(argv, ends[1], parent);
  close(ends[1]);
  reader_ = std::thread([this, fd = ends[0]] { ReadLog(fd); });
}

ServerProcess::~ServerProcess() {
  if (!waited_) {
    Signal(SIGKILL);
    Wait();
  }
  reader_.join();
}

void ServerProcess::ReadLog(int fd) {
  char buffer[4096];
  while (true) {
    const ssize_t size = read(fd, buffer, sizeof buffer);
    if (size < 0 && errno == EINTR) continue;
    absl::MutexLock lock(&mu_);
    if (size <= 0) {
      ended_ = true;
      break;
    }
    TakeIn({buffer, static_cast<size_t>(size)});
  }
  close(fd);
}

void ServerProcess::TakeIn(absl::string_view text) {
  absl::StrAppend(&log_, text);
  if (log_.size() / 2 > kept_) log_.erase(0, log_.size() - kept_);
  for (size_t end; (end = text.find('\n')) != absl::string_view::npos;
       text.remove_prefix(end + 1)) {
    TakeInLine(absl::StrCat(line_, text.substr(0, end)));
    line_.clear();
  }
  absl::StrAppend(&line_, text);
}

void ServerProcess::TakeInLine(absl::string_view line) {
  const absl::string_view event = After(line, "\"event\":\"", "\"");
  if (event.empty()) return;
  ++events_[event];
  if (event != "LISTENING" || port_ != 0) return;
  OTPGATE_CHECK(absl::SimpleAtoi(After(line, "\"port\":", ",}"), &port_));
}

int ServerProcess::Seen(absl::string_view event) const {
  const auto it = events_.find(event);
  return it == events_.end() ? 0 : it->second;
}

bool ServerProcess::WaitForEvent(absl::string_view event, int count) const {
  absl::MutexLock lock(&mu_);
  const auto done = [this, event, count]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
    return ended_ || Seen(event) >= count;
  };
  mu_.AwaitWithTimeout(absl::Condition(&done), kEventTimeout);
  return Seen(event) >= count;
}

bool ServerProcess::WaitForText(absl::string_view text) const {
  absl::MutexLock lock(&mu_);
  const auto written = [this, text]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
    return absl::StrContains(log_, text);
  };
  const auto done = [this, &written]()
                        ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) { return ended_ || written(); };
  mu_.AwaitWithTimeout(absl::Condition(&done), kEventTimeout);
  return written();
}

void ServerProcess::AwaitServing() const {
  EXPECT_TRUE(WaitForEvent("LISTENING") && WaitForEvent("DATABASE_AVAILABLE")) << Log();
}

int ServerProcess::port() const {
  absl::MutexLock lock(&mu_);
  OTPGATE_CHECK(port_ != 0);
  return port_;
}

void ServerProcess::Signal(int signal) const { kill(pid_, signal); }

int ServerProcess::Wait() {
  if (waited_) return exit_code_;
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  waited_ = true;
  exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return exit_code_;
}

std::string ServerProcess::Log() const {
  absl::MutexLock lock(&mu_);
  return log_;
}

void ServerProcess::KeepOfLog(size_t bytes) {
  absl::MutexLock lock(&mu_);
  kept_ = bytes;
}

}  // namespace otpgate::support
