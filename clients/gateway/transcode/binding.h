#ifndef OTPGATE_CLIENTS_GATEWAY_TRANSCODE_BINDING_H_
#define OTPGATE_CLIENTS_GATEWAY_TRANSCODE_BINDING_H_

#include <google/api/http.pb.h>
#include <google/protobuf/descriptor.h>

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "clients/gateway/transcode/field_path.h"
#include "clients/gateway/transcode/path_template.h"

namespace otpgate::gateway {

// One google.api.http rule of a method: how an HTTP request becomes its message and its reply HTTP
// again. Plain data.
struct Binding {
  const google::protobuf::MethodDescriptor* method = nullptr;
  std::string grpc_path;    // "/otpgate.v1.AuthService/RequestOtp"
  std::string http_method;  // "POST"; "*": any
  PathTemplate path;
  std::vector<FieldPath> variables;  // of the request, in the order of path.variables
  std::vector<std::string> bound;    // their names
  bool whole_body = false;           // body: "*"
  const google::protobuf::FieldDescriptor* body = nullptr;      // body: a field of the request
  const google::protobuf::FieldDescriptor* response = nullptr;  // response_body; null: all of it

  // Whether a request has a body.
  bool takes_body() const { return whole_body || body != nullptr; }
};

// The bindings of a method: one for its rule and one for each of its additional_bindings; none
// without an annotation. INVALID_ARGUMENT, naming the method: the rule breaks what
// google/api/http.proto asks for, names a field that is not there or that the place does not allow,
// or the method is a streaming one. Safe on any thread.
absl::StatusOr<std::vector<Binding>> BindingsOf(const google::protobuf::MethodDescriptor& method);

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_TRANSCODE_BINDING_H_
