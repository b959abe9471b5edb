#include "storage/postgres/subject_write.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "storage/postgres/write_statement.h"

namespace otpgate {
namespace {

// The code rows that must be written: those that are not as they were read.
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
    subjects_.Add(change);
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
    CodeColumns& table = code.table == CodeTable::kSignupOtps ? signup_otps_ : otp_sessions_;
    table.Add(change.version, change.key, code);
  }
}

void SubjectWrite::AddEffects(const Change<Subject>& change) {
  const SubjectEffects& effects = change.effects;
  if (effects.new_account) users_.Add(change.version, *effects.new_account);
  if (effects.new_identity) identities_.Add(change.version, *effects.new_identity);
  for (const NewSession& session : effects.sessions) sessions_.Add(change.version, session);
  for (const Message& message : effects.messages) {
    messages_.Add(change.version, change.key, message);
  }
  for (const RequestRecord& record : effects.requests) {
    requests_.Add(change.version, change.key, record);
  }
  for (const AuditEvent& event : effects.audit)
    audit_.Add(change.version, ScopeOf(change.key), event);
}

const Statement& SubjectWrite::StatementOf(uint32_t parts) {
  std::optional<Statement>& statement = statements_[parts];
  if (!statement) {
    std::vector<const Fragment*> fragments;
    for (size_t i = 0; i < kParts; ++i) {
      if (parts & 1u << i) fragments.push_back(parts_[i].fragment);
    }
    statement = JoinFragments(absl::StrCat("write_subjects_", parts), kGuardSubjects, fragments);
  }
  return *statement;
}

}  // namespace otpgate
