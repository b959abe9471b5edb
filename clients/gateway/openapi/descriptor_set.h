#ifndef OTPGATE_CLIENTS_GATEWAY_OPENAPI_DESCRIPTOR_SET_H_
#define OTPGATE_CLIENTS_GATEWAY_OPENAPI_DESCRIPTOR_SET_H_

#include <google/protobuf/descriptor.h>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace otpgate::gateway {

// Builds all files of a FileDescriptorSet in `pool`. INVALID_ARGUMENT: `bytes` are none, or its
// imports are missing.
absl::Status BuildAll(absl::string_view bytes, google::protobuf::DescriptorPool& pool);

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_OPENAPI_DESCRIPTOR_SET_H_
