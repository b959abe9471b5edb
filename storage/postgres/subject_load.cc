#include "storage/postgres/subject_load.h"

#include <optional>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "storage/postgres/account_rows.h"
#include "storage/postgres/row_reader.h"
#include "storage/postgres/statements/accounts.h"
#include "storage/postgres/statements/requests.h"
#include "storage/postgres/statements/subjects.h"
#include "storage/postgres/table_rows.h"
#include "storage/tables.h"

namespace otpgate::storage::postgres {
namespace {

// A try fails only if another server writes one of the subjects between two statements of the load.
constexpr int kLoadTriesMax = 8;
// Columns of kLoadSubjects from version to other_success_at.
constexpr int kSubjectColumns = 2 + kColumnsOf<kSubjectsTable, SubjectState> + 1;

void ReadSubject(RowReader& in, Row<Subject>& row) {
  row.version = in.Int64();
  row.previous = in.Int64();
  ReadColumns<kSubjectsTable>(in, row.state);
  row.state.other_success_at = in.OptionalTime();
}

Code ReadCode(RowReader& in) {
  Code code;
  code.table = in.Int() == 1 ? CodeTable::kSignupOtps : CodeTable::kOtpSessions;
  ReadColumns<kOtpSessionsTable>(in, code);
  return code;
}

// The answer has one row per code of a subject, and at least one per ask. Codes without a subject
// are ignored.
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
  ReadColumns<kRequestsTable>(in, record);
  return record;
}

// False if a subject changed since it was read: the records would not fit the state.
absl::StatusOr<bool> LoadRequests(StoreConnection& connection, absl::Span<const SubjectAsk> asks,
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
  OTPGATE_RETURN_IF_ERROR(connection.Run(kLoadRequests, columns.ToParams(), [&](RowReader& in) {
    const auto& [ask, key] = wanted.at(static_cast<size_t>(in.Int64() - 1));
    if (in.Int64() != loaded.rows[ask].version) fits = false;
    RequestRecord record = ReadRequest(in, *key);
    loaded.rows[ask].state.requests.emplace_back(std::move(record), ReadRecordedSession(in));
  }));
  return fits;
}

absl::Status LoadAccounts(StoreConnection& connection, absl::Span<const SubjectAsk> asks,
                          Loaded<Subject>& loaded) {
  AccountIdColumns columns;
  std::vector<SubjectState*> wanted;
  for (size_t i = 0; i < asks.size(); ++i) {
    SubjectState& state = loaded.rows[i].state;
    // Subjects without an account are asked too, so that known and unknown ones cost the same.
    if (!asks[i].account) continue;
    columns.Add(state.user_id);
    wanted.push_back(&state);
  }
  if (wanted.empty()) return absl::OkStatus();
  return connection.Run(kLoadAccounts, columns.ToParams(), [&](RowReader& in) {
    SubjectState& state = *wanted.at(static_cast<size_t>(in.Int64() - 1));
    state.account = ReadAccount(in);
    if (std::optional<Identity> identity = ReadIdentity(in, state.user_id)) {
      state.identities.push_back(*std::move(identity));
    }
  });
}

// None if a subject changed between the statements, each of which has its own snapshot.
absl::StatusOr<std::optional<Loaded<Subject>>> TryLoad(StoreConnection& connection,
                                                       absl::Span<const SubjectAsk> asks,
                                                       const SubjectAskColumns& columns) {
  Loaded<Subject> loaded;
  loaded.rows.resize(asks.size());
  OTPGATE_RETURN_IF_ERROR(connection.Run(kLoadSubjects, columns.ToParams(),
                                         [&](RowReader& in) { ReadLine(in, loaded); }));
  OTPGATE_ASSIGN_OR_RETURN(const bool fits, LoadRequests(connection, asks, loaded));
  if (!fits) return std::nullopt;
  // An account is only compared, so it may be newer than the subject.
  OTPGATE_RETURN_IF_ERROR(LoadAccounts(connection, asks, loaded));
  return loaded;
}

}  // namespace

absl::StatusOr<Loaded<Subject>> LoadSubjects(StoreConnection& connection,
                                             absl::Span<const SubjectAsk> asks) {
  SubjectAskColumns columns;
  for (const SubjectAsk& ask : asks) columns.Add(ask.key);
  for (int i = 0; i < kLoadTriesMax; ++i) {
    OTPGATE_ASSIGN_OR_RETURN(std::optional<Loaded<Subject>> loaded,
                             TryLoad(connection, asks, columns));
    if (loaded) return *std::move(loaded);
  }
  return absl::AbortedError("the rows change faster than they can be read");
}

}  // namespace otpgate::storage::postgres
