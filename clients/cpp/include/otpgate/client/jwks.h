#ifndef OTPGATE_CLIENT_JWKS_H_
#define OTPGATE_CLIENT_JWKS_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "otpgate/client/auth_client.h"

namespace otpgate::client {

// Brings the public keys of access tokens: a JWK Set (RFC 7517) as JSON. May block, but not for
// ever: give it a deadline. Called by one thread at a time, never by the one that asks for a key.
using JwksFetch = std::function<absl::StatusOr<std::string>()>;

// By GetJwks; a fetch takes at most `deadline`.
JwksFetch FetchJwksFrom(std::shared_ptr<AuthClient> client,
                        absl::Duration deadline = absl::Seconds(4));

// How fetched keys are kept:
//
//   fresh        answered from memory
//   old          past `refresh_after`: answered from memory, fetched anew in the background
//   expired      past `max_age`: fetched anew first; once that failed the old keys count on, up to
//                `max_stale` (stale-if-error), and nobody waits for the next fetch
//   unknown kid  fetched anew first, but at most once per `cool_down`, so that made-up kids cost
//                the service nothing; while fetches fail it is UNAVAILABLE, not refused, and
//                nobody waits
//
// There is never more than one fetch under way; everybody who needs it waits for the same one, at
// most `wait`. After a fetch that failed the next one starts `error_pause` later at the earliest.
// Ages are measured with the steady clock.
struct JwksCacheOptions {
  absl::Duration refresh_after = absl::Minutes(8);
  absl::Duration max_age = absl::Minutes(10);
  // By then every token from before the outage has expired; what comes later may name new keys.
  absl::Duration max_stale = absl::Hours(1);
  absl::Duration cool_down = absl::Seconds(30);
  absl::Duration error_pause = absl::Seconds(1);
  absl::Duration wait = absl::Seconds(5);
};

}  // namespace otpgate::client

#endif  // OTPGATE_CLIENT_JWKS_H_
