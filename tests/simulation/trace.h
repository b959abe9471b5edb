#ifndef OTPGATE_TESTS_SIMULATION_TRACE_H_
#define OTPGATE_TESTS_SIMULATION_TRACE_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace otpgate::sim {

// What happened, in order: a hash over everything and the last steps to read. One thread.
class Trace {
 public:
  static constexpr size_t kKept = 50;

  // `what` must live for ever: a literal.
  void Note(absl::Duration at, const char* what, int server, uint64_t subject, int64_t detail);

  uint64_t hash() const { return hash_; }
  std::vector<std::string> LastSteps() const;

 private:
  struct Step {
    absl::Duration at;
    const char* what;
    int server;
    uint64_t subject;
    int64_t detail;
  };

  void Mix(uint64_t value);

  uint64_t hash_ = 0xcbf29ce484222325;
  uint64_t noted_ = 0;
  std::deque<Step> last_;
};

}  // namespace otpgate::sim

#endif  // OTPGATE_TESTS_SIMULATION_TRACE_H_
