#ifndef OTPGATE_SERVER_SERVICE_TOKEN_POLICY_H_
#define OTPGATE_SERVER_SERVICE_TOKEN_POLICY_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "storage/types.h"

namespace otpgate::service {

// The issuer, audiences and life of access tokens.
struct TokenPolicy {
  std::string issuer = "otpgate";
  std::vector<std::string> live_audiences = {"otpgate"};
  std::vector<std::string> demo_audiences = {"otpgate-demo"};  // none of the live ones
  // At most 15 minutes. A service that checks tokens locally accepts one this long after a logout.
  absl::Duration access_ttl = absl::Minutes(15);
  // Of proofs; not longer than kPublishedAfter allows.
  static constexpr absl::Duration kProofTtl = absl::Minutes(10);

  const std::vector<std::string>& AudiencesOf(storage::UserType type) const {
    return type == storage::UserType::kDemo ? demo_audiences : live_audiences;
  }
};

}  // namespace otpgate::service

#endif  // OTPGATE_SERVER_SERVICE_TOKEN_POLICY_H_
