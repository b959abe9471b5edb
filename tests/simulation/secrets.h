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

namespace otpgate::sim {

// A pending code, as whoever asked for it knows it.
struct Handle {
  SubjectKey subject;
  OtpId otp_id;
};

struct Token {
  AccountKey session;
  int64_t generation = 0;
  int token_version = 0;
};

// The last things of a kind.
template <class T>
class Last {
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

// What came out of the service: the mail of the honest, and all that an attacker may have got hold
// of. One thread.
struct Secrets {
  std::map<OtpId, std::string> mail;  // the newest code by the handle's id
  Last<Handle> handles;
  Last<Token> tokens;
  Last<absl::Time> ends;  // of codes and sessions: what happens there is worth a look
  Last<std::pair<Handle, std::string>> request_ids;  // of verifications

  void Deliver(const Message& message) { mail[message.otp_id] = CodeIn(message.code_mac); }
  const std::string* CodeFor(const OtpId& id) const {
    const auto code = mail.find(id);
    return code == mail.end() ? nullptr : &code->second;
  }
};

}  // namespace otpgate::sim

#endif  // OTPGATE_TESTS_SIMULATION_SECRETS_H_
