#ifndef OTPGATE_CLIENTS_GATEWAY_SERVICES_H_
#define OTPGATE_CLIENTS_GATEWAY_SERVICES_H_

#include <google/protobuf/descriptor.h>

#include <vector>

namespace otpgate::gateway {

// The services for new clients, which the OpenAPI document describes, from the protos that are
// compiled in. Thread-safe.
std::vector<const google::protobuf::ServiceDescriptor*> PublicServices();

// All that the gateway serves: those, and CompatService. Thread-safe.
std::vector<const google::protobuf::ServiceDescriptor*> ServedServices();

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_SERVICES_H_
