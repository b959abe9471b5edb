#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

#include "storage/memory/lookup.h"
#include "storage/memory/rows.h"

namespace otpgate::storage::memory {
namespace {

std::vector<Code> CodesOf(const Tables& tables, const SubjectKey& subject) {
  std::vector<Code> codes;
  auto row = tables.codes.lower_bound({subject, CodeTable{}, Purpose{}});
  for (; row != tables.codes.end() && std::get<SubjectKey>(row->first) == subject; ++row) {
    codes.push_back(row->second);
  }
  return codes;
}

void ReadRequests(const Tables& tables, const SubjectAsk& ask, SubjectState& state) {
  for (const RequestKey& key : ask.requests) {
    const auto row = tables.requests.find(ScopedRequestKey{ask.key, key});
    if (row == tables.requests.end()) continue;
    const RequestRecord& record = row->second;
    state.requests.emplace_back(record, FindSession(tables, record.user_id, record.session_id));
  }
}

std::optional<absl::Time> OtherSuccess(const Tables& tables, const SubjectKey& subject,
                                       const UserId& user) {
  std::optional<absl::Time> newest;
  for (const Identity& identity : FindIdentities(tables, user)) {
    const auto row = tables.subjects.find(identity.subject);
    if (identity.subject == subject || row == tables.subjects.end()) continue;
    const SubjectState& other = row->second.state;
    if (other.user_id == user) newest = std::max(newest, other.last_success_at);
  }
  return newest;
}

}  // namespace

Row<Subject> Read(const Tables& tables, const SubjectAsk& ask) {
  const auto found = tables.subjects.find(ask.key);
  if (found == tables.subjects.end()) return {};
  Row<Subject> row{found->second.state, found->second.version, found->second.previous};
  SubjectState& state = row.state;
  state.codes = CodesOf(tables, ask.key);
  ReadRequests(tables, ask, state);
  if (state.user_id.empty()) return row;
  if (ask.account) {
    state.account = FindAccount(tables, state.user_id);
    state.identities = FindIdentities(tables, state.user_id);
  }
  if (state.disabled_at) state.other_success_at = OtherSuccess(tables, ask.key, state.user_id);
  return row;
}

Row<Bucket> Read(const Tables& tables, const BucketAsk& ask) {
  const auto found = tables.limits.find(ask.key);
  if (found == tables.limits.end()) return {};
  return {found->second.state, found->second.version, found->second.previous};
}

Row<AccountView> Read(const Tables& tables, const AccountView::Ask& ask) {
  const auto user = tables.users.find(ask.key.user_id);
  if (user == tables.users.end()) return {};
  Row<AccountView> row;
  row.version = user->second.version;
  row.state.account = user->second.account;
  row.state.session = FindSession(tables, ask.key.user_id, ask.key.session_id);
  row.state.identities = FindIdentities(tables, ask.key.user_id);
  row.state.not_before = tables.not_before;
  return row;
}

}  // namespace otpgate::storage::memory
