#ifndef OTPGATE_STORAGE_POSTGRES_PG_SESSION_STORE_H_
#define OTPGATE_STORAGE_POSTGRES_PG_SESSION_STORE_H_

#include "storage/postgres/guarded_write.h"
#include "storage/postgres/pg_options.h"
#include "storage/postgres/pg_session.h"
#include "storage/session_types.h"
#include "storage/storage.h"

namespace otpgate {

// Store<Session> over PostgreSQL. One connection; one thread per object.
class PgSessionStore final : public Store<Session> {
 public:
  PgSessionStore(PgOptions options, const Clock& clock);

  absl::StatusOr<Loaded<Session>> Load(absl::Span<const SessionAsk> asks) override;
  absl::StatusOr<Won> Write(absl::Span<const Change<Session>> changes,
                            absl::Time valid_until) override;

 private:
  const Statement write_;
  const Statement write_audited_;
  PgSession session_;
  LoadedClock clock_;
};

// Store<User> over PostgreSQL. One connection; one thread per object.
class PgUserStore final : public Store<User> {
 public:
  PgUserStore(PgOptions options, const Clock& clock);

  absl::StatusOr<Loaded<User>> Load(absl::Span<const UserAsk> asks) override;
  absl::StatusOr<Won> Write(absl::Span<const Change<User>> changes,
                            absl::Time valid_until) override;

 private:
  const Statement write_;
  PgSession session_;
  LoadedClock clock_;
};

// Reader<SessionList> over PostgreSQL. One connection; one thread per object.
class PgSessionLister final : public Reader<SessionList> {
 public:
  explicit PgSessionLister(PgOptions options);

  absl::StatusOr<Loaded<SessionList>> Load(absl::Span<const SessionList::Ask> asks) override;

 private:
  PgSession session_;
};

}  // namespace otpgate

#endif  // OTPGATE_STORAGE_POSTGRES_PG_SESSION_STORE_H_
