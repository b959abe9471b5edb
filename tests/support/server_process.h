#ifndef OTPGATE_TESTS_SUPPORT_SERVER_PROCESS_H_
#define OTPGATE_TESTS_SUPPORT_SERVER_PROCESS_H_

#include <sys/types.h>

#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "tests/support/temp_folder.h"

namespace otpgate::support {

// The key files that the servers of a deployment share.
class KeyFiles {
 public:
  KeyFiles();

  // --secrets.pepper_file=... and so on.
  std::vector<std::string> Flags() const;
  // The file for a use: "pepper", "handle", "refresh" or "master".
  std::string Path(const std::string& use) const { return folder_.Path(use + ".keys"); }

 private:
  const TempFolder folder_;
};

// The flags of most tests: a free loopback port, codes in the answers, messages to a file.
std::vector<std::string> DevelopmentFlags(const std::string& database, const KeyFiles& keys,
                                          const std::string& messages);

// A running otpgate-server, or another program with the same form of log. Killed with the object,
// and also when the thread that created it ends, so that a crashed test leaves no process behind.
// Thread-safe, except for Wait.
class ServerProcess {
 public:
  // Starts it and returns at once. A thread reads the log. Empty `program`: otpgate-server.
  explicit ServerProcess(std::vector<std::string> flags, std::string program = {});
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  // Waits until the log contains the event `count` times. False: the process ended, or a minute
  // passed.
  bool WaitForEvent(absl::string_view event, int count = 1) const;
  // The same for any text, for programs with another form of log.
  bool WaitForText(absl::string_view text) const;
  // Waits until it listens and has reached its database; otherwise the test fails with the log.
  void AwaitServing() const;

  // The port of the first address. The server must be listening.
  int port() const;
  pid_t pid() const { return pid_; }
  void Signal(int signal) const;
  // Waits for its end. Returns its exit code, or 128 + signal.
  int Wait();

  // What it has written to standard output and error.
  std::string Log() const;
  // Keeps only about the newest `bytes` of the log, for servers that write much.
  void KeepOfLog(size_t bytes) ABSL_LOCKS_EXCLUDED(mu_);

 private:
  void ReadLog(int fd);
  void TakeIn(absl::string_view text) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void TakeInLine(absl::string_view line) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  int Seen(absl::string_view event) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  pid_t pid_ = 0;
  bool waited_ = false;
  int exit_code_ = 0;
  mutable absl::Mutex mu_;
  std::string log_ ABSL_GUARDED_BY(mu_);
  size_t kept_ ABSL_GUARDED_BY(mu_) = std::string::npos;
  std::string line_ ABSL_GUARDED_BY(mu_);  // the last line, unfinished
  absl::flat_hash_map<std::string, int> events_ ABSL_GUARDED_BY(mu_);
  int port_ ABSL_GUARDED_BY(mu_) = 0;
  bool ended_ ABSL_GUARDED_BY(mu_) = false;  // the log has ended
  std::thread reader_;
};

}  // namespace otpgate::support

#endif  // OTPGATE_TESTS_SUPPORT_SERVER_PROCESS_H_
