#include "storage/postgres/pg_session_store.h"

#include <utility>

#include "base/status_macros.h"
#include "storage/postgres/account_rows.h"
#include "storage/postgres/statements/accounts.h"
#include "storage/postgres/statements/audit_events.h"
#include "storage/postgres/statements/sessions.h"
#include "storage/postgres/table_rows.h"
#include "storage/row_limits.h"
#include "storage/tables.h"

namespace otpgate::storage::postgres {
namespace {

void ReadLine(RowReader& in, Loaded<Session>& loaded) {
  Row<Session>& row = loaded.rows.at(static_cast<size_t>(in.Int64() - 1));
  loaded.now = in.Time();
  const std::optional<absl::Time> not_before = in.OptionalTime();
  if (in.NextIsNull()) return;  // no such session
  row.version = in.Int64();
  row.previous = in.Int64();
  ReadColumns<kSessionsTable>(in, row.state);
  row.state.not_before = not_before;
  row.state.account = ReadAccount(in);
}

SessionInfo ReadInfo(RowReader& in) {
  SessionInfo info;
  info.last_seen_at = in.Time();
  ReadColumns<kSessionsTable>(in, info);
  return info;
}

template <class A>
void AddAudit(absl::Span<const Change<A>> changes, const auto& user_of, AuditColumns& audit) {
  for (const Change<A>& change : changes) {
    for (const AuditEvent& event : change.effects.audit) {
      audit.Add(Owner{change.version}, ScopeOf(user_of(change)), event);
    }
  }
}

}  // namespace

PgSessionStore::PgSessionStore(pg::ConnectionOptions options, const Clock& clock)
    : connection_(std::move(options), {&kLoadSessions, &kChangeSessions, &kChangeSessionsAudited}),
      clock_(clock) {}

absl::StatusOr<Loaded<Session>> PgSessionStore::Load(absl::Span<const SessionAsk> asks) {
  Loaded<Session> loaded;
  loaded.rows.resize(asks.size());
  AccountAskColumns columns;
  for (const SessionAsk& ask : asks) columns.Add(ask.key);
  clock_.LoadStarts();
  OTPGATE_RETURN_IF_ERROR(connection_.Run(kLoadSessions, columns.ToParams(),
                                          [&](RowReader& in) { ReadLine(in, loaded); }));
  clock_.LoadEnded(loaded.now);
  return loaded;
}

absl::StatusOr<PgSessionStore::Won> PgSessionStore::Write(absl::Span<const Change<Session>> changes,
                                                          absl::Time valid_until) {
  OTPGATE_RETURN_IF_ERROR(CheckWrite<Session>(changes));
  SessionChangeColumns columns;
  AuditColumns audit;
  for (const Change<Session>& change : changes) columns.Add(change.key, change, change.state);
  AddAudit(
      changes, [](const Change<Session>& change) { return change.key.user_id; }, audit);
  Params params = columns.ToParams();
  if (!audit.empty()) audit.AppendTo(params);
  OTPGATE_ASSIGN_OR_RETURN(
      std::vector<Version> versions,
      WriteGuarded(connection_, audit.empty() ? kChangeSessions : kChangeSessionsAudited, params,
                   clock_, valid_until));
  return MatchWinners(changes, versions);
}

PgUserStore::PgUserStore(pg::ConnectionOptions options, const Clock& clock)
    : connection_(std::move(options), {&kLoadUsers, &kChangeUsers}), clock_(clock) {}

absl::StatusOr<Loaded<User>> PgUserStore::Load(absl::Span<const UserAsk> asks) {
  Loaded<User> loaded;
  loaded.rows.resize(asks.size());
  AccountIdColumns columns;
  for (const UserAsk& ask : asks) columns.Add(ask.key);
  clock_.LoadStarts();
  OTPGATE_RETURN_IF_ERROR(connection_.Run(kLoadUsers, columns.ToParams(), [&](RowReader& in) {
    Row<User>& row = loaded.rows.at(static_cast<size_t>(in.Int64() - 1));
    loaded.now = in.Time();
    if (in.NextIsNull()) return;
    row.version = in.Int64();
    row.previous = in.Int64();
    row.state.account = ReadAccount(in).value();
  }));
  clock_.LoadEnded(loaded.now);
  return loaded;
}

absl::StatusOr<PgUserStore::Won> PgUserStore::Write(absl::Span<const Change<User>> changes,
                                                    absl::Time valid_until) {
  OTPGATE_RETURN_IF_ERROR(CheckWrite<User>(changes));
  UserChangeColumns columns;
  AuditColumns audit;
  for (const Change<User>& change : changes) columns.Add(change, change.state.account);
  AddAudit(
      changes, [](const Change<User>& change) { return change.key; }, audit);
  Params params = columns.ToParams();
  audit.AppendTo(params);
  OTPGATE_ASSIGN_OR_RETURN(std::vector<Version> versions,
                           WriteGuarded(connection_, kChangeUsers, params, clock_, valid_until));
  return MatchWinners(changes, versions);
}

PgSessionLister::PgSessionLister(pg::ConnectionOptions options)
    : connection_(std::move(options), {&kListSessions}) {}

absl::StatusOr<Loaded<SessionList>> PgSessionLister::Load(absl::Span<const SessionList::Ask> asks) {
  Loaded<SessionList> loaded;
  loaded.rows.resize(asks.size());
  AccountIdColumns columns;
  for (const SessionList::Ask& ask : asks) columns.Add(ask.key);
  OTPGATE_RETURN_IF_ERROR(connection_.Run(kListSessions, columns.ToParams(), [&](RowReader& in) {
    Row<SessionList>& row = loaded.rows.at(static_cast<size_t>(in.Int64() - 1));
    loaded.now = in.Time();
    if (!in.NextIsNull()) row.state.sessions.push_back(ReadInfo(in));
  }));
  return loaded;
}

}  // namespace otpgate::storage::postgres
