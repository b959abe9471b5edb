#include "server/runtime/mask.h"

#include <gtest/gtest.h>

namespace otpgate::runtime {
namespace {

struct MaskCase {
  const char* name;
  const char* input;
  const char* masked;
};

class MaskTest : public ::testing::TestWithParam<MaskCase> {};

TEST_P(MaskTest, N4_HidesWhatReachesThePerson) {
  EXPECT_EQ(MaskIdentifier(GetParam().input), GetParam().masked);
}

INSTANTIATE_TEST_SUITE_P(
    Identifiers, MaskTest,
    ::testing::Values(MaskCase{"Phone", "+14155550123", "+1415****123"},
                      MaskCase{"LongPhone", "+491701234567890", "+4917****890"},
                      MaskCase{"TenDigits", "+4512345678", "+451****678"},
                      MaskCase{"NineDigits", "+298123456", "+298****56"},
                      MaskCase{"EightDigits", "+47123456", "+47****56"},
                      MaskCase{"SixDigits", "+123456", "****"}, MaskCase{"OnlySign", "+", "****"},
                      MaskCase{"National", "4155550123", "415****123"},
                      MaskCase{"NotAPhone", "correct horse battery", "****"},
                      MaskCase{"Empty", "", "****"},
                      MaskCase{"Email", "test@example.com", "t***@e***.com"},
                      MaskCase{"Subdomain", "jo@mail.example.co.uk", "j***@m***.uk"},
                      MaskCase{"TwoAts", "a@b@c.test", "a***@c***.test"},
                      MaskCase{"NoTopLevel", "a@localhost", "a***@l***"},
                      MaskCase{"LongTopLevel", "a@b.averyveryverylongword", "a***@b***"},
                      MaskCase{"StrangeTopLevel", "a@b.c\nd", "a***@b***"},
                      MaskCase{"NonAsciiInitials", "\xc3\xa9t@\xc3\xa9t.fr", "***@***.fr"},
                      MaskCase{"OnlyAt", "@", "***@***"}),
    [](const auto& test) { return test.param.name; });

TEST(MaskTest, EmailWithoutAtIsHiddenWhole) { EXPECT_EQ(MaskEmail("secret"), "***"); }

}  // namespace
}  // namespace otpgate::runtime
