#ifndef OTPGATE_STORAGE_POSTGRES_CONNECTION_STRING_H_
#define OTPGATE_STORAGE_POSTGRES_CONNECTION_STRING_H_

#include <string>

#include "storage/postgres/pg_options.h"

namespace otpgate {

// The connection string with what it does not say itself: client_encoding=UTF8, application_name,
// connect_timeout, and TCP settings that notice a silent peer within seconds.
std::string WithDefaults(const PgOptions& options);

}  // namespace otpgate

#endif  // OTPGATE_STORAGE_POSTGRES_CONNECTION_STRING_H_
