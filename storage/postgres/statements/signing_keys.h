#ifndef OTPGATE_STORAGE_POSTGRES_STATEMENTS_SIGNING_KEYS_H_
#define OTPGATE_STORAGE_POSTGRES_STATEMENTS_SIGNING_KEYS_H_

#include "storage/postgres/columns.h"
#include "storage/postgres/statement.h"
#include "storage/signing_keys.h"

// The table `signing_keys`.
namespace otpgate {

// A handful of rows. The only state today is 'active', of which there is at most one.
inline const Statement kListSigningKeys{"list_signing_keys", R"sql(
SELECT kid, sealed_private, public_key, timestamptz_send(created_at)
  FROM signing_keys
 ORDER BY state = 'active' DESC, created_at DESC, kid
)sql"};

// signing_keys_one_active lets one of all the servers that start together through.
//   $1 text[] kid   $2 bytea[] sealed_private   $3 bytea[] public_key   $4 timestamptz[] created_at
inline const Statement kAddSigningKey{"add_signing_key", R"sql(
INSERT INTO signing_keys (kid, state, sealed_private, public_key, created_at)
SELECT i.kid, 'active', i.sealed_private, i.public_key, i.created_at
  FROM unnest($1::text[], $2::bytea[], $3::bytea[], $4::timestamptz[])
       AS i (kid, sealed_private, public_key, created_at)
ON CONFLICT DO NOTHING
)sql"};

class SigningKeyColumns final : public Columns {
 public:
  SigningKeyColumns() : Columns({&kid_, &sealed_private_, &public_key_, &created_at_}) {}
  void Add(const SigningKeyRow& key) {
    kid_.Add(key.kid);
    sealed_private_.Add(key.sealed_private);
    public_key_.Add(key.public_key);
    created_at_.Add(key.created_at);
  }

 private:
  TextArray kid_;
  BytesArray sealed_private_, public_key_;
  TimeArray created_at_;
};

}  // namespace otpgate

#endif  // OTPGATE_STORAGE_POSTGRES_STATEMENTS_SIGNING_KEYS_H_
