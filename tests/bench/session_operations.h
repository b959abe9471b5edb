#ifndef OTPGATE_TESTS_BENCH_SESSION_OPERATIONS_H_
#define OTPGATE_TESTS_BENCH_SESSION_OPERATIONS_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/bench/load.h"
#include "tests/bench/operations.h"

namespace otpgate::bench {

// RefreshToken. Each refresh uses the token of the refresh before it, so at most as many operations
// may be in flight as there are sessions.
class Refresh final : public Operation {
 public:
  explicit Refresh(const std::vector<Tokens>& sessions);
  LoadCall Begin(int64_t n) override;
  std::optional<LoadCall> Continue(int64_t n, const std::string& reply) override;

 private:
  std::vector<std::string> newest_;  // tokens of the sessions without a refresh in flight
};

// A single call, whose reply must be plausible.
class SingleCall final : public Operation {
 public:
  using Make = std::function<LoadCall(int64_t n)>;
  using Plausible = std::function<bool(const std::string& reply)>;

  SingleCall(Make make, Plausible plausible)
      : make_(std::move(make)), plausible_(std::move(plausible)) {}
  LoadCall Begin(int64_t n) override { return make_(n); }
  std::optional<LoadCall> Continue(int64_t n, const std::string& reply) override;

 private:
  const Make make_;
  const Plausible plausible_;
};

SingleCall FetchKeys();  // GetJwks

// The same call for each session in turn. `sessions` is not empty and outlives the operation.
SingleCall Introspect(const std::vector<Tokens>& sessions);
SingleCall AskWhoIsSignedIn(const std::vector<Tokens>& sessions);  // GetCurrentUser
SingleCall ListSessions(const std::vector<Tokens>& sessions);

// Signs out with the token of another session each time, so there may be as many operations as
// sessions. `sessions` outlives the operation.
SingleCall RevokeToken(const std::vector<Tokens>& sessions);  // by the refresh token
SingleCall RevokeSession(const std::vector<Tokens>& sessions);
SingleCall RevokeAllSessions(const std::vector<Tokens>& sessions);

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_SESSION_OPERATIONS_H_
