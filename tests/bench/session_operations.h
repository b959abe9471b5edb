#ifndef OTPGATE_TESTS_BENCH_SESSION_OPERATIONS_H_
#define OTPGATE_TESTS_BENCH_SESSION_OPERATIONS_H_

#include <cstdint>
#include <optional>
#include <string>
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

// IntrospectToken of the access token of each session in turn.
class Introspect final : public Operation {
 public:
  // `sessions`, not empty, outlives the operation.
  explicit Introspect(const std::vector<Tokens>& sessions) : sessions_(sessions) {}
  LoadCall Begin(int64_t n) override;
  std::optional<LoadCall> Continue(int64_t n, const std::string& reply) override;

 private:
  const std::vector<Tokens>& sessions_;
};

// GetCurrentUser of each session in turn.
class AskWhoIsSignedIn final : public Operation {
 public:
  // `sessions`, not empty, outlives the operation.
  explicit AskWhoIsSignedIn(const std::vector<Tokens>& sessions) : sessions_(sessions) {}
  LoadCall Begin(int64_t n) override;
  std::optional<LoadCall> Continue(int64_t n, const std::string& reply) override;

 private:
  const std::vector<Tokens>& sessions_;
};

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_SESSION_OPERATIONS_H_
