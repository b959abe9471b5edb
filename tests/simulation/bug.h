#ifndef OTPGATE_TESTS_SIMULATION_BUG_H_
#define OTPGATE_TESTS_SIMULATION_BUG_H_

#include <optional>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace otpgate::sim {

// Mistakes that are planted in what surrounds the real engine, rules and store of a simulation, one
// at a time. Each breaks a promise, so each must be found.
enum class Bug {
  kNone,
  // Codes.
  kAttemptsNotCounted,
  kFailuresNotCounted,
  kFailuresCountedTwice,
  kWaitIgnored,
  kResendResetsAttempts,
  kResendResetsFailures,
  kRequestResetsFailures,
  kResendExtendsExpiry,
  kOldCodeStillGood,
  kHandleIgnored,
  kBindingIgnored,
  kVoidIgnored,
  kExpiryIgnored,
  kCodeNotConsumed,
  kSessionLost,
  kDisabledMaySignIn,
  kSecondAccount,
  // Send limits.
  kSendWindowOffByOne,
  kSendsForgottenAfterResend,
  kDailyTotalIgnored,
  kCooldownIgnored,
  kBucketOffByOne,
  // request_id.
  kRecordNotWritten,
  kRetryEvaluatedTwice,
  kPayloadNotCompared,
  kRecordForgottenEarly,
  // Sessions.
  kGraceUnbounded,
  kGraceMissing,
  kReuseNotDetected,
  kFamilyNotRevoked,
  kOldTokenRotates,
  kRotatedByNotKept,
  kLogoutIgnored,
  kTokenVersionIgnored,
  kTokenVersionNotRaised,
  kDisableIgnored,
  kNotBeforeIgnored,
  kIdleEndIgnored,
  kAbsoluteEndIgnored,
  // Engine.
  kAnswerBeforeCommit,
  kDoubtAnsweredAsFailure,
  kDoubtAnsweredAsSuccess,
  kLoserAnsweredAsWinner,
  kCommandFoldedTwice,
  // Store.
  kGuardDropped,
  kBucketGuardDropped,
  kExpiryNotCheckedBeforeCommit,
  kChangeTorn,
  // Cleanup.
  kCleanupTakesLiveSession,
  kCleanupTakesYoungSubject,
  kCleanupTakesYoungRequest,
  kCleanupTakesUsedBucket,
  kCleanupTakesOneTooMany,
  kCleanupTakesAccount,
  kLast = kCleanupTakesAccount,
};

absl::string_view NameOf(Bug bug);
std::optional<Bug> BugFrom(absl::string_view name);

}  // namespace otpgate::sim

#endif  // OTPGATE_TESTS_SIMULATION_BUG_H_
