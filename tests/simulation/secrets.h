#ifndef OTPGATE_TESTS_SIMULATION_SECRETS_H_
#define OTPGATE_TESTS_SIMULATION_SECRETS_H_

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "storage/types.h"
#include "tests/simulation/codes.h"

namespace otpgate::simulation {

// What a caller that requested a code knows of it.
struct Handle {
  storage::SubjectKey subject;
  OtpId otp_id;
  storage::Purpose purpose = storage::Purpose::kLogin;
};

struct Token {
  storage::AccountKey session;
  int64_t generation = 0;
  int token_version = 0;
};

// The newest values of those added, at most kKept.
template <class T>
class RecentValues {
 public:
  void Add(T value) {
    if (values_.size() < kKept) return values_.push_back(std::move(value));
    values_[next_++ % kKept] = std::move(value);
  }
  bool empty() const { return values_.empty(); }
  const std::vector<T>& values() const { return values_; }

 private:
  static constexpr size_t kKept = 24;
  std::vector<T> values_;
  size_t next_ = 0;
};

// What the service gave out: the delivered codes, and all that an attacker may have learned. One
// thread.
struct Secrets {
  std::map<OtpId, std::string> codes;  // the newest code by otp_id
  RecentValues<Handle> handles;
  RecentValues<Token> tokens;
  RecentValues<absl::Time>
      expiries;  // of codes and sessions: calls near them are the interesting ones
  RecentValues<std::pair<Handle, std::string>> request_ids;  // of VerifyOtp calls

  void Deliver(const storage::Message& message) {
    codes[message.otp_id] = CodeIn(message.code_mac);
  }
  const std::string* CodeFor(const OtpId& id) const {
    const auto code = codes.find(id);
    return code == codes.end() ? nullptr : &code->second;
  }
};

}  // namespace otpgate::simulation

#endif  // OTPGATE_TESTS_SIMULATION_SECRETS_H_
