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

// Signs `person` in through the server at `address`, with the client library, and prints each step
// on standard output: a code, a wrong guess, the right code, the same code again, a local check of
// the access token, GetCurrentUser; then refresh and replay, sign-out, and sign-out everywhere.
// Needs a development server that reveals codes. An error names the first unexpected answer.
absl::Status SignIn(const std::string& address, const Person& person);

}  // namespace otpgate::demo

#endif  // OTPGATE_CLIENTS_DEMO_DEMO_H_
