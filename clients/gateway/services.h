#ifndef OTPGATE_CLIENTS_GATEWAY_SERVICES_H_
#define OTPGATE_CLIENTS_GATEWAY_SERVICES_H_

#include <google/protobuf/descriptor.h>

#include <vector>

namespace otpgate::gateway {

// The services that the gateway serves, from the protos that are compiled in. Thread-safe.
std::vector<const google::protobuf::ServiceDescriptor*> PublicServices();

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_SERVICES_H_
