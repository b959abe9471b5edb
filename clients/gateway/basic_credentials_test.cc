#include "clients/gateway/basic_credentials.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace otpgate::gateway {
namespace {

TEST(BasicCredentialsTest, TheSchemeIsAWordInAnyCase) {
  for (const char* value : {"Basic eA==", "basic eA==", "BASIC", "Basic\teA==", "Basic "}) {
    EXPECT_TRUE(IsBasic(value)) << value;
  }
  for (const char* value : {"", "Bearer Basic", "Basically eA==", " Basic eA=="}) {
    EXPECT_FALSE(IsBasic(value)) << value;
  }
}

TEST(BasicCredentialsTest, TheFirstColonEndsTheId) {
  const auto found = ParseBasic(absl::StrCat("bAsIc ", absl::Base64Escape("kiosk:a:b+%2F ")));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, "kiosk");
  EXPECT_EQ(found->secret, "a:b+%2F ");
  EXPECT_EQ(CallerAuthorization(*found),
            absl::StrCat("Basic ", absl::Base64Escape("kiosk:a:b+%2F ")));
}

TEST(BasicCredentialsTest, OtherFormsAreNone) {
  for (const std::string& value :
       {std::string(), std::string("Basic"), std::string("Basic !!!!"), std::string("Bearer eDp5"),
        "Basic " + absl::Base64Escape("no colon"), "Basic " + absl::Base64Escape(":no id"),
        "Basic " + absl::Base64Escape("id:\n"), "Basic " + absl::Base64Escape("id:\xFF")}) {
    EXPECT_FALSE(ParseBasic(value)) << value;
  }
}

}  // namespace
}  // namespace otpgate::gateway
