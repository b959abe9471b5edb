#ifndef OTPGATE_TESTS_SIMULATION_MODEL_H_
#define OTPGATE_TESTS_SIMULATION_MODEL_H_

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/domain/account_rules.h"
#include "server/runtime/clock.h"
#include "storage/storage.h"
#include "tests/simulation/call.h"
#include "tests/simulation/counts.h"
#include "tests/simulation/history.h"
#include "tests/simulation/plan.h"
#include "tests/simulation/session_spec.h"
#include "tests/simulation/subject_spec.h"

namespace otpgate::sim {

// Watches what was committed and what was answered, and compares both with the promises at every
// step. It knows nothing of servers, batches and versions. One thread.
class Model {
 public:
  Model(const Plan& plan, const Clock& clock, Counts& counts)
      : plan_(plan), clock_(clock), counts_(counts) {}

  // A client sends a command; the number of the call must be in it, as id of its audit event.
  CallId NextId() const { return calls_.size() + 1; }
  void Sent(AnyCommand command, bool hostile, bool always_sends_id);

  // A change took hold; its COMMIT left the server at `sent`.
  void Committed(const Change<Subject>& change, absl::Time sent);
  void Committed(const Change<Session>& change, absl::Time sent);
  void Committed(const Change<User>& change, absl::Time sent);
  void Committed(const Change<Bucket>& change, absl::Time sent);
  void SignedOutEverybody(absl::Time not_before);

  // An answer leaves a server.
  void Answered(CallId id, const absl::StatusOr<SubjectReply>& reply);
  void Answered(CallId id, const absl::StatusOr<SessionReply>& reply);
  void Answered(CallId id, const absl::StatusOr<UserReply>& reply);
  void Answered(CallId id, const absl::StatusOr<TakeReply>& reply);
  // The bearer of a session was looked at, at this very moment.
  void Inspected(const AccountKey& session, const BearerReply& reply);

  // The first promise that was broken, in words.
  const std::optional<std::string>& violation() const { return violation_; }
  void Violate(absl::string_view what);

 private:
  struct SessionEntry {
    History<SessionFacts> history;
    bool touched_by_thief = false;
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
  // By the store's clock no moment is further than this from where it seems to be.
  absl::Duration Blur() const { return 2 * plan_.store_error; }
  // How late the check before COMMIT may be: what was decided at `at` is timed by the steady clock
  // of the server until `sent`.
  absl::Duration Late(absl::Time at, absl::Time sent) const {
    return Blur() + plan_.drift * (sent - at + Blur()) + absl::Microseconds(1);
  }
  // The call behind a committed audit event; null is a violation.
  Call* CallBehind(const AuditEvent& event, absl::Time sent);
  // What every answer obeys. False: an error, nothing more to look at.
  bool CheckAnswer(Call& call, const absl::Status& status);

  void SubjectEvent(const Change<Subject>& change, const AuditEvent& event, absl::Time sent,
                    SubjectFacts& facts);
  void CheckSignIn(const Call& call, const VerifyOtp& verify, const Change<Subject>& change);
  // A subject gets an account once, with its first right code.
  void CheckAccount(const Change<Subject>& change, const UserId& before, const UserId& after);
  void AddSessions(const SubjectEffects& effects);
  void CheckEffect(const Call& call, const SubjectReply& reply);
  void CheckRepeat(const Call& call, const SubjectCommand& command, const SubjectReply& reply);
  void CheckNoEffect(const Call& call, const SubjectCommand& command, const SubjectReply& reply);

  void SessionEvent(const Call& call, const AuditEvent& event, absl::Time sent, SessionEntry& entry,
                    SessionFacts& facts);
  void CheckRefreshed(const Call& call, const RotateSession& command, const SessionReply& reply);
  void CheckEnded(const EndSession& command, const SessionReply& reply);
  void CheckInspected(const Call& call, const InspectSession& command, const SessionReply& reply);
  // Some states since the call was sent satisfy `is_so(session, user, not_before)`.
  template <class Predicate>
  bool AnySince(const Call& call, const AccountKey& key, Predicate is_so);

  const Plan& plan_;
  const Clock& clock_;
  Counts& counts_;
  uint64_t commits_ = 0;
  std::deque<Call> calls_;
  std::map<SubjectKey, History<SubjectFacts>> subjects_;
  std::map<AccountKey, SessionEntry> sessions_;
  std::map<UserId, History<UserFacts>> users_;
  std::map<std::string, BucketFacts> buckets_;
  History<NotBefore> not_before_;
  std::optional<std::string> violation_;
};

template <class Predicate>
bool Model::AnySince(const Call& call, const AccountKey& key, Predicate is_so) {
  return sessions_[key].history.AnySince(call.sent_commit, [&](const SessionFacts& session) {
    return users_[key.user_id].AnySince(call.sent_commit, [&](const UserFacts& user) {
      return not_before_.AnySince(call.sent_commit, [&](const NotBefore& not_before) {
        return is_so(session, user, not_before);
      });
    });
  });
}

}  // namespace otpgate::sim

#endif  // OTPGATE_TESTS_SIMULATION_MODEL_H_
