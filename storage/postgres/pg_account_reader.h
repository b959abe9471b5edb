#ifndef OTPGATE_STORAGE_POSTGRES_PG_ACCOUNT_READER_H_
#define OTPGATE_STORAGE_POSTGRES_PG_ACCOUNT_READER_H_

#include "storage/postgres/pg_options.h"
#include "storage/postgres/pg_session.h"
#include "storage/storage.h"

namespace otpgate {

// Reader<AccountView> over PostgreSQL, with a connection of its own. Connects at the first call;
// one round trip a load.
class PgAccountReader final : public Reader<AccountView> {
 public:
  explicit PgAccountReader(PgOptions options);

  absl::StatusOr<Loaded<AccountView>> Load(absl::Span<const AccountView::Ask> asks) override;

 private:
  PgSession session_;
};

}  // namespace otpgate

#endif  // OTPGATE_STORAGE_POSTGRES_PG_ACCOUNT_READER_H_
