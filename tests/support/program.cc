#include "tests/support/program.h"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <map>

#include "absl/strings/str_cat.h"
#include "base/check.h"

namespace otpgate::support {
namespace {

struct Pipe {
  int read = -1;
  int write = -1;
};

Pipe NewPipe() {
  int ends[2];
  OTPGATE_CHECK(pipe2(ends, O_CLOEXEC) == 0);
  return {ends[0], ends[1]};
}

// A pseudoterminal as a pipe, whose read end is the terminal.
Pipe NewTerminal() {
  int master = -1;
  int slave = -1;
  OTPGATE_CHECK(openpty(&master, &slave, nullptr, nullptr, nullptr) == 0);
  OTPGATE_CHECK(fcntl(master, F_SETFD, FD_CLOEXEC) == 0 && fcntl(slave, F_SETFD, FD_CLOEXEC) == 0);
  return {slave, master};
}

std::vector<std::string> Environment(const ProgramOptions& options) {
  std::map<std::string, std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    all[text.substr(0, text.find('='))] = text;
  }
  for (const auto& [name, value] : options.environment) all[name] = absl::StrCat(name, "=", value);
  std::vector<std::string> out;
  for (auto& [name, text] : all) out.push_back(std::move(text));
  return out;
}

std::vector<char*> Pointers(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (const std::string& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

// Reads both pipes to their ends at once, so that a full one does not block the program.
void ReadBoth(int out_fd, int err_fd, ProgramResult& result) {
  pollfd fds[] = {{out_fd, POLLIN, 0}, {err_fd, POLLIN, 0}};
  std::string* const texts[] = {&result.out, &result.err};
  char buffer[4096];
  while (fds[0].fd >= 0 || fds[1].fd >= 0) {
    if (poll(fds, 2, -1) < 0 && errno != EINTR) return;
    for (int i = 0; i < 2; ++i) {
      if (fds[i].fd < 0 || fds[i].revents == 0) continue;
      const ssize_t size = read(fds[i].fd, buffer, sizeof buffer);
      if (size > 0) {
        texts[i]->append(buffer, size);
      } else if (size == 0 || errno != EINTR) {
        fds[i].fd = -1;
      }
    }
  }
}

int Wait(pid_t pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

ProgramResult RunProgram(const std::vector<std::string>& argv, const ProgramOptions& options) {
  const std::vector<std::string> environment = Environment(options);
  const std::vector<char*> args = Pointers(argv);
  const std::vector<char*> env = Pointers(environment);
  const Pipe in = options.terminal ? NewTerminal() : NewPipe();
  const Pipe out = NewPipe();
  const Pipe err = NewPipe();
  const pid_t pid = fork();
  OTPGATE_CHECK(pid >= 0);
  if (pid == 0) {  // async-signal-safe calls only
    if (dup2(in.read, 0) < 0 || dup2(out.write, 1) < 0 || dup2(err.write, 2) < 0) _exit(126);
    if (!options.folder.empty() && chdir(options.folder.c_str()) != 0) _exit(126);
    execve(args[0], args.data(), env.data());
    _exit(127);
  }
  for (int fd : {in.read, out.write, err.write}) close(fd);
  // Fits into the buffer of a pipe, so that the write never blocks.
  OTPGATE_CHECK(options.input.size() < 4096);
  OTPGATE_CHECK(write(in.write, options.input.data(), options.input.size()) ==
                static_cast<ssize_t>(options.input.size()));
  if (!options.terminal) close(in.write);
  ProgramResult result;
  ReadBoth(out.read, err.read, result);
  if (options.terminal) close(in.write);
  close(out.read);
  close(err.read);
  result.exit_code = Wait(pid);
  OTPGATE_CHECK(result.exit_code != 126 && result.exit_code != 127);
  return result;
}

}  // namespace otpgate::support
