#include "clients/gateway/openapi/paths.h"

#include <gtest/gtest.h>

#include "clients/gateway/openapi/test_protos.h"

namespace otpgate::gateway {
namespace {

// A path with variables that are fields of UpdateBookRequest (library.proto of the transcoder).
class PathsTest : public ::testing::Test {
 protected:
  ApiPath Add(const std::string& path) {
    const auto& request =
        *protos_.pool().FindMessageTypeByName("otpgate.gateway_test.UpdateBookRequest");
    Binding binding;
    binding.path = *ParsePathTemplate(path);
    for (const TemplateVariable& variable : binding.path.variables) {
      binding.variables.push_back(*ResolveFieldPath(request, variable.field));
    }
    return paths_.Add(binding);
  }

  const TestProtos protos_;
  ApiPaths paths_;
};

TEST_F(PathsTest, VariablesHaveTheNamesOfJson) {
  const ApiPath path = Add("/v1/{create}/{key.shelf}:read");
  EXPECT_EQ(path.text, "/v1/{create}/{key.shelf}:read");
  ASSERT_EQ(path.parameters.size(), 2U);
  EXPECT_EQ(path.parameters[1].field->name(), "shelf");
  EXPECT_EQ(path.parameters[1].note, "");
}

TEST_F(PathsTest, EachWildcardIsAParameter) {
  const ApiPath path = Add("/v1/*/{key.shelf=shelves/*/books/**}");
  EXPECT_EQ(path.text, "/v1/{segment1}/shelves/{key.shelf}/books/{key.shelf.2}");
  ASSERT_EQ(path.parameters.size(), 3U);
  EXPECT_EQ(path.parameters[0].field, nullptr);
  EXPECT_EQ(path.parameters[2].note,
            "Wildcard 2 of `shelves/*/books/**`, which is the value of `key.shelf`.");
}

TEST_F(PathsTest, PathsThatDifferInNamesOnlyAreOne) {
  EXPECT_EQ(Add("/v1/{key.shelf}").text, "/v1/{key.shelf}");
  const ApiPath path = Add("/v1/{create}");
  EXPECT_EQ(path.text, "/v1/{key.shelf}");
  ASSERT_EQ(path.parameters.size(), 1U);
  EXPECT_EQ(path.parameters[0].name, "key.shelf");
  EXPECT_EQ(path.parameters[0].field->name(), "create");
  EXPECT_EQ(Add("/v1/{create}:read").text, "/v1/{create}:read");
}

}  // namespace
}  // namespace otpgate::gateway
