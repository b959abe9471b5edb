#ifndef OTPGATE_CLIENTS_CPP_INCLUDE_OTPGATE_CLIENT_JWKS_H_
#define OTPGATE_CLIENTS_CPP_INCLUDE_OTPGATE_CLIENT_JWKS_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "otpgate/client/auth_client.h"

namespace otpgate::client {

// Fetches the public keys of access tokens: a JWK Set (RFC 7517) as JSON. May block, but needs a
// deadline. Called by one background thread at a time, never by the thread that needs a key.
using JwksFetch = std::function<absl::StatusOr<std::string>()>;

// Fetches by GetJwks, which takes at most `deadline`.
JwksFetch FetchJwksFrom(std::shared_ptr<AuthClient> client,
                        absl::Duration deadline = absl::Seconds(4));

// How fetched keys are kept:
//
//   fresh        answered from memory
//   old          past `refresh_after`: answered from memory, and fetched again in the background
//   expired      past `max_age`: fetched again first; once that failed, the old keys stay valid up
//                to `max_stale` (stale-if-error), and nobody waits for the next fetch
//   unknown kid  fetched again first, but at most once per `cool_down`, so that made-up kids put no
//                load on the service; while fetches fail, the result is UNAVAILABLE instead of
//                UNAUTHENTICATED, and nobody waits
//
// There is at most one fetch at a time. All callers that need it wait for the same one, for at most
// `wait`. After a failed fetch the next one starts `error_pause` later at the earliest. Ages are
// measured with the steady clock.
struct JwksCacheOptions {
  absl::Duration refresh_after = absl::Minutes(8);
  absl::Duration max_age = absl::Minutes(10);
  // After that time every token from before an outage has expired, and new ones may have new keys.
  absl::Duration max_stale = absl::Hours(1);
  absl::Duration cool_down = absl::Seconds(30);
  absl::Duration error_pause = absl::Seconds(1);
  absl::Duration wait = absl::Seconds(5);
};

}  // namespace otpgate::client

#endif  // OTPGATE_CLIENTS_CPP_INCLUDE_OTPGATE_CLIENT_JWKS_H_
