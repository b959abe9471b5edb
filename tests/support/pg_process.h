#ifndef OTPGATE_TESTS_SUPPORT_PG_PROCESS_H_
#define OTPGATE_TESTS_SUPPORT_PG_PROCESS_H_

#include <sys/types.h>

#include <string>
#include <vector>

#include "absl/status/status.h"

namespace otpgate::support {

// Runs a program of PostgreSQL to its end, as a user that PostgreSQL accepts (it refuses root), and
// appends its output to `log`. INTERNAL with the end of the log unless it exits with 0.
absl::Status RunPgTool(const std::vector<std::string>& argv, const std::string& log);

// The path of a program of PostgreSQL, such as "pg_dump".
std::string PgTool(const std::string& name);

// Makes that user the owner of a folder. Does nothing unless the test runs as root.
absl::Status GiveToPgUser(const std::string& path);

// A postmaster, and a watchdog process that outlives this program: however the program ends, the
// watchdog ends the postmaster and removes the folder.
class PgProcess {
 public:
  explicit PgProcess(std::string folder);  // with `data` inside; logs to `log`
  ~PgProcess();
  PgProcess(const PgProcess&) = delete;
  PgProcess& operator=(const PgProcess&) = delete;

  // Returns when connections are accepted. UNAVAILABLE: it ended, e.g. as the port was in use.
  absl::Status Launch();
  // Sends the signal (SIGINT: fast, SIGQUIT: immediate, SIGKILL) and waits for its end.
  void End(int signal);
  bool running() const { return pid_ > 0; }

 private:
  void StartWatchdog();
  void TellWatchdog();
  absl::Status WaitUntilReady();

  const std::string folder_;
  pid_t pid_ = 0;
  pid_t watchdog_ = 0;
  int watchdog_pipe_ = -1;
};

}  // namespace otpgate::support

#endif  // OTPGATE_TESTS_SUPPORT_PG_PROCESS_H_
