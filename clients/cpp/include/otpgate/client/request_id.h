#ifndef OTPGATE_CLIENTS_CPP_INCLUDE_OTPGATE_CLIENT_REQUEST_ID_H_
#define OTPGATE_CLIENTS_CPP_INCLUDE_OTPGATE_CLIENT_REQUEST_ID_H_

#include <string>

namespace otpgate::client {

// A random UUID, version 4 (RFC 9562, 5.4), for a `request_id`. Thread-safe.
std::string NewRequestId();

}  // namespace otpgate::client

#endif  // OTPGATE_CLIENTS_CPP_INCLUDE_OTPGATE_CLIENT_REQUEST_ID_H_
