#ifndef OTPGATE_TESTS_SIMULATION_BUG_H_
#define OTPGATE_TESTS_SIMULATION_BUG_H_

#include <optional>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace otpgate::simulation {

// Bugs that a run can plant around the real engine, rules and store, one at a time. Each one breaks
// a promise, so the model must find each.
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
  // Verifications.
  kProofRepeatedForever,
  kProofDatedAnew,
  kVerificationOpensSession,
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
  kUncertainWriteAnsweredAsFailure,
  kUncertainWriteAnsweredAsSuccess,
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

// The name of a bug on the command line and in test names.
absl::string_view NameOf(Bug bug);
// Nothing: no bug has this name.
std::optional<Bug> BugFrom(absl::string_view name);

}  // namespace otpgate::simulation

#endif  // OTPGATE_TESTS_SIMULATION_BUG_H_
