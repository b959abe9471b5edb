#include "storage/postgres/pg_session_store.h"

#include <utility>

#include "server/runtime/status_macros.h"
#include "storage/postgres/account_rows.h"
#include "storage/postgres/statements/accounts.h"
#include "storage/postgres/statements/audit_events.h"
#include "storage/postgres/statements/sessions.h"
#include "storage/row_limits.h"

namespace otpgate {
namespace {

constexpr int kSessionColumns = 14;  // of kLoadSessions: version to revoked_reason

void ReadSession(RowReader& in, Row<Session>& row) {
  row.version = in.Int64();
  row.previous = in.Int64();
  row.state.key_id = in.Text();
  row.state.generation = in.Int();
  row.state.token_version = in.Int();
  row.state.created_at = in.Time();
  row.state.idle_expires_at = in.Time();
  row.state.absolute_expires_at = in.Time();
  row.state.caller = in.Text();
  row.state.amr = in.Text();
  row.state.rotated_at = in.OptionalTime();
  row.state.rotated_by = in.Bytes();
  row.state.revoked_at = in.OptionalTime();
  row.state.revoked_reason = in.Text();
}

void ReadLine(RowReader& in, Loaded<Session>& loaded) {
  Row<Session>& row = loaded.rows.at(static_cast<size_t>(in.Int64() - 1));
  loaded.now = in.Time();
  const std::optional<absl::Time> not_before = in.OptionalTime();
  if (in.NextIsNull()) {
    in.Skip(kSessionColumns);
    return;  // without its guard nothing counts
  }
  ReadSession(in, row);
  row.state.not_before = not_before;
  row.state.account = ReadAccount(in);
}

SessionInfo ReadInfo(RowReader& in) {
  SessionInfo info;
  info.id.bytes = in.IdBytes();
  info.created_at = in.Time();
  info.last_seen_at = in.Time();
  info.idle_expires_at = in.Time();
  info.absolute_expires_at = in.Time();
  info.token_version = in.Int();
  info.caller = in.Text();
  info.device_info = in.Text();
  info.ip = in.Text();
  info.amr = in.Text();
  return info;
}

template <class A>
void AddAudit(absl::Span<const Change<A>> changes, const auto& user_of, AuditColumns& audit) {
  for (const Change<A>& change : changes) {
    for (const AuditEvent& event : change.effects.audit) {
      audit.Add(change.version, ScopeOf(user_of(change)), event);
    }
  }
}

}  // namespace

PgSessionStore::PgSessionStore(PgOptions options, const Clock& clock)
    : write_(JoinFragments("write_sessions", kGuardSessions, {})),
      write_audited_(JoinFragments("write_sessions_audited", kGuardSessions, {&kWriteAuditEvents})),
      session_(std::move(options), {&kLoadSessions, &write_, &write_audited_}),
      clock_(clock) {}

absl::StatusOr<Loaded<Session>> PgSessionStore::Load(absl::Span<const SessionAsk> asks) {
  Loaded<Session> loaded;
  loaded.rows.resize(asks.size());
  AccountAskColumns columns;
  for (const SessionAsk& ask : asks) columns.Add(ask.key);
  clock_.LoadStarts();
  OTPGATE_RETURN_IF_ERROR(session_.Run(kLoadSessions, columns.ToParams(),
                                       [&](RowReader& in) { ReadLine(in, loaded); }));
  clock_.LoadEnded(loaded.now);
  return loaded;
}

absl::StatusOr<PgSessionStore::Won> PgSessionStore::Write(absl::Span<const Change<Session>> changes,
                                                          absl::Time valid_until) {
  OTPGATE_RETURN_IF_ERROR(CheckWrite<Session>(changes));
  SessionChangeColumns columns;
  AuditColumns audit;
  for (const Change<Session>& change : changes) columns.Add(change);
  AddAudit(
      changes, [](const Change<Session>& change) { return change.key.user_id; }, audit);
  Params params = columns.ToParams();
  if (!audit.empty()) audit.AppendTo(params);
  OTPGATE_ASSIGN_OR_RETURN(
      std::vector<Version> versions,
      WriteGuarded(session_, audit.empty() ? write_ : write_audited_, params, clock_, valid_until));
  return MatchWinners(changes, versions);
}

PgUserStore::PgUserStore(PgOptions options, const Clock& clock)
    : write_(JoinFragments("write_users", kGuardUsers, {&kWriteAuditEvents})),
      session_(std::move(options), {&kLoadUsers, &write_}),
      clock_(clock) {}

absl::StatusOr<Loaded<User>> PgUserStore::Load(absl::Span<const UserAsk> asks) {
  Loaded<User> loaded;
  loaded.rows.resize(asks.size());
  AccountIdColumns columns;
  for (const UserAsk& ask : asks) columns.Add(ask.key);
  clock_.LoadStarts();
  OTPGATE_RETURN_IF_ERROR(session_.Run(kLoadUsers, columns.ToParams(), [&](RowReader& in) {
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
  for (const Change<User>& change : changes) columns.Add(change);
  AddAudit(
      changes, [](const Change<User>& change) { return change.key; }, audit);
  Params params = columns.ToParams();
  audit.AppendTo(params);
  OTPGATE_ASSIGN_OR_RETURN(std::vector<Version> versions,
                           WriteGuarded(session_, write_, params, clock_, valid_until));
  return MatchWinners(changes, versions);
}

PgSessionLister::PgSessionLister(PgOptions options)
    : session_(std::move(options), {&kListSessions}) {}

absl::StatusOr<Loaded<SessionList>> PgSessionLister::Load(absl::Span<const SessionList::Ask> asks) {
  Loaded<SessionList> loaded;
  loaded.rows.resize(asks.size());
  AccountIdColumns columns;
  for (const SessionList::Ask& ask : asks) columns.Add(ask.key);
  OTPGATE_RETURN_IF_ERROR(session_.Run(kListSessions, columns.ToParams(), [&](RowReader& in) {
    Row<SessionList>& row = loaded.rows.at(static_cast<size_t>(in.Int64() - 1));
    loaded.now = in.Time();
    if (!in.NextIsNull()) row.state.sessions.push_back(ReadInfo(in));
  }));
  return loaded;
}

}  // namespace otpgate
