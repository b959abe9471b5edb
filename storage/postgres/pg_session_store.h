#ifndef OTPGATE_STORAGE_POSTGRES_PG_SESSION_STORE_H_
#define OTPGATE_STORAGE_POSTGRES_PG_SESSION_STORE_H_

#include "base/pg/connection.h"
#include "storage/postgres/guarded_write.h"
#include "storage/postgres/store_connection.h"
#include "storage/session_types.h"
#include "storage/storage.h"

namespace otpgate::storage::postgres {

// Store<Session> over PostgreSQL. One connection; one thread per object.
class PgSessionStore final : public Store<Session> {
 public:
  PgSessionStore(pg::ConnectionOptions options, const Clock& clock);

  absl::StatusOr<Loaded<Session>> Load(absl::Span<const SessionAsk> asks) override;
  absl::StatusOr<Won> Write(absl::Span<const Change<Session>> changes,
                            absl::Time valid_until) override;

 private:
  StoreConnection connection_;
  LoadedClock clock_;
};

// Store<User> over PostgreSQL. One connection; one thread per object.
class PgUserStore final : public Store<User> {
 public:
  PgUserStore(pg::ConnectionOptions options, const Clock& clock);

  absl::StatusOr<Loaded<User>> Load(absl::Span<const UserAsk> asks) override;
  absl::StatusOr<Won> Write(absl::Span<const Change<User>> changes,
                            absl::Time valid_until) override;

 private:
  StoreConnection connection_;
  LoadedClock clock_;
};

// Reader<SessionList> over PostgreSQL. One connection; one thread per object.
class PgSessionLister final : public Reader<SessionList> {
 public:
  explicit PgSessionLister(pg::ConnectionOptions options);

  absl::StatusOr<Loaded<SessionList>> Load(absl::Span<const SessionList::Ask> asks) override;

 private:
  StoreConnection connection_;
};

}  // namespace otpgate::storage::postgres

#endif  // OTPGATE_STORAGE_POSTGRES_PG_SESSION_STORE_H_
