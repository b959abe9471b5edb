#include "storage/postgres/row_reader.h"

#include <gmock/gmock.h>

#include <stdexcept>
#include <string>

namespace otpgate::storage::postgres {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(RowReaderTest, ReadsHexBytea) {
  EXPECT_EQ(FromHex("\\x"), "");
  EXPECT_EQ(FromHex("\\x00ff61"), std::string("\0\xff"
                                              "a",
                                              3));
}

TEST(RowReaderTest, ReadsTimesAsTheServerSendsThem) {
  EXPECT_EQ(TimeFromHex("\\x0000000000000000"), absl::FromUnixSeconds(946'684'800));
  EXPECT_EQ(TimeFromHex("\\xffffffffffffffff"),
            absl::FromUnixSeconds(946'684'800) - absl::Microseconds(1));
  EXPECT_EQ(TimeFromHex("\\x7fffffffffffffff"), absl::InfiniteFuture());
}

TEST(RowReaderTest, ReadsArraysOfUnixMicroseconds) {
  EXPECT_THAT(UnixTimesFromArray("{}"), IsEmpty());
  EXPECT_THAT(UnixTimesFromArray("{1772600767000001,-1}"),
              ElementsAre(absl::FromUnixMicros(1'772'600'767'000'001), absl::FromUnixMicros(-1)));
}

// Text that the server cannot have sent is refused.
TEST(RowReaderTest, RefusesOtherForms) {
  for (const char* text : {"", "x", "\\x0", "\\x0g", "\\x0G", "00ff", "\\000"}) {
    EXPECT_THROW(FromHex(text), std::invalid_argument) << text;
  }
  for (const char* text : {"", "\\x00", "2026-03-04 05:06:07+00", "\\x00000000000000000"}) {
    EXPECT_THROW(TimeFromHex(text), std::invalid_argument) << text;
  }
  for (const char* text :
       {"", "{", "1", "{1", "{NULL}", "{1,}", "{1.5}", "{99999999999999999999}"}) {
    EXPECT_THROW(UnixTimesFromArray(text), std::invalid_argument) << text;
  }
}

}  // namespace
}  // namespace otpgate::storage::postgres
