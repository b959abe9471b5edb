#ifndef OTPGATE_CLIENTS_CPP_INCLUDE_OTPGATE_CLIENT_PROOF_VERIFIER_H_
#define OTPGATE_CLIENTS_CPP_INCLUDE_OTPGATE_CLIENT_PROOF_VERIFIER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "otpgate/client/auth_client.h"
#include "otpgate/client/jwks.h"

namespace otpgate::client {

// What a proof says: whoever entered the code that VerifyOtp accepted at `issued_at` held the
// identifier. Times are whole seconds.
struct Proof {
  std::string identifier;  // canonical: E.164 phone number or e-mail address
  std::string user_type;   // "live" or "demo"
  std::string id;          // `jti`, one for each code; remember it to accept a proof only once
  absl::Time issued_at;
  absl::Time expires_at;  // 10 minutes later
};

// Checks the proofs of PURPOSE_VERIFICATION locally: the signature (only ES256, by the published
// key that the proof names), `typ`, `iss`, `aud`, `exp`, `iat`, and the form of every other claim.
// Access tokens are refused, as TokenVerifier refuses proofs.
//
// The answer of VerifyOtp needs no check. Use this where the proof comes from somewhere else, for
// example from a browser that carries it to another part of the same calling service.
//
// A proof is a bearer token: whoever has it can show it until it expires, any number of times.
// Thread-safe; make one per process. A call takes about 0.1 ms; it waits only when it needs keys
// that are not in memory (see JwksCacheOptions).
class ProofVerifier {
 public:
  struct Options {
    // The id of the calling service whose proofs are accepted. Required: proofs for others are
    // refused, and all of them when it is empty.
    std::string caller;
    std::string issuer = "otpgate";  // as tokens.issuer of the service
    bool accept_demo = false;        // also identifiers of the user type demo
    // For clocks that differ; at most one minute.
    absl::Duration leeway = absl::Seconds(10);
    JwksCacheOptions keys = {};
  };

  // Takes keys from this service.
  ProofVerifier(std::shared_ptr<AuthClient> client, Options options);
  // Takes keys from `fetch`.
  ProofVerifier(JwksFetch fetch, Options options);
  // Waits for the end of a running fetch.
  ~ProofVerifier();
  ProofVerifier(const ProofVerifier&) = delete;
  ProofVerifier& operator=(const ProofVerifier&) = delete;

  // What a valid proof says. Error messages are for logs and contain nothing of the proof.
  //   UNAUTHENTICATED  the proof is not valid
  //   UNAVAILABLE      there are no keys to check it with; try again later
  absl::StatusOr<Proof> Verify(absl::string_view proof);

 private:
  struct Parts;
  const std::unique_ptr<Parts> parts_;
};

}  // namespace otpgate::client

#endif  // OTPGATE_CLIENTS_CPP_INCLUDE_OTPGATE_CLIENT_PROOF_VERIFIER_H_
