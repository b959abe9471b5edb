#include "storage/postgres/subject_write.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "storage/postgres/write_statement.h"

namespace otpgate::storage::postgres {
namespace {

// A code that is as it was read is not written.
bool IsUnchanged(const Code& code, const std::vector<Code>& before) {
  return std::find(before.begin(), before.end(), code) != before.end();
}

}  // namespace

SubjectWrite::SubjectWrite()
    : parts_({{&kWriteSignupOtps, &signup_otps_},
              {&kWriteOtpSessions, &otp_sessions_},
              {&kWriteUsers, &users_},
              {&kWriteIdentities, &identities_},
              {&kWriteSessions, &sessions_},
              {&kWriteMessages, &messages_},
              {&kWriteRequests, &requests_},
              {&kWriteAuditEvents, &audit_}}),
      statements_(size_t{1} << kParts) {}

void SubjectWrite::Fill(absl::Span<const Change<Subject>> changes) {
  subjects_.Clear();
  for (const Part& part : parts_) part.columns->Clear();
  for (const Change<Subject>& change : changes) {
    subjects_.Add(change.key, change, change.state);
    AddCodes(change);
    AddEffects(change);
  }
  uint32_t used = 0;
  params_.clear();
  subjects_.AppendTo(params_);
  for (size_t i = 0; i < kParts; ++i) {
    if (parts_[i].columns->empty()) continue;
    used |= 1u << i;
    parts_[i].columns->AppendTo(params_);
  }
  statement_ = &StatementOf(used);
}

void SubjectWrite::AddCodes(const Change<Subject>& change) {
  for (const Code& code : change.state.codes) {
    if (IsUnchanged(code, change.before.codes)) continue;
    if (code.table == CodeTable::kSignupOtps) {
      signup_otps_.Add(Owner{change.version}, change.key, code);
    } else {
      otp_sessions_.Add(Owner{change.version}, change.key, code);
    }
  }
}

void SubjectWrite::AddEffects(const Change<Subject>& change) {
  const SubjectEffects& effects = change.effects;
  const Owner owner{change.version};
  if (effects.new_account) users_.Add(owner, *effects.new_account);
  if (effects.new_identity) {
    identities_.Add(owner, effects.new_identity->subject, *effects.new_identity);
  }
  for (const NewSession& session : effects.sessions) sessions_.Add(owner, session);
  for (const Message& message : effects.messages) messages_.Add(owner, change.key, message);
  if (effects.requests.empty() && effects.audit.empty()) return;
  const Scope scope = ScopeOf(change.key);
  for (const RequestRecord& record : effects.requests) {
    requests_.Add(owner, scope, record.key, record);
  }
  for (const AuditEvent& event : effects.audit) audit_.Add(owner, scope, event);
}

const Statement& SubjectWrite::StatementOf(uint32_t parts) {
  std::optional<Statement>& statement = statements_[parts];
  if (!statement) {
    std::vector<const Fragment*> fragments;
    for (size_t i = 0; i < kParts; ++i) {
      if (parts & 1u << i) fragments.push_back(parts_[i].fragment);
    }
    statement =
        JoinFragments(absl::StrCat(kWriteSubjectsName, "_", parts), kGuardSubjects, fragments);
  }
  return *statement;
}

}  // namespace otpgate::storage::postgres
