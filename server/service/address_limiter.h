#ifndef OTPGATE_SERVER_SERVICE_ADDRESS_LIMITER_H_
#define OTPGATE_SERVER_SERVICE_ADDRESS_LIMITER_H_

#include <string>
#include <variant>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "base/clock.h"
#include "server/domain/bucket_rules.h"
#include "server/engine/engine.h"
#include "server/errors/failure.h"
#include "server/runtime/task.h"
#include "server/validation/end_user_address.h"

namespace otpgate::service {

// The limit per end user's address (IPv4 address, IPv6 /64) and user type, shared by all servers.
// Each call takes one permit, which is never given back. Calls are refused while the database
// cannot be asked. Thread-safe.
class AddressLimiter {
 public:
  AddressLimiter(domain::BucketLimit limit, engine::Engine<domain::BucketRules>* engine,
                 const Clock* clock)
      : limit_(limit), engine_(engine), clock_(clock) {}

  // Takes one permit.
  //   kClientLimit  too many calls from this address; retry_after is the time to the next permit
  //   other reasons of FailureFrom, when the database cannot be asked; nothing was evaluated
  runtime::Task<errors::Outcome<std::monostate>> Take(validation::EndUserAddress address,
                                                      storage::UserType user_type,
                                                      engine::Cancellation cancellation);

 private:
  // A refusal is remembered until the next permit, so that a flood costs the database nothing.
  // Addresses beyond kRememberedMax are not remembered. Expired entries are removed at most once
  // per interval, so that a flood of new addresses does not cause a scan per refusal.
  static constexpr size_t kRememberedMax = 10'000;
  static constexpr absl::Duration kSweepInterval = absl::Seconds(1);

  void Remember(const std::string& bucket, absl::Duration retry_after) ABSL_LOCKS_EXCLUDED(mu_);
  absl::Duration RememberedWait(const std::string& bucket) ABSL_LOCKS_EXCLUDED(mu_);

  const domain::BucketLimit limit_;
  engine::Engine<domain::BucketRules>* const engine_;
  const Clock* const clock_;
  absl::Mutex mu_;
  // Bucket to the end of its refusal, by Clock::Steady().
  absl::flat_hash_map<std::string, absl::Duration> refused_until_ ABSL_GUARDED_BY(mu_);
  absl::Duration next_sweep_ ABSL_GUARDED_BY(mu_);  // by Clock::Steady()
};

}  // namespace otpgate::service

#endif  // OTPGATE_SERVER_SERVICE_ADDRESS_LIMITER_H_
