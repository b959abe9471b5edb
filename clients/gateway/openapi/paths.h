#ifndef OTPGATE_CLIENTS_GATEWAY_OPENAPI_PATHS_H_
#define OTPGATE_CLIENTS_GATEWAY_OPENAPI_PATHS_H_

#include <google/protobuf/descriptor.h>

#include <map>
#include <string>
#include <vector>

#include "clients/gateway/transcode/binding.h"

namespace otpgate::gateway {

// A place of a path that a client fills in.
struct PathParameter {
  std::string name;
  const google::protobuf::FieldDescriptor* field = nullptr;  // null: any text, of no field
  std::string note;  // how the text becomes the value of the field; empty: it is the value
};

// A path of OpenAPI: "/v1/sessions/{sessionId}".
struct ApiPath {
  std::string text;
  std::vector<PathParameter> parameters;  // in their order in the path
};

// The JSON name of a field, seen from the request: "shelf.id".
std::string JsonPath(const std::vector<const google::protobuf::FieldDescriptor*>& steps);

// The paths of a document. OpenAPI takes paths that differ in the names of their parameters only
// for the same one: the first that comes names them. Not thread-safe.
class ApiPaths {
 public:
  // The path of a binding. OpenAPI knows no wildcards, so each one is a parameter of its own:
  // "{name=shelves/*/books/*}" is "shelves/{name}/books/{name.2}".
  ApiPath Add(const Binding& binding);

 private:
  std::map<std::string, std::vector<std::string>> names_;  // by the path without names
};

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_OPENAPI_PATHS_H_
