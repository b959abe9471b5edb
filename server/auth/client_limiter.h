#ifndef OTPGATE_SERVER_AUTH_CLIENT_LIMITER_H_
#define OTPGATE_SERVER_AUTH_CLIENT_LIMITER_H_

#include <string>
#include <variant>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "server/domain/bucket_rules.h"
#include "server/engine/engine.h"
#include "server/errors/failure.h"
#include "server/runtime/clock.h"
#include "server/validation/client_address.h"

namespace otpgate {

// The limit per end user's address (IPv4 address, IPv6 /64) and user type, shared by all servers.
// Charged once per call, never paid back. A limit that cannot be asked refuses. Thread-safe.
class ClientLimiter {
 public:
  ClientLimiter(BucketLimit limit, Engine<BucketRules>* engine, const Clock* clock)
      : limit_(limit), engine_(engine), clock_(clock) {}

  //   kClientLimit  too many calls from this address; retry_after tells when one is free
  void Take(const ClientAddress& client, UserType user_type, const Patience& patience,
            Done<std::monostate> done);

 private:
  // A refusal is remembered until its time, so that a flood costs no database work. Bounded: an
  // address that finds no room is asked about again. Room is made at most once per interval, so
  // that a flood of new addresses does not pay for a scan on each refusal.
  static constexpr size_t kRememberedMax = 10'000;
  static constexpr absl::Duration kSweepInterval = absl::Seconds(1);

  void Remember(const std::string& bucket, absl::Duration retry_after) ABSL_LOCKS_EXCLUDED(mu_);
  absl::Duration RememberedWait(const std::string& bucket) ABSL_LOCKS_EXCLUDED(mu_);

  const BucketLimit limit_;
  Engine<BucketRules>* const engine_;
  const Clock* const clock_;
  absl::Mutex mu_;
  // Refused until, by Clock::Steady().
  absl::flat_hash_map<std::string, absl::Duration> refused_until_ ABSL_GUARDED_BY(mu_);
  absl::Duration next_sweep_ ABSL_GUARDED_BY(mu_);  // by Clock::Steady()
};

}  // namespace otpgate

#endif  // OTPGATE_SERVER_AUTH_CLIENT_LIMITER_H_
