#ifndef OTPGATE_SERVER_AUTH_SUBJECT_ANSWERS_H_
#define OTPGATE_SERVER_AUTH_SUBJECT_ANSWERS_H_

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "server/auth/results.h"
#include "server/domain/subject_commands.h"
#include "server/errors/failure.h"
#include "server/runtime/log.h"
#include "storage/types.h"

namespace otpgate {

// The refusal in a reply that is not ok.
Failure FailureFrom(const SubjectReply& reply);

// An account with its identifiers.
UserProfile ProfileOf(const Account& account, const std::vector<Identity>& identities);

// Writes what happened to a subject into the log, by the names admins know: SIGNUP_OTP_CREATED,
// SIGNUP_OTP_VERIFIED, SIGNUP_OTP_VERIFICATION_FAILED and their kin. Identifiers are masked.
// Thread-safe.
class SubjectAnswers {
 public:
  // `event`: as in the log. `quota` empty: no limit was hit.
  using OnEvent =
      std::function<void(Purpose purpose, absl::string_view event, absl::string_view quota)>;

  // `on_event`: told of what is logged; must not block. Empty: nobody is.
  explicit SubjectAnswers(Log* log, OnEvent on_event = {})
      : log_(log), on_event_(std::move(on_event)) {}

  // Logs an effect once: repeated answers had none. `what` names a refusal that was not evaluated:
  // "OTP_REQUEST_REFUSED", "OTP_VERIFICATION_REFUSED".
  void Note(const SubjectKey& subject, Purpose purpose, const std::string& caller,
            absl::string_view refusal, const SubjectReply& reply) const;

 private:
  Log* const log_;
  const OnEvent on_event_;
};

}  // namespace otpgate

#endif  // OTPGATE_SERVER_AUTH_SUBJECT_ANSWERS_H_
