#ifndef OTPGATE_SERVER_DELIVERY_FILE_SENDER_H_
#define OTPGATE_SERVER_DELIVERY_FILE_SENDER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "server/delivery/sender.h"

namespace otpgate::delivery {

// Appends one JSON line per letter to a file: for tests and demonstrations, and for a relay that
// takes the letters from there. Production accepts it only with the configuration key
// enable_real_otp.
//
//   {"channel":"sms","code":"123456","id":"<base64url>","purpose":"login","subject":"",
//    "text":"...","to":"+14155550123"}
//
// The file is readable by its owner alone. Lines are handed to the operating system, not forced to
// the disk. Several senders, also of several processes, may share a file.
class FileSender final : public Sender {
 public:
  // Opens or makes the file. Errors name the path:
  //   NOT_FOUND            cannot be opened
  //   FAILED_PRECONDITION  not a regular file of ours, or its mode lets group or others in
  static absl::StatusOr<std::unique_ptr<FileSender>> Open(const std::string& path);

  FileSender(const FileSender&) = delete;
  FileSender& operator=(const FileSender&) = delete;
  ~FileSender() override;

  std::vector<SendResult> Send(absl::Span<const Letter> letters) override;
  absl::Duration SendTimeout() const override { return absl::Seconds(1); }

 private:
  explicit FileSender(int fd) : fd_(fd) {}

  const int fd_;
  bool torn_ = false;  // the last write failed: the file may end within a line
};

}  // namespace otpgate::delivery

#endif  // OTPGATE_SERVER_DELIVERY_FILE_SENDER_H_
