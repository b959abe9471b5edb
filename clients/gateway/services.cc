#include "clients/gateway/services.h"

#include "otpgate/v1/auth_service.pb.h"
#include "otpgate/v1/compat_service.pb.h"

namespace otpgate::gateway {

std::vector<const google::protobuf::ServiceDescriptor*> PublicServices() {
  return {v1::RequestOtpRequest::descriptor()->file()->FindServiceByName("AuthService")};
}

std::vector<const google::protobuf::ServiceDescriptor*> ServedServices() {
  auto services = PublicServices();
  services.push_back(
      v1::SendMobileOtpRequest::descriptor()->file()->FindServiceByName("CompatService"));
  return services;
}

}  // namespace otpgate::gateway
