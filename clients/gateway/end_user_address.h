#ifndef OTPGATE_CLIENTS_GATEWAY_END_USER_ADDRESS_H_
#define OTPGATE_CLIENTS_GATEWAY_END_USER_ADDRESS_H_

#include <string>

#include "clients/gateway/http/message.h"

namespace otpgate::gateway {

// The IP address of the end user, which the limits per address count.
//
// `trusted_proxies` is the number of proxies in front of the gateway that append the address of
// their peer to X-Forwarded-For. Only what they wrote is believed: with 0 the answer is the peer
// of the connection, with 1 the last entry of the header, and so on. If the header has fewer
// entries, or that entry is no IP address, the answer is the peer. Thread-safe.
std::string EndUserAddress(const HttpRequest& request, int trusted_proxies);

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_END_USER_ADDRESS_H_
