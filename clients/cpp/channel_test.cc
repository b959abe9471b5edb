#include "otpgate/client/channel.h"

#include <grpcpp/security/credentials.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "otpgate/v1/auth_service.pb.h"
#include "tests/support/status_matchers.h"

namespace otpgate::client {
namespace {

using ::otpgate::testing::StatusIs;

TEST(Channel, PlaintextToThisMachine) {
  for (const std::string target :
       {"127.0.0.1:50051", "127.8.9.10:1", "localhost:50051", "dns:///localhost:50051",
        "dns:localhost:1", "ipv4:127.0.0.1:1,127.0.0.1:2", "[::1]:50051", "ipv6:[::1]:50051",
        "unix:/run/otpgate/grpc", "unix:relative", "unix-abstract:otpgate"}) {
    EXPECT_OK(NewChannel({.target = target})) << target;
  }
}

TEST(Channel, NoPlaintextToOtherMachines) {
  for (const std::string target :
       {"10.0.0.1:50051", "otpgate.internal:50051", "dns:///otpgate.internal:50051",
        "ipv4:127.0.0.1:1,10.0.0.1:1", "[2001:db8::1]:50051", "0.0.0.0:50051",
        // Names that only look like this machine, and a name server to ask for them.
        "127.0.0.1.evil.example:1", "localhost.evil.example:1", "127.evil.example:1",
        "dns://10.0.0.1/localhost:1", "localhost", "xds:///localhost:1"}) {
    EXPECT_THAT(NewChannel({.target = target}), StatusIs(absl::StatusCode::kInvalidArgument))
        << target;
  }
}

TEST(Channel, CredentialsOrAMeshReachOtherMachines) {
  const std::string target = "dns:///otpgate.internal:50051";
  EXPECT_OK(NewChannel({.target = target, .credentials = grpc::SslCredentials({})}));
  EXPECT_OK(NewChannel({.target = target, .plaintext_is_safe = true}));
}

TEST(Channel, NeedsATarget) {
  EXPECT_THAT(NewChannel({}), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(ServiceConfig, RepeatsEveryMethod) {
  const auto config = nlohmann::json::parse(ServiceConfigJson());
  std::multiset<std::string> repeated;
  for (const auto& method : config["methodConfig"]) {
    for (const auto& name : method["name"]) {
      EXPECT_EQ(name["service"], "otpgate.v1.AuthService");
      if (method.contains("retryPolicy")) repeated.insert(name["method"]);
    }
  }
  const auto* service =
      v1::RequestOtpRequest::descriptor()->file()->FindServiceByName("AuthService");
  std::multiset<std::string> methods;
  for (int i = 0; i < service->method_count(); ++i) methods.insert(service->method(i)->name());
  EXPECT_EQ(repeated, methods);
}

}  // namespace
}  // namespace otpgate::client
