#ifndef OTPGATE_SERVER_DATABASE_WATCH_H_
#define OTPGATE_SERVER_DATABASE_WATCH_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/runtime/log.h"
#include "server/runtime/repeater.h"

namespace otpgate {

// Brings the service up when the database is there and fits, and keeps its health true: serving
// while the database answers, not serving while it is away. Recovers by itself. One thread of its
// own. Events: DATABASE_AVAILABLE, DATABASE_UNAVAILABLE, once per change.
class DatabaseWatch {
 public:
  struct Parts {
    // Until it succeeds once; then `ping`.
    std::function<absl::Status()> prepare;
    std::function<absl::Status()> ping;
    std::function<void(bool serving)> set_serving;
    Log* log = nullptr;
    absl::Duration interval = absl::Seconds(1);
  };

  explicit DatabaseWatch(Parts parts) : parts_(std::move(parts)) {}
  DatabaseWatch(const DatabaseWatch&) = delete;
  DatabaseWatch& operator=(const DatabaseWatch&) = delete;

  // Looks once on the calling thread, then starts watching. FAILED_PRECONDITION: the database is
  // there and does not fit, which only an operator can mend; nothing was started.
  absl::Status Start();

 private:
  absl::Status Look();
  void Note(const absl::Status& status);

  const Parts parts_;
  bool prepared_ = false;
  bool serving_ = false;
  std::string problem_;                 // the last one that was logged
  std::unique_ptr<Repeater> repeater_;  // the last member: it uses the others
};

}  // namespace otpgate

#endif  // OTPGATE_SERVER_DATABASE_WATCH_H_
