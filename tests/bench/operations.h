#ifndef OTPGATE_TESTS_BENCH_OPERATIONS_H_
#define OTPGATE_TESTS_BENCH_OPERATIONS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/bench/load.h"

namespace otpgate::bench {

enum class IdentifierKind { kEmail, kPhone };

// People nobody has asked a code for yet. Each operation takes a new one, because the limits on
// sends are on. One thread.
class People {
 public:
  explicit People(IdentifierKind kind) : kind_(kind) {}
  // A serialized RequestOtpRequest for the next one.
  std::string NextRequest();
  // An address of an end user whom no limit knows.
  std::string NextAddress();

 private:
  const IdentifierKind kind_;
  int64_t people_ = 0;
  uint32_t addresses_ = 0;
};

struct PendingCode {
  std::string handle;
  std::string code;
};

// What the answer to a right code or a refresh brings.
struct Tokens {
  std::string access;
  std::string refresh;
};

class EmptyCall final : public Operation {
 public:
  LoadCall Begin(int64_t n) override;
  std::optional<LoadCall> Continue(int64_t, const std::string&) override { return std::nullopt; }
};

// RequestOtp; collects the codes.
class AskForCode final : public Operation {
 public:
  enum class Address { kNone, kForwarded };

  AskForCode(People& people, Address address) : people_(people), address_(address) {}
  LoadCall Begin(int64_t n) override;
  std::optional<LoadCall> Continue(int64_t n, const std::string& reply) override;
  std::vector<PendingCode> TakeCodes() { return std::move(codes_); }

 private:
  People& people_;
  const Address address_;
  std::vector<PendingCode> codes_;
};

// VerifyOtp; one operation per code, so as many as there are codes. Collects the tokens.
class EnterCode final : public Operation {
 public:
  explicit EnterCode(std::vector<PendingCode> codes) : codes_(std::move(codes)) {}
  LoadCall Begin(int64_t n) override;
  std::optional<LoadCall> Continue(int64_t n, const std::string& reply) override;
  std::vector<Tokens> TakeTokens() { return std::move(tokens_); }

 private:
  const std::vector<PendingCode> codes_;
  std::vector<Tokens> tokens_;
};

// RequestOtp and VerifyOtp of a new person, one after the other.
class SignIn final : public Operation {
 public:
  explicit SignIn(People& people) : people_(people) {}
  LoadCall Begin(int64_t n) override;
  std::optional<LoadCall> Continue(int64_t n, const std::string& reply) override;

 private:
  People& people_;
  std::vector<bool> asked_;
};

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_OPERATIONS_H_
