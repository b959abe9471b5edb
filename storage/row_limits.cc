#include "storage/row_limits.h"

#include <algorithm>
#include <vector>

#include "storage/row_check.h"
#include "storage/tables.h"

namespace otpgate::storage {
namespace {

void CheckCode(RowCheck& check, const Code& code) {
  if (code.table == CodeTable::kSignupOtps) {
    CheckRow<kSignupOtpsTable>(check, code);
    check.Require(code.purpose == Purpose::kLogin, "purpose", "known");
  } else {
    CheckRow<kOtpSessionsTable>(check, code);
    check.Require(IsKnown(code.table), "table", "known");
  }
}

bool SameRow(const Code& a, const Code& b) { return a.table == b.table && a.purpose == b.purpose; }

void CheckCodes(RowCheck& check, const Change<Subject>& change) {
  const auto& codes = change.state.codes;
  for (auto code = codes.begin(); code != codes.end(); ++code) {
    CheckCode(check, *code);
    check.Require(
        std::none_of(codes.begin(), code, [&](const Code& other) { return SameRow(other, *code); }),
        "row", "unique");
  }
  // A write deletes nothing, so a state without the row would differ from what is stored.
  for (const Code& old : change.before.codes) {
    check.Table(NameOf(old.table));
    check.Require(std::any_of(codes.begin(), codes.end(),
                              [&](const Code& code) { return SameRow(code, old); }),
                  "row", "kept");
  }
}

void CheckIdentity(RowCheck& check, const SubjectKey& owner, const Identity& identity) {
  CheckRow<kIdentitiesTable>(check, identity.subject, identity);
  check.Require(identity.subject == owner, "subject", "owner");
}

void CheckMessage(RowCheck& check, const Message& message) {
  CheckRow<kOutboxTable>(check, message);
  // An empty payload is NULL.
  const bool open = message.state == MessageState::kPending;
  check.Require(open == !message.sealed.empty(), "sealed", "while_open");
}

void CheckRequests(RowCheck& check, const std::vector<RequestRecord>& records) {
  for (auto record = records.begin(); record != records.end(); ++record) {
    CheckRow<kRequestsTable>(check, record->key, *record);
    check.Require(
        std::none_of(records.begin(), record,
                     [&](const RequestRecord& other) { return other.key == record->key; }),
        "row", "unique");
  }
}

void CheckAudit(RowCheck& check, const std::vector<AuditEvent>& events) {
  for (const AuditEvent& event : events) CheckRow<kAuditEventsTable>(check, event);
}

}  // namespace

absl::Status Check(const Change<Subject>& change) {
  RowCheck check;
  CheckRow<kSubjectsTable>(check, change.key, change.state);
  check.Require(change.version != 0, "version", "not_zero");
  CheckCodes(check, change);
  const SubjectEffects& effects = change.effects;
  if (effects.new_account) CheckRow<kUsersTable>(check, *effects.new_account);
  if (effects.new_identity) CheckIdentity(check, change.key, *effects.new_identity);
  for (const NewSession& session : effects.sessions) CheckRow<kSessionsTable>(check, session);
  for (const Message& message : effects.messages) CheckMessage(check, message);
  CheckRequests(check, effects.requests);
  CheckAudit(check, effects.audit);
  return check.ToStatus();
}

absl::Status Check(const Change<Bucket>& change) {
  RowCheck check;
  CheckRow<kLimitsTable>(check, change, change.state);
  check.Require(change.version != 0, "version", "not_zero");
  return check.ToStatus();
}

absl::Status Check(const Change<Session>& change) {
  RowCheck check;
  // No write changes the other columns.
  CheckRow<kSessionsTable, Written::kKey | Written::kGuarded>(check, change.key, change.state);
  check.Require(change.version != 0, "version", "not_zero");
  CheckAudit(check, change.effects.audit);
  return check.ToStatus();
}

absl::Status Check(const Change<User>& change) {
  RowCheck check;
  CheckRow<kUsersTable>(check, change.state.account);
  check.Require(change.state.account.id == change.key, "id", "owner");
  check.Require(change.version != 0, "version", "not_zero");
  CheckAudit(check, change.effects.audit);
  return check.ToStatus();
}

}  // namespace otpgate::storage
