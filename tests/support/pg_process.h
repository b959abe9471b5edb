#ifndef OTPGATE_TESTS_SUPPORT_PG_PROCESS_H_
#define OTPGATE_TESTS_SUPPORT_PG_PROCESS_H_

#include <sys/types.h>

#include <string>
#include <vector>

#include "absl/status/status.h"

namespace otpgate::testing {

// Runs one of PostgreSQL's programs to its end as the user PostgreSQL may run as (it refuses root);
// its output is appended to `log`. INTERNAL with the end of the log unless it exits with 0.
absl::Status RunPgTool(const std::vector<std::string>& argv, const std::string& log);

// "pg_dump": its path.
std::string PgTool(const std::string& name);

// Gives a folder to that user. No-op unless this is root.
absl::Status GiveToPgUser(const std::string& path);

// One postmaster, and a watchdog that outlives this program: should it die in whatever way, the
// watchdog ends the postmaster and removes the folder.
class PgProcess {
 public:
  explicit PgProcess(std::string folder);  // with `data` inside; logs to `log`
  ~PgProcess();
  PgProcess(const PgProcess&) = delete;
  PgProcess& operator=(const PgProcess&) = delete;

  // Returns when sessions are accepted. UNAVAILABLE: it ended instead, e.g. the port was taken.
  absl::Status Launch();
  // Sends the signal (SIGINT: fast, SIGQUIT: immediate, SIGKILL) and waits for the end.
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

}  // namespace otpgate::testing

#endif  // OTPGATE_TESTS_SUPPORT_PG_PROCESS_H_
