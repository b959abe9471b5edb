#ifndef OTPGATE_STORAGE_POSTGRES_STATEMENTS_SIGNING_KEYS_H_
#define OTPGATE_STORAGE_POSTGRES_STATEMENTS_SIGNING_KEYS_H_

#include "storage/postgres/columns.h"
#include "storage/postgres/statement.h"
#include "storage/signing_keys.h"

// The table `signing_keys`.
namespace otpgate {

// A handful of rows; without any, the clock alone.
inline const Statement kListSigningKeys{"list_signing_keys", R"sql(
SELECT timestamptz_send(c.now), k.kid, k.sealed_private, k.public_key,
       timestamptz_send(k.created_at), timestamptz_send(k.active_from), k.revoked_at IS NOT NULL
  FROM (SELECT clock_timestamp() AS now) AS c
  LEFT JOIN signing_keys AS k ON true
 ORDER BY k.active_from DESC
)sql"};

// signing_keys_active_from lets one of all the servers that do it together through.
//   $1 text[] kid   $2 bytea[] sealed_private   $3 bytea[] public_key   $4 timestamptz[] created_at
//   $5 timestamptz[] active_from
inline const Statement kAddSigningKey{"add_signing_key", R"sql(
INSERT INTO signing_keys (kid, sealed_private, public_key, created_at, active_from)
SELECT i.kid, i.sealed_private, i.public_key, i.created_at, i.active_from
  FROM unnest($1::text[], $2::bytea[], $3::bytea[], $4::timestamptz[], $5::timestamptz[])
       AS i (kid, sealed_private, public_key, created_at, active_from)
ON CONFLICT DO NOTHING
)sql"};

class SigningKeyColumns final : public Columns {
 public:
  SigningKeyColumns()
      : Columns({&kid_, &sealed_private_, &public_key_, &created_at_, &active_from_}) {}
  void Add(const SigningKeyRow& key) {
    kid_.Add(key.kid);
    sealed_private_.Add(key.sealed_private);
    public_key_.Add(key.public_key);
    created_at_.Add(key.created_at);
    active_from_.Add(key.active_from);
  }

 private:
  TextArray kid_;
  BytesArray sealed_private_, public_key_;
  TimeArray created_at_, active_from_;
};

}  // namespace otpgate

#endif  // OTPGATE_STORAGE_POSTGRES_STATEMENTS_SIGNING_KEYS_H_
