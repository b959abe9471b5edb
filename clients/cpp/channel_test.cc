#include "otpgate/client/channel.h"

#include <grpcpp/security/credentials.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "otpgate/v1/auth_service.pb.h"
#include "tests/support/status_matchers.h"

namespace otpgate::client {
namespace {

using ::otpgate::support::StatusIs;

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
        // Names that only look like loopback, and a DNS server that resolves them to anything.
        "127.0.0.1.evil.example:1", "localhost.evil.example:1", "127.evil.example:1",
        "dns://10.0.0.1/localhost:1", "localhost", "xds:///localhost:1"}) {
    EXPECT_THAT(NewChannel({.target = target}),
                support::StatusIs(absl::StatusCode::kInvalidArgument))
        << target;
  }
}

TEST(Channel, CredentialsOrAMeshReachOtherMachines) {
  const std::string target = "dns:///otpgate.internal:50051";
  EXPECT_OK(NewChannel({.target = target, .credentials = grpc::SslCredentials({})}));
  EXPECT_OK(NewChannel({.target = target, .plaintext_is_safe = true}));
}

TEST(Channel, NeedsATarget) {
  EXPECT_THAT(NewChannel({}), support::StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(ServiceConfig, RepeatsEveryMethod) {
  const auto config = nlohmann::json::parse(ServiceConfigJson());
  ASSERT_EQ(config["methodConfig"].size(), 1u);
  const auto& every = config["methodConfig"][0];
  // Without a method, the entry is for all methods of the service.
  EXPECT_EQ(every["name"], nlohmann::json::parse(R"([{"service": "otpgate.v1.AuthService"}])"));
  EXPECT_EQ(every["retryPolicy"]["retryableStatusCodes"],
            nlohmann::json::parse(R"(["UNAVAILABLE"])"));
  EXPECT_NE(v1::RequestOtpRequest::descriptor()->file()->FindServiceByName("AuthService"), nullptr);
}

}  // namespace
}  // namespace otpgate::client
