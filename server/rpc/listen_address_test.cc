#include "server/rpc/listen_address.h"

#include <gtest/gtest.h>

#include <string>

namespace otpgate::rpc {
namespace {

struct AddressCase {
  const char* name;
  const char* address;
  absl::StatusCode code;
};

class ListenAddressTest : public ::testing::TestWithParam<AddressCase> {};

TEST_P(ListenAddressTest, PlaintextStaysOnThisMachine) {
  EXPECT_EQ(CheckPlaintextAddress(GetParam().address).code(), GetParam().code);
}

constexpr auto kOk = absl::StatusCode::kOk;
constexpr auto kRefused = absl::StatusCode::kFailedPrecondition;
constexpr auto kMalformed = absl::StatusCode::kInvalidArgument;

INSTANTIATE_TEST_SUITE_P(
    Addresses, ListenAddressTest,
    ::testing::Values(AddressCase{"Loopback", "127.0.0.1:50051", kOk},
                      AddressCase{"AnyPort", "127.0.0.1:0", kOk},
                      AddressCase{"LoopbackNet", "127.255.0.9:1", kOk},
                      AddressCase{"Loopback6", "[::1]:50051", kOk},
                      AddressCase{"Unix", "unix:/run/otpgate/grpc.sock", kOk},
                      AddressCase{"Any", "0.0.0.0:50051", kRefused},
                      AddressCase{"Any6", "[::]:50051", kRefused},
                      AddressCase{"Lan", "192.168.0.1:50051", kRefused},
                      AddressCase{"Mapped", "[::ffff:127.0.0.1]:1", kRefused},
                      AddressCase{"Name", "localhost:50051", kMalformed},
                      AddressCase{"NoPort", "127.0.0.1", kMalformed},
                      AddressCase{"EmptyPort", "127.0.0.1:", kMalformed},
                      AddressCase{"BigPort", "127.0.0.1:65536", kMalformed},
                      AddressCase{"NegativePort", "127.0.0.1:-1", kMalformed},
                      AddressCase{"OctalLook", "0177.0.0.1:1", kMalformed},
                      AddressCase{"ShortForm", "127.1:50051", kMalformed},
                      AddressCase{"Unbracketed6", "::1:50051", kMalformed},
                      AddressCase{"Bracketed4", "[127.0.0.1]:1", kMalformed},
                      AddressCase{"RelativeUnix", "unix:grpc.sock", kMalformed},
                      AddressCase{"Scheme", "dns:///127.0.0.1:50051", kMalformed},
                      AddressCase{"Empty", "", kMalformed}),
    [](const auto& param_info) { return std::string(param_info.param.name); });

}  // namespace
}  // namespace otpgate::rpc
