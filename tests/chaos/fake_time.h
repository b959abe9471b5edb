#ifndef OTPGATE_TESTS_CHAOS_FAKE_TIME_H_
#define OTPGATE_TESTS_CHAOS_FAKE_TIME_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "tests/support/temp_folder.h"

namespace otpgate::chaos {

// A wall clock that jumps for the programs that are started with its environment (libfaketime);
// their steady clock goes on as always, as it does when a real clock is set.
class FakeTime {
 public:
  FakeTime();

  static bool IsInstalled();

  // From now on their clock is the real one plus this, in whole seconds.
  void Set(absl::Duration offset) const;

  // NAME=value.
  std::vector<std::string> Environment() const;

 private:
  const testing::TempFolder folder_;
};

}  // namespace otpgate::chaos

#endif  // OTPGATE_TESTS_CHAOS_FAKE_TIME_H_
