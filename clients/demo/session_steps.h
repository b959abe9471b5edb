#ifndef OTPGATE_CLIENTS_DEMO_SESSION_STEPS_H_
#define OTPGATE_CLIENTS_DEMO_SESSION_STEPS_H_

#include <string>

#include "absl/status/status.h"
#include "otpgate/v1/auth_service.grpc.pb.h"

namespace otpgate::demo {

struct Tokens {
  std::string access;
  std::string refresh;
};

// What happens to a session after the sign-in, printed step by step; each ends the session it is
// given. FAILED_PRECONDITION at the first answer that is not as it should be, naming it.

// Refreshes, asks for a lost answer again, and is caught with a token that was replaced.
absl::Status ShowReplay(v1::AuthService::Stub& stub, const Tokens& tokens);
absl::Status ShowSignOut(v1::AuthService::Stub& stub, const Tokens& tokens);
absl::Status ShowSignOutEverywhere(v1::AuthService::Stub& stub, const Tokens& tokens);

}  // namespace otpgate::demo

#endif  // OTPGATE_CLIENTS_DEMO_SESSION_STEPS_H_
