#ifndef OTPGATE_SERVER_SERVICE_SUBJECT_EVENT_LOG_H_
#define OTPGATE_SERVER_SERVICE_SUBJECT_EVENT_LOG_H_

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/log.h"
#include "server/domain/events.h"
#include "server/domain/subject_commands.h"
#include "server/errors/failure.h"
#include "server/service/results.h"
#include "storage/types.h"

namespace otpgate::service {

// The failure in a reply that is not ok.
errors::Failure FailureFrom(const domain::SubjectReply& reply);

// The profile of an account; of several phone numbers or addresses, the first.
UserProfile ProfileOf(const storage::Account& account,
                      const std::vector<storage::Identity>& identities);

// Logs the events of subjects (domain/events.h) with masked identifiers. Thread-safe.
class SubjectEventLog {
 public:
  // Called with every event that is logged; must not block. `quota` empty: no limit was hit.
  using OnEvent =
      std::function<void(storage::Purpose purpose, domain::Event event, absl::string_view quota)>;

  // `on_event` may be empty.
  explicit SubjectEventLog(Log* log, OnEvent on_event = {})
      : log_(log), on_event_(std::move(on_event)) {}

  // Logs a reply, unless it repeats an earlier one. `refusal`: the event of a reply without one.
  void Note(const storage::SubjectKey& subject, storage::Purpose purpose, const std::string& caller,
            domain::Event refusal, const domain::SubjectReply& reply) const;

 private:
  Log* const log_;
  const OnEvent on_event_;
};

}  // namespace otpgate::service

#endif  // OTPGATE_SERVER_SERVICE_SUBJECT_EVENT_LOG_H_
