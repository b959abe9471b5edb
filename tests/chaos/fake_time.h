#ifndef OTPGATE_TESTS_CHAOS_FAKE_TIME_H_
#define OTPGATE_TESTS_CHAOS_FAKE_TIME_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "tests/support/temp_folder.h"

namespace otpgate::chaos {

// A wall clock that can be set, for programs started with its environment (libfaketime). Their
// steady clock is not affected, as when a real clock is set.
class FakeTime {
 public:
  FakeTime();

  static bool IsInstalled();

  // From now on their wall clock is the real one plus `offset`, in whole seconds.
  void Set(absl::Duration offset) const;

  // Environment variables, as NAME=value.
  std::vector<std::string> Environment() const;

 private:
  const support::TempFolder folder_;
};

}  // namespace otpgate::chaos

#endif  // OTPGATE_TESTS_CHAOS_FAKE_TIME_H_
