#ifndef OTPGATE_SERVER_APP_DATABASE_WATCH_H_
#define OTPGATE_SERVER_APP_DATABASE_WATCH_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "base/log.h"
#include "server/runtime/repeater.h"

namespace otpgate::app {

// Polls the database on a thread of its own. The server starts to serve once the database answers
// and fits; from then on health follows the database. Events: DATABASE_AVAILABLE, once per change,
// and DATABASE_UNAVAILABLE, once per problem.
class DatabaseWatch {
 public:
  struct Parts {
    // Called until it succeeds once, then `ping`.
    std::function<absl::Status()> prepare;
    std::function<absl::Status()> ping;
    std::function<void(bool serving)> set_serving;
    Log* log = nullptr;
    absl::Duration interval;  // between polls
  };

  explicit DatabaseWatch(Parts parts) : parts_(std::move(parts)) {}
  DatabaseWatch(const DatabaseWatch&) = delete;
  DatabaseWatch& operator=(const DatabaseWatch&) = delete;

  // Polls once on the calling thread, then starts the thread.
  //   FAILED_PRECONDITION  the database answers and does not fit, which only an operator can
  //                        change; nothing was started
  absl::Status Start();

 private:
  absl::Status Poll();
  void Note(const absl::Status& status);

  const Parts parts_;
  bool prepared_ = false;
  bool serving_ = false;
  std::string problem_;                          // the last one that was logged
  std::unique_ptr<runtime::Repeater> repeater_;  // the last member: it uses the others
};

}  // namespace otpgate::app

#endif  // OTPGATE_SERVER_APP_DATABASE_WATCH_H_
