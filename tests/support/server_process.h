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

namespace otpgate::testing {

// The four key files that servers of one deployment share.
class KeyFiles {
 public:
  KeyFiles();

  // --secrets.pepper_file=... and so on.
  std::vector<std::string> Flags() const;
  // "pepper", "handle", "refresh" or "master": the file.
  std::string Path(const std::string& use) const { return folder_.Path(use + ".keys"); }

 private:
  const TempFolder folder_;
};

// What most tests give a server: loopback, any free port, codes in the answers, messages to a file.
std::vector<std::string> DevelopmentFlags(const std::string& database, const KeyFiles& keys,
                                          const std::string& messages);

// A running otpgate-server, or another program that logs in the same way. Killed with the object,
// and also when the thread that made it ends, so that a crashed test leaves nothing behind.
// Thread-safe, but for Wait.
class ServerProcess {
 public:
  // Returns at once; the log is read all the time. `program` empty: otpgate-server.
  explicit ServerProcess(std::vector<std::string> flags, std::string program = {});
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  // Waits until the log has had the event `count` times. False when the process ended or a minute
  // went by without.
  bool WaitForEvent(absl::string_view event, int count = 1) const;
  // Listens, and has found its database. Fails the test, with the log, when it does not.
  void AwaitServing() const;

  // Of the first address, once it listens.
  int port() const;
  pid_t pid() const { return pid_; }
  void Signal(int signal) const;
  // Until it has ended; its exit code, or 128 + signal.
  int Wait();

  // What it wrote so far; standard output and error.
  std::string Log() const;
  // From now on only about the newest `bytes` are kept, for servers that write very much.
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
  std::string line_ ABSL_GUARDED_BY(mu_);  // the last one, not ended yet
  absl::flat_hash_map<std::string, int> events_ ABSL_GUARDED_BY(mu_);
  int port_ ABSL_GUARDED_BY(mu_) = 0;
  bool ended_ ABSL_GUARDED_BY(mu_) = false;  // closed its log
  std::thread reader_;
};

}  // namespace otpgate::testing

#endif  // OTPGATE_TESTS_SUPPORT_SERVER_PROCESS_H_
