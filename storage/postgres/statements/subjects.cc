#include "storage/postgres/statements/subjects.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace otpgate {
namespace {

// Arrays of arrays of different lengths do not exist in SQL; each row's is a literal.
std::string BigintArrayLiteral(const std::vector<absl::Time>& times) {
  return absl::StrCat("{",
                      absl::StrJoin(times, ",",
                                    [](std::string* out, absl::Time time) {
                                      absl::StrAppend(out, absl::ToUnixMicros(time));
                                    }),
                      "}");
}

}  // namespace

void SubjectAskColumns::Add(const SubjectKey& key) {
  identifier_.Add(key.identifier);
  user_type_.Add(NameOf(key.user_type));
}

SubjectColumns::SubjectColumns()
    : Columns({&identifier_, &user_type_, &version_, &expected_, &user_id_, &failures_,
               &blocked_until_, &disabled_at_, &last_success_at_, &recent_sends_, &recent_resends_,
               &updated_at_}) {}

void SubjectColumns::Add(const Change<Subject>& change) {
  const SubjectState& state = change.state;
  identifier_.Add(change.key.identifier);
  user_type_.Add(NameOf(change.key.user_type));
  version_.Add(change.version);
  expected_.Add(change.expected);
  user_id_.AddUnlessEmpty(state.user_id.bytes);
  failures_.Add(state.failures);
  blocked_until_.Add(state.blocked_until);
  disabled_at_.Add(state.disabled_at);
  last_success_at_.Add(state.last_success_at);
  recent_sends_.Add(BigintArrayLiteral(state.recent_sends));
  recent_resends_.Add(BigintArrayLiteral(state.recent_resends));
  updated_at_.Add(state.updated_at);
}

}  // namespace otpgate
