#include "storage/postgres/pg_account_reader.h"

#include <optional>
#include <utility>

#include "base/status_macros.h"
#include "storage/postgres/account_rows.h"
#include "storage/postgres/statements/sessions.h"

namespace otpgate::storage::postgres {
namespace {

// The answer has one row per identity of an account, and at least one per ask.
void ReadLine(RowReader& in, absl::Span<const AccountView::Ask> asks, Loaded<AccountView>& loaded) {
  const auto ask = static_cast<size_t>(in.Int64() - 1);
  Row<AccountView>& row = loaded.rows.at(ask);
  loaded.now = in.Time();
  row.state.not_before = in.OptionalTime();
  if (in.NextIsNull()) return;  // no account
  row.version = in.Int64();
  row.state.account = ReadAccount(in);
  row.state.session = ReadRecordedSession(in);
  if (std::optional<Identity> identity = ReadIdentity(in, asks[ask].key.user_id)) {
    row.state.identities.push_back(*std::move(identity));
  }
}

}  // namespace

PgAccountReader::PgAccountReader(pg::ConnectionOptions options)
    : connection_(std::move(options), {&kLoadAccountViews}) {}

absl::StatusOr<Loaded<AccountView>> PgAccountReader::Load(absl::Span<const AccountView::Ask> asks) {
  Loaded<AccountView> loaded;
  loaded.rows.resize(asks.size());
  AccountAskColumns columns;
  for (const AccountView::Ask& ask : asks) columns.Add(ask.key);
  OTPGATE_RETURN_IF_ERROR(connection_.Run(kLoadAccountViews, columns.ToParams(),
                                          [&](RowReader& in) { ReadLine(in, asks, loaded); }));
  return loaded;
}

}  // namespace otpgate::storage::postgres
