#ifndef OTPGATE_CLIENTS_DEMO_DEMO_H_
#define OTPGATE_CLIENTS_DEMO_DEMO_H_

#include <string>

#include "absl/status/status.h"

namespace otpgate::demo {

// Who signs in.
struct Person {
  std::string identifier;  // "+14155550123" or "test@example.com"
  bool demo_user = false;
};

// Signs `person` in over the public API of the server at `address`, step by step on standard
// output: a code, a wrong guess, the right code, the same code again, the token against the JWKS,
// GetCurrentUser; then refresh and replay, sign-out, and sign-out everywhere. Needs a server in
// development mode that reveals codes. FAILED_PRECONDITION at the first answer that is not as it
// should be, naming it.
absl::Status SignIn(const std::string& address, const Person& person);

}  // namespace otpgate::demo

#endif  // OTPGATE_CLIENTS_DEMO_DEMO_H_
