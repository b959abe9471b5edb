#include "server/rpc/byte_service.h"

#include <grpcpp/impl/rpc_service_method.h>

namespace otpgate::rpc {

ByteService::ByteService(const std::vector<UnaryMethod>& methods) {
  for (const UnaryMethod& method : methods) paths_.push_back("/" + method.name);
  for (size_t i = 0; i < paths_.size(); ++i) {
    AddMethod(new grpc::internal::RpcServiceMethod(
        paths_[i].c_str(), grpc::internal::RpcMethod::NORMAL_RPC, /*handler=*/nullptr));
    MarkMethodRaw(static_cast<int>(i));
  }
}

}  // namespace otpgate::rpc
