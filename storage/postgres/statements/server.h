#ifndef OTPGATE_STORAGE_POSTGRES_STATEMENTS_SERVER_H_
#define OTPGATE_STORAGE_POSTGRES_STATEMENTS_SERVER_H_

#include "storage/postgres/statement.h"

// Statements about the server itself.
namespace otpgate::storage::postgres {

// Settings as this role sees them, in their base units (milliseconds, bytes).
inline const Statement kServerSettings{"server_settings", R"sql(
SELECT name, setting
  FROM pg_settings
 WHERE name IN ('server_version_num', 'server_encoding', 'fsync', 'full_page_writes',
                'synchronous_commit', 'log_statement', 'log_min_duration_statement',
                'log_min_duration_sample', 'log_transaction_sample_rate',
                'log_parameter_max_length', 'log_parameter_max_length_on_error',
                'log_error_verbosity', 'lock_timeout',
                'statement_timeout', 'idle_in_transaction_session_timeout', 'enable_hashjoin',
                'enable_mergejoin', 'enable_seqscan', 'bytea_output')
UNION ALL
SELECT 'in_recovery', CASE WHEN pg_is_in_recovery() THEN 'on' ELSE 'off' END
)sql"};

inline const Statement kPing{"ping", "SELECT timestamptz_send(clock_timestamp())"};

}  // namespace otpgate::storage::postgres

#endif  // OTPGATE_STORAGE_POSTGRES_STATEMENTS_SERVER_H_
