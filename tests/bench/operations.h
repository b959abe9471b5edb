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

// An endless supply of people for whom no code was requested yet. Each operation takes a new one,
// because the limits on sends are on. One thread.
class People {
 public:
  explicit People(IdentifierKind kind) : kind_(kind) {}
  // A new person.
  int64_t Next() { return people_++; }
  // A serialized RequestOtpRequest for a person.
  std::string RequestOf(int64_t person) const;
  // A new IP address of an end user.
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

// What the answer to a right code contains.
struct Tokens {
  std::string access;
  std::string refresh;
  std::string session_id;
};

class EmptyCall final : public Operation {
 public:
  LoadCall Begin(int64_t n) override;
  std::optional<LoadCall> Continue(int64_t, const std::string&) override { return std::nullopt; }
};

// RequestOtp for a new person. Collects the codes.
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

// ResendOtp, once for each code, so there may be as many operations as codes.
class AskForAnother final : public Operation {
 public:
  explicit AskForAnother(std::vector<PendingCode> codes) : codes_(std::move(codes)) {}
  LoadCall Begin(int64_t n) override;
  std::optional<LoadCall> Continue(int64_t n, const std::string& reply) override;

 private:
  const std::vector<PendingCode> codes_;
};

// VerifyOtp, once for each code, so there may be as many operations as codes. Collects the tokens.
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

// RequestOtp and then VerifyOtp for a new person. Collects the people and the tokens.
class SignIn final : public Operation {
 public:
  explicit SignIn(People& people) : people_(people) {}
  LoadCall Begin(int64_t n) override;
  std::optional<LoadCall> Continue(int64_t n, const std::string& reply) override;
  const std::vector<int64_t>& signed_in() const { return signed_in_; }
  std::vector<Tokens> TakeTokens() { return std::move(tokens_); }

 private:
  People& people_;
  std::vector<int64_t> person_of_;  // by operation; kNobody after the code was entered
  std::vector<int64_t> signed_in_;
  std::vector<Tokens> tokens_;
};

// The same from a forwarded address of its own, which both calls charge.
class SignInWithIp final : public Operation {
 public:
  explicit SignInWithIp(People& people) : people_(people), sign_in_(people) {}
  LoadCall Begin(int64_t n) override;
  std::optional<LoadCall> Continue(int64_t n, const std::string& reply) override;
  std::vector<Tokens> TakeTokens() { return sign_in_.TakeTokens(); }

 private:
  People& people_;
  SignIn sign_in_;
  std::vector<std::string> addresses_;  // by operation
};

// SignIn for people who have an account, once for each person.
class SignInAgain final : public Operation {
 public:
  // `people` outlives the operation.
  SignInAgain(const People& people, std::vector<int64_t> who)
      : people_(people), who_(std::move(who)), asked_(who_.size()) {}
  LoadCall Begin(int64_t n) override;
  std::optional<LoadCall> Continue(int64_t n, const std::string& reply) override;

 private:
  const People& people_;
  const std::vector<int64_t> who_;
  std::vector<bool> asked_;
};

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_OPERATIONS_H_
