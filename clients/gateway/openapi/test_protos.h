#ifndef OTPGATE_CLIENTS_GATEWAY_OPENAPI_TEST_PROTOS_H_
#define OTPGATE_CLIENTS_GATEWAY_OPENAPI_TEST_PROTOS_H_

#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "clients/gateway/openapi/descriptor_set.h"

namespace otpgate::gateway {

// A descriptor set with comments, for tests.
class TestProtos {
 public:
  // OTPGATE_DESCRIPTOR_SET: the API; OTPGATE_TEST_DESCRIPTOR_SET: testdata/shapes.proto, and
  // library.proto of the transcoder.
  explicit TestProtos(const std::string& path = OTPGATE_TEST_DESCRIPTOR_SET) {
    std::ifstream file(path, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    EXPECT_FALSE(bytes.empty()) << path;
    const absl::Status built = BuildAll(bytes, pool_);
    EXPECT_TRUE(built.ok()) << built;
  }

  const google::protobuf::DescriptorPool& pool() const { return pool_; }

  // By their names in shapes.proto.
  const google::protobuf::Descriptor& message(const std::string& name) const {
    return *pool_.FindMessageTypeByName("otpgate.openapi_test." + name);
  }
  const google::protobuf::ServiceDescriptor* service(const std::string& name) const {
    return pool_.FindServiceByName("otpgate.openapi_test." + name);
  }

 private:
  google::protobuf::DescriptorPool pool_;
};

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_OPENAPI_TEST_PROTOS_H_
