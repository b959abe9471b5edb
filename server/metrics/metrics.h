#ifndef OTPGATE_SERVER_METRICS_METRICS_H_
#define OTPGATE_SERVER_METRICS_METRICS_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace prometheus {
class Collectable;
}

namespace otpgate::metrics {

// The values that labels may have; all others count as "other", so that no identifier, token,
// address or other text of a caller gets into a page.
struct Vocabulary {
  std::vector<std::string> engines;
  std::vector<std::string> statements;
  std::vector<std::string> reasons;
  std::vector<std::string> quotas;
  std::vector<std::string> flows;       // of codes: "signup"
  std::vector<std::string> otp_events;  // "verified"
  std::vector<std::string> refreshes;   // outcomes: "rotated"
};

// Values that are read when the page is made.
struct Readings {
  struct Queue {
    std::string engine;  // of the vocabulary
    size_t depth = 0;
    absl::Duration age;  // of the oldest command
  };
  std::vector<Queue> queues;
  std::vector<std::pair<std::string, int64_t>> messages;  // outcome (fixed), how many since start
  size_t messages_waiting = 0;                            // enqueued, not yet taken
  struct Cleaned {
    std::string kind;  // of rows (fixed)
    int64_t removed = 0;
    std::optional<int64_t> held = std::nullopt;  // none: not known
  };
  std::vector<Cleaned> cleaned;
  std::vector<std::pair<std::string, int64_t>> cleanup_rounds;  // as messages
  std::optional<absl::Time> cleanup_last_complete;  // none: no cleanup here; the epoch: not yet
};

// The metrics of one server, as a page for Prometheus. Thread-safe except for Expect.
class Metrics {
 public:
  // `version`: of the program.
  Metrics(const Vocabulary& vocabulary, const std::string& version);
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  // Counts the calls of this method by its name. Call it before the first call.
  void Expect(const std::string& method);
  void CallStarted(absl::string_view method);
  // `reason` empty: none.
  void CallEnded(absl::string_view method, int code, absl::string_view reason, absl::Duration took);

  struct Batch {
    size_t commands = 0;
    size_t conflicts = 0;                              // commands that lost to another server
    size_t in_doubt = 0;                               // commands whose COMMIT got no answer
    absl::Duration waited = absl::InfiniteDuration();  // of the oldest; infinite: not the first try
  };
  void BatchDone(absl::string_view engine, const Batch& batch);

  void StatementDone(absl::string_view statement, absl::Duration took);
  // The database's clock minus that of this server.
  void ClockOffset(absl::Duration offset);
  void OtpEvent(absl::string_view flow, absl::string_view event);
  void LimitHit(absl::string_view quota);
  void Refreshed(absl::string_view outcome);

  // `read` runs for each page from now on, on the thread that makes the page; empty: no longer.
  // Returns when no other one is running.
  void SetReadings(std::function<Readings()> read);

  // The page.
  std::string Text() const;
  std::shared_ptr<prometheus::Collectable> collectable() const;

 private:
  struct Families;
  const std::shared_ptr<Families> families_;
};

}  // namespace otpgate::metrics

#endif  // OTPGATE_SERVER_METRICS_METRICS_H_
