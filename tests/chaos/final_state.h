#ifndef OTPGATE_TESTS_CHAOS_FINAL_STATE_H_
#define OTPGATE_TESTS_CHAOS_FINAL_STATE_H_

#include "tests/chaos/checker.h"
#include "tests/chaos/fleet.h"

namespace otpgate::chaos {

// Waits until no message is pending, for half a minute at most, and reads the final state.
FinalState ReadFinalState(const Fleet& fleet);

// Broken rules that span rows (migrations/migrator/verify.h), one sentence each.
std::vector<std::string> FindBrokenRows(const Fleet& fleet);

}  // namespace otpgate::chaos

#endif  // OTPGATE_TESTS_CHAOS_FINAL_STATE_H_
