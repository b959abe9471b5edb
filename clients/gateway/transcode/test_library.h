#ifndef OTPGATE_CLIENTS_GATEWAY_TRANSCODE_TEST_LIBRARY_H_
#define OTPGATE_CLIENTS_GATEWAY_TRANSCODE_TEST_LIBRARY_H_

#include <google/protobuf/descriptor.h>

#include <vector>

#include "clients/gateway/transcode/testdata/library.pb.h"
#include "otpgate/v1/auth_service.pb.h"

namespace otpgate::gateway {

// The services of tests: the one that is served, and testdata/library.proto.
inline std::vector<const google::protobuf::ServiceDescriptor*> TestServices() {
  return {v1::RequestOtpRequest::descriptor()->file()->FindServiceByName("AuthService"),
          gateway_test::Book::descriptor()->file()->FindServiceByName("Library")};
}

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_TRANSCODE_TEST_LIBRARY_H_
