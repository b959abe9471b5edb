#ifndef OTPGATE_STORAGE_POSTGRES_STATEMENTS_CODES_H_
#define OTPGATE_STORAGE_POSTGRES_STATEMENTS_CODES_H_

#include "storage/postgres/table_rows.h"
#include "storage/tables.h"

// The tables `signup_otps` and `otp_sessions`: the same columns with different keys. Codes are
// upserted under the guard of their subject.
namespace otpgate::storage::postgres {

// A row: Owner, SubjectKey, Code.
using SignupOtpColumns = TableRows<OwnedRows<kSignupOtpsTable, SubjectKey, Code>>;
using OtpSessionColumns = TableRows<OwnedRows<kOtpSessionsTable, SubjectKey, Code>>;

inline const Fragment kWriteSignupOtps =
    SignupOtpColumns::ExpandFragment("write_signup_otps", R"sql(
INSERT INTO signup_otps ({columns}, is_verified)
SELECT {i.columns}, i.verified_at IS NOT NULL
  FROM unnest({types}) AS i ({names})
 WHERE (i.owner IN (SELECT version FROM won)) IS TRUE
ON CONFLICT ({key}) DO UPDATE
   SET {guarded = excluded.guarded}, is_verified = excluded.is_verified
)sql");

inline const Fragment kWriteOtpSessions =
    OtpSessionColumns::ExpandFragment("write_otp_sessions", R"sql(
INSERT INTO otp_sessions ({columns}, is_verified)
SELECT {i.columns}, i.verified_at IS NOT NULL
  FROM unnest({types}) AS i ({names})
 WHERE (i.owner IN (SELECT version FROM won)) IS TRUE
ON CONFLICT ({key}) DO UPDATE
   SET {guarded = excluded.guarded}, is_verified = excluded.is_verified
)sql");

}  // namespace otpgate::storage::postgres

#endif  // OTPGATE_STORAGE_POSTGRES_STATEMENTS_CODES_H_
