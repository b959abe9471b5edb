// stubs_only ADDRESS: prints how many public keys the service has.
#include <grpcpp/grpcpp.h>
#include <otpgate/v1/auth_service.grpc.pb.h>

#include <iostream>

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const auto stub = otpgate::v1::AuthService::NewStub(
      grpc::CreateChannel(argv[1], grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  otpgate::v1::GetJwksResponse keys;
  const grpc::Status status = stub->GetJwks(&context, {}, &keys);
  std::cout << keys.keys_size() << " keys\n";
  return status.ok() ? 0 : 1;
}
