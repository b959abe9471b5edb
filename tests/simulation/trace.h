#ifndef OTPGATE_TESTS_SIMULATION_TRACE_H_
#define OTPGATE_TESTS_SIMULATION_TRACE_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace otpgate::simulation {

// A hash over everything that happened, in order, and the last steps as text. One thread.
class Trace {
 public:
  static constexpr size_t kKept = 50;

  // `what` must be a string literal: only the pointer is kept. `server`: -1 for none. `call`: the
  // number of the call, 0 for none.
  void Note(absl::Duration at, const char* what, int server, uint64_t call, int64_t detail);

  uint64_t hash() const { return hash_; }
  std::vector<std::string> LastSteps() const;

 private:
  struct Step {
    absl::Duration at;
    const char* what;
    int server;
    uint64_t call;
    int64_t detail;
  };

  void Mix(uint64_t value);

  uint64_t hash_ = 0xcbf29ce484222325;
  uint64_t noted_ = 0;
  std::deque<Step> last_;
};

}  // namespace otpgate::simulation

#endif  // OTPGATE_TESTS_SIMULATION_TRACE_H_
