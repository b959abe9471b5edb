#ifndef OTPGATE_CLIENTS_GATEWAY_OPENAPI_DOCUMENT_H_
#define OTPGATE_CLIENTS_GATEWAY_OPENAPI_DOCUMENT_H_

#include <google/protobuf/descriptor.h>

#include <nlohmann/json.hpp>
#include <string>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace otpgate::gateway {

// What a document says about the API as a whole.
struct ApiInfo {
  std::string title;
  std::string version;
  // The reasons of errors, the first of which is PREFIX_UNSPECIFIED; null: they are not listed.
  const google::protobuf::EnumDescriptor* reasons = nullptr;
};

// The OpenAPI 3.1 document of services: an operation for each binding that BindingsOf (binding.h)
// finds, texts from the comments of the protos. The same services give the same bytes.
// `operationId` is the name of the method; further bindings have a number behind it.
//
// Left out are bindings with an HTTP method that OpenAPI has no name for ("*" or one of a custom
// rule). INVALID_ARGUMENT: an annotation is wrong, or two bindings differ in ways that OpenAPI
// cannot tell. The descriptors are of a pool with source info. Safe on any thread.
absl::StatusOr<nlohmann::ordered_json> OpenApiOf(
    absl::Span<const google::protobuf::ServiceDescriptor* const> services, const ApiInfo& info);

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_OPENAPI_DOCUMENT_H_
