#include "clients/gateway/services.h"

#include "otpgate/v1/auth_service.pb.h"

namespace otpgate::gateway {

std::vector<const google::protobuf::ServiceDescriptor*> PublicServices() {
  return {v1::RequestOtpRequest::descriptor()->file()->FindServiceByName("AuthService")};
}

}  // namespace otpgate::gateway
