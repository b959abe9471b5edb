#ifndef OTPGATE_STORAGE_POSTGRES_PG_ACCOUNT_READER_H_
#define OTPGATE_STORAGE_POSTGRES_PG_ACCOUNT_READER_H_

#include "base/pg/connection.h"
#include "storage/postgres/store_connection.h"
#include "storage/storage.h"

namespace otpgate::storage::postgres {

// Reader<AccountView> over PostgreSQL, with its own connection. Connects at the first call; a load
// is one round trip.
class PgAccountReader final : public Reader<AccountView> {
 public:
  explicit PgAccountReader(pg::ConnectionOptions options);

  absl::StatusOr<Loaded<AccountView>> Load(absl::Span<const AccountView::Ask> asks) override;

 private:
  StoreConnection connection_;
};

}  // namespace otpgate::storage::postgres

#endif  // OTPGATE_STORAGE_POSTGRES_PG_ACCOUNT_READER_H_
