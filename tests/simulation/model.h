#ifndef OTPGATE_TESTS_SIMULATION_MODEL_H_
#define OTPGATE_TESTS_SIMULATION_MODEL_H_

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/clock.h"
#include "server/domain/account_rules.h"
#include "storage/storage.h"
#include "tests/simulation/call.h"
#include "tests/simulation/counts.h"
#include "tests/simulation/history.h"
#include "tests/simulation/plan.h"
#include "tests/simulation/session_spec.h"
#include "tests/simulation/subject_spec.h"

namespace otpgate::simulation {

// Compares every commit and every answer with the promises of the service. The model knows nothing
// of servers, batches and versions. One thread.
class Model {
 public:
  Model(const Plan& plan, const Clock& clock, Counts& counts)
      : plan_(plan), clock_(clock), counts_(counts) {}

  // The number of the next call; its command must carry it as the id of its audit event.
  CallId NextId() const { return calls_.size() + 1; }
  // An actor sends a command.
  void Sent(AnyCommand command, bool hostile, bool always_sends_id);

  // A change was committed; the server sent its COMMIT at `sent`.
  void Committed(const storage::Change<storage::Subject>& change, absl::Time sent);
  void Committed(const storage::Change<storage::Session>& change, absl::Time sent);
  void Committed(const storage::Change<storage::User>& change, absl::Time sent);
  void Committed(const storage::Change<storage::Bucket>& change, absl::Time sent);
  void SignedOutEverybody(absl::Time not_before);

  // An answer leaves a server.
  void Answered(CallId id, const absl::StatusOr<domain::SubjectReply>& reply);
  void Answered(CallId id, const absl::StatusOr<domain::SessionReply>& reply);
  void Answered(CallId id, const absl::StatusOr<domain::UserReply>& reply);
  void Answered(CallId id, const absl::StatusOr<domain::TakeReply>& reply);
  // An access token of the session was inspected just now.
  void Inspected(const storage::AccountKey& session, const domain::BearerReply& reply);

  // Describes the first broken promise.
  const std::optional<std::string>& violation() const { return violation_; }
  // Notes a broken promise; only the first is kept.
  void Violate(absl::string_view what);

 private:
  struct SessionEntry {
    History<SessionFacts> history;
    bool touched_by_attacker = false;
  };
  struct BucketFacts {
    absl::Time tat = absl::UnixEpoch();
    int64_t permits = 0;
    int64_t admitted = 0;
  };

  void Require(bool holds, absl::string_view what) {
    ++counts_.checks;
    if (!holds) Violate(what);
  }
  // The most that two readings of the store's clock may differ from the true time between them.
  absl::Duration ClockUncertainty() const { return 2 * plan_.store_error; }
  // How long after an expiry a COMMIT may still be sent. The decision was made at `at` by the
  // store's clock; the server measures the time until `sent` by its own steady clock, which drifts.
  absl::Duration ExpiryTolerance(absl::Time at, absl::Time sent) const {
    return ClockUncertainty() + plan_.drift * (sent - at + ClockUncertainty()) +
           absl::Microseconds(1);
  }
  // The call that a committed audit event names. Null: there is none, which is a violation.
  Call* CallBehind(const storage::AuditEvent& event, absl::Time sent);
  // Checks what holds for every answer. False: the answer is an error, so there is no reply.
  bool CheckAnswer(Call& call, const absl::Status& status);

  void SubjectEvent(const storage::Change<storage::Subject>& change,
                    const storage::AuditEvent& event, absl::Time sent, SubjectFacts& facts);
  void CheckSignIn(const Call& call, const domain::VerifyOtp& verify,
                   const storage::Change<storage::Subject>& change);
  // A subject gets its account once, with its first right code.
  void CheckAccount(const storage::Change<storage::Subject>& change, const UserId& before,
                    const UserId& after);
  void AddSessions(const storage::SubjectEffects& effects);
  void CheckEffect(const Call& call, const domain::SubjectReply& reply);
  void CheckRepeat(const Call& call, const domain::SubjectCommand& command,
                   const domain::SubjectReply& reply);
  void CheckNoEffect(const Call& call, const domain::SubjectCommand& command,
                     const domain::SubjectReply& reply);

  void SessionEvent(const Call& call, const storage::AuditEvent& event, absl::Time sent,
                    SessionEntry& entry, SessionFacts& facts);
  void CheckRefreshed(const Call& call, const domain::RotateSession& command,
                      const domain::SessionReply& reply);
  void CheckEnded(const domain::EndSession& command, const domain::SessionReply& reply);
  void CheckInspected(const Call& call, const domain::InspectSession& command,
                      const domain::SessionReply& reply);
  // Whether `is_so(session, user, not_before)` holds for some states since the call was sent.
  template <class Predicate>
  bool AnySince(const Call& call, const storage::AccountKey& key, Predicate is_so);

  const Plan& plan_;
  const Clock& clock_;
  Counts& counts_;
  uint64_t commits_ = 0;
  std::deque<Call> calls_;
  std::map<storage::SubjectKey, History<SubjectFacts>> subjects_;
  std::map<storage::AccountKey, SessionEntry> sessions_;
  std::map<UserId, History<UserFacts>> users_;
  std::map<std::string, BucketFacts> buckets_;
  History<NotBefore> not_before_;
  std::optional<std::string> violation_;
};

template <class Predicate>
bool Model::AnySince(const Call& call, const storage::AccountKey& key, Predicate is_so) {
  return sessions_[key].history.AnySince(call.sent_commit, [&](const SessionFacts& session) {
    return users_[key.user_id].AnySince(call.sent_commit, [&](const UserFacts& user) {
      return not_before_.AnySince(call.sent_commit, [&](const NotBefore& not_before) {
        return is_so(session, user, not_before);
      });
    });
  });
}

}  // namespace otpgate::simulation

#endif  // OTPGATE_TESTS_SIMULATION_MODEL_H_
