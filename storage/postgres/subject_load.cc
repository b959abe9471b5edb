#include "storage/postgres/subject_load.h"

#include <optional>
#include <utility>
#include <vector>

#include "server/runtime/status_macros.h"
#include "storage/postgres/account_rows.h"
#include "storage/postgres/row_reader.h"
#include "storage/postgres/statements/accounts.h"
#include "storage/postgres/statements/requests.h"
#include "storage/postgres/statements/subjects.h"

namespace otpgate {
namespace {

// Every further try needs one more write by another server within microseconds.
constexpr int kLoadTriesMax = 8;
constexpr int kSubjectColumns = 11;  // of kLoadSubjects: version to other_success_at

void ReadSubject(RowReader& in, Row<Subject>& row) {
  row.version = in.Int64();
  row.previous = in.Int64();
  row.state.user_id.bytes = in.IdBytes();
  row.state.failures = in.Int();
  row.state.blocked_until = in.OptionalTime();
  row.state.disabled_at = in.OptionalTime();
  row.state.last_success_at = in.OptionalTime();
  row.state.recent_sends = in.UnixTimes();
  row.state.recent_resends = in.UnixTimes();
  row.state.updated_at = in.Time();
  row.state.other_success_at = in.OptionalTime();
}

Code ReadCode(RowReader& in) {
  Code code;
  code.table = in.Int() == 1 ? CodeTable::kSignupOtps : CodeTable::kOtpSessions;
  code.purpose = in.NextPurpose();
  code.id.bytes = in.IdBytes();
  code.mac = in.Bytes();
  code.key_id = in.Text();
  code.attempts = in.Int();
  code.bound = in.Bool();
  code.created_at = in.Time();
  code.expires_at = in.Time();
  code.verified_at = in.OptionalTime();
  code.user_id.bytes = in.IdBytes();
  return code;
}

// A subject stands in as many rows as it has codes. Without its guard a row it owned does not
// count.
void ReadLine(RowReader& in, Loaded<Subject>& loaded) {
  Row<Subject>& row = loaded.rows.at(static_cast<size_t>(in.Int64() - 1));
  loaded.now = in.Time();
  if (in.NextIsNull()) return;
  if (row.version == 0) {
    ReadSubject(in, row);
  } else {
    in.Skip(kSubjectColumns);
  }
  if (!in.NextIsNull()) row.state.codes.push_back(ReadCode(in));
}

RequestRecord ReadRequest(RowReader& in, const RequestKey& key) {
  RequestRecord record;
  record.key = key;
  record.fingerprint = in.Bytes();
  record.reason = in.Int();
  record.otp_id.bytes = in.IdBytes();
  record.expires_at = in.OptionalTime();
  record.attempts_remaining = in.OptionalInt();
  record.user_id.bytes = in.IdBytes();
  record.session_id.bytes = in.IdBytes();
  record.new_user = in.Bool();
  record.created_at = in.Time();
  return record;
}

// False when a subject was changed since it was read: its records would not fit its state.
absl::StatusOr<bool> LoadRequests(PgSession& session, absl::Span<const SubjectAsk> asks,
                                  Loaded<Subject>& loaded) {
  RequestAskColumns columns;
  std::vector<std::pair<size_t, const RequestKey*>> wanted;  // ask, key
  for (size_t i = 0; i < asks.size(); ++i) {
    for (const RequestKey& key : asks[i].requests) {
      columns.Add(asks[i].key, key);
      wanted.emplace_back(i, &key);
    }
  }
  bool fits = true;
  if (wanted.empty()) return fits;
  OTPGATE_RETURN_IF_ERROR(session.Run(kLoadRequests, columns.ToParams(), [&](RowReader& in) {
    const auto& [ask, key] = wanted.at(static_cast<size_t>(in.Int64() - 1));
    if (in.Int64() != loaded.rows[ask].version) fits = false;
    RequestRecord record = ReadRequest(in, *key);
    loaded.rows[ask].state.requests.emplace_back(std::move(record), ReadRecordedSession(in));
  }));
  return fits;
}

absl::Status LoadAccounts(PgSession& session, absl::Span<const SubjectAsk> asks,
                          Loaded<Subject>& loaded) {
  AccountIdColumns columns;
  std::vector<SubjectState*> wanted;
  for (size_t i = 0; i < asks.size(); ++i) {
    SubjectState& state = loaded.rows[i].state;
    // Also of a subject without one: known and unknown subjects cost the same.
    if (!asks[i].account) continue;
    columns.Add(state.user_id);
    wanted.push_back(&state);
  }
  if (wanted.empty()) return absl::OkStatus();
  return session.Run(kLoadAccounts, columns.ToParams(), [&](RowReader& in) {
    SubjectState& state = *wanted.at(static_cast<size_t>(in.Int64() - 1));
    state.account = ReadAccount(in);
    if (std::optional<Identity> identity = ReadIdentity(in, state.user_id)) {
      state.identities.push_back(*std::move(identity));
    }
  });
}

// Nothing when the statements, each of which sees its own moment, saw different ones.
absl::StatusOr<std::optional<Loaded<Subject>>> TryLoad(PgSession& session,
                                                       absl::Span<const SubjectAsk> asks,
                                                       const SubjectAskColumns& columns) {
  Loaded<Subject> loaded;
  loaded.rows.resize(asks.size());
  OTPGATE_RETURN_IF_ERROR(
      session.Run(kLoadSubjects, columns.ToParams(), [&](RowReader& in) { ReadLine(in, loaded); }));
  OTPGATE_ASSIGN_OR_RETURN(const bool fits, LoadRequests(session, asks, loaded));
  if (!fits) return std::nullopt;
  // An account is only compared: the newer the better.
  OTPGATE_RETURN_IF_ERROR(LoadAccounts(session, asks, loaded));
  return loaded;
}

}  // namespace

absl::StatusOr<Loaded<Subject>> LoadSubjects(PgSession& session,
                                             absl::Span<const SubjectAsk> asks) {
  SubjectAskColumns columns;
  for (const SubjectAsk& ask : asks) columns.Add(ask.key);
  for (int i = 0; i < kLoadTriesMax; ++i) {
    OTPGATE_ASSIGN_OR_RETURN(std::optional<Loaded<Subject>> loaded,
                             TryLoad(session, asks, columns));
    if (loaded) return *std::move(loaded);
  }
  return absl::AbortedError("the rows change faster than they can be read");
}

}  // namespace otpgate
