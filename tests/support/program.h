#ifndef OTPGATE_TESTS_SUPPORT_PROGRAM_H_
#define OTPGATE_TESTS_SUPPORT_PROGRAM_H_

#include <string>
#include <utility>
#include <vector>

namespace otpgate::support {

struct ProgramOptions {
  std::vector<std::pair<std::string, std::string>> environment = {};  // on top of this process's
  std::string input = {};                                             // its whole standard input
  bool terminal = false;    // the standard input is a terminal
  std::string folder = {};  // working folder; empty: that of this process
};

struct ProgramResult {
  int exit_code = -1;  // 128 + signal when a signal ended it
  std::string out;
  std::string err;
};

// Runs a program to its end. Thread-safe. Ends this process when the program cannot be started.
ProgramResult RunProgram(const std::vector<std::string>& argv, const ProgramOptions& options = {});

}  // namespace otpgate::support

#endif  // OTPGATE_TESTS_SUPPORT_PROGRAM_H_
