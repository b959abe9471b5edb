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

// RefreshToken. Each session is one client: it uses the token that the refresh before brought, so
// there are as many sessions as operations under way at a time.
class Refresh final : public Operation {
 public:
  explicit Refresh(const std::vector<Tokens>& sessions);
  LoadCall Begin(int64_t n) override;
  std::optional<LoadCall> Continue(int64_t n, const std::string& reply) override;

 private:
  std::vector<std::string> newest_;  // of the sessions that no refresh is under way for
};

// One call, whose reply must be plausible.
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

// The same call for each session in turn. `sessions`, not empty, outlives the operation.
SingleCall Introspect(const std::vector<Tokens>& sessions);
SingleCall AskWhoIsSignedIn(const std::vector<Tokens>& sessions);  // GetCurrentUser
SingleCall ListSessions(const std::vector<Tokens>& sessions);

// Signs one device out per operation, each by its own token, so as many as there are sessions.
// `sessions` outlives the operation.
SingleCall RevokeToken(const std::vector<Tokens>& sessions);  // by the refresh token
SingleCall RevokeSession(const std::vector<Tokens>& sessions);
SingleCall RevokeAllSessions(const std::vector<Tokens>& sessions);

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_SESSION_OPERATIONS_H_
