#ifndef OTPGATE_TESTS_CHAOS_MAILBOX_H_
#define OTPGATE_TESTS_CHAOS_MAILBOX_H_

#include <fstream>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace otpgate::chaos {

// Reads the messages that the file sender wrote. Thread-safe.
class Mailbox {
 public:
  explicit Mailbox(std::string path) : path_(std::move(path)) {}

  // The newest code sent to this person; empty: none yet.
  std::string CodeOf(const std::string& person) ABSL_LOCKS_EXCLUDED(mu_);
  // The ids of all sent messages, in hexadecimal.
  std::set<std::string> Ids() ABSL_LOCKS_EXCLUDED(mu_);

 private:
  void ReadOn() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  const std::string path_;
  absl::Mutex mu_;
  std::streamoff read_ ABSL_GUARDED_BY(mu_) = 0;
  std::map<std::string, std::string> codes_ ABSL_GUARDED_BY(mu_);
  std::set<std::string> ids_ ABSL_GUARDED_BY(mu_);
};

}  // namespace otpgate::chaos

#endif  // OTPGATE_TESTS_CHAOS_MAILBOX_H_
