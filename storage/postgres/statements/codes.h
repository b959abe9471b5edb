#ifndef OTPGATE_STORAGE_POSTGRES_STATEMENTS_CODES_H_
#define OTPGATE_STORAGE_POSTGRES_STATEMENTS_CODES_H_

#include "storage/postgres/columns.h"
#include "storage/postgres/write_statement.h"
#include "storage/types.h"

// The tables `signup_otps` and `otp_sessions`: the same columns, different keys. A subject's codes
// are upserted under its guard.
namespace otpgate {

inline constexpr Fragment kWriteSignupOtps{"write_signup_otps", R"sql(
INSERT INTO signup_otps (identifier, user_type, purpose, id, code_mac, key_id, attempts, bound,
       created_at, expires_at, is_verified, verified_at, user_id)
SELECT i.identifier, i.user_type, i.purpose, i.id, i.code_mac, i.key_id, i.attempts, i.bound,
       i.created_at, i.expires_at, i.verified_at IS NOT NULL, i.verified_at, i.user_id
  FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::bytea[], $6::bytea[],
              $7::text[], $8::integer[], $9::boolean[], $10::timestamptz[], $11::timestamptz[],
              $12::timestamptz[], $13::bytea[])
       AS i (owner, identifier, user_type, purpose, id, code_mac, key_id, attempts, bound,
             created_at, expires_at, verified_at, user_id)
 WHERE (i.owner IN (SELECT version FROM won)) IS TRUE
ON CONFLICT (identifier, user_type) DO UPDATE
   SET purpose = excluded.purpose, id = excluded.id, code_mac = excluded.code_mac,
       key_id = excluded.key_id, attempts = excluded.attempts, bound = excluded.bound,
       created_at = excluded.created_at, expires_at = excluded.expires_at,
       is_verified = excluded.is_verified, verified_at = excluded.verified_at,
       user_id = excluded.user_id
)sql",
                                           13};

inline constexpr Fragment kWriteOtpSessions{"write_otp_sessions", R"sql(
INSERT INTO otp_sessions (identifier, user_type, purpose, id, code_mac, key_id, attempts, bound,
       created_at, expires_at, is_verified, verified_at, user_id)
SELECT i.identifier, i.user_type, i.purpose, i.id, i.code_mac, i.key_id, i.attempts, i.bound,
       i.created_at, i.expires_at, i.verified_at IS NOT NULL, i.verified_at, i.user_id
  FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::bytea[], $6::bytea[],
              $7::text[], $8::integer[], $9::boolean[], $10::timestamptz[], $11::timestamptz[],
              $12::timestamptz[], $13::bytea[])
       AS i (owner, identifier, user_type, purpose, id, code_mac, key_id, attempts, bound,
             created_at, expires_at, verified_at, user_id)
 WHERE (i.owner IN (SELECT version FROM won)) IS TRUE
ON CONFLICT (identifier, user_type, purpose) DO UPDATE
   SET id = excluded.id, code_mac = excluded.code_mac,
       key_id = excluded.key_id, attempts = excluded.attempts, bound = excluded.bound,
       created_at = excluded.created_at, expires_at = excluded.expires_at,
       is_verified = excluded.is_verified, verified_at = excluded.verified_at,
       user_id = excluded.user_id
)sql",
                                            13};

class CodeColumns final : public Columns {
 public:
  CodeColumns();
  void Add(Version owner, const SubjectKey& key, const Code& code);

 private:
  Int64Array owner_;
  TextArray identifier_, user_type_, purpose_;
  BytesArray id_, mac_;
  TextArray key_id_;
  Int32Array attempts_;
  BoolArray bound_;
  TimeArray created_at_, expires_at_, verified_at_;
  BytesArray user_id_;
};

}  // namespace otpgate

#endif  // OTPGATE_STORAGE_POSTGRES_STATEMENTS_CODES_H_
