#include "storage/postgres/array_param.h"

#include <gtest/gtest.h>

#include <limits>
#include <optional>
#include <string>

#include "absl/strings/escaping.h"

namespace otpgate::storage::postgres {
namespace {

std::string Hex(ArrayParam& array) { return absl::BytesToHexString(array.bytes()); }

// Header: dimensions, has-null, element type, length, lower bound. Then each element: length,
// bytes.
TEST(ArrayParamTest, WritesTheWireFormatOfArrayRecv) {
  TextArray text;
  text.Add("ab");
  text.Add("");
  EXPECT_EQ(Hex(text),
            "00000001"
            "00000000"
            "00000019"
            "00000002"
            "00000001"
            "00000002"
            "6162"
            "00000000");
  BytesArray bytes;
  bytes.Add(absl::string_view("\0\xff", 2));
  bytes.AddUnlessEmpty("");
  EXPECT_EQ(Hex(bytes),
            "00000001"
            "00000001"
            "00000011"
            "00000002"
            "00000001"
            "00000002"
            "00ff"
            "ffffffff");
  Int64Array big;
  big.Add(-2);
  EXPECT_EQ(Hex(big),
            "00000001"
            "00000000"
            "00000014"
            "00000001"
            "00000001"
            "00000008"
            "fffffffffffffffe");
  Int32Array integer;
  integer.Add(std::optional<int>());
  integer.Add(258);
  EXPECT_EQ(Hex(integer),
            "00000001"
            "00000001"
            "00000017"
            "00000002"
            "00000001"
            "ffffffff"
            "00000004"
            "00000102");
  BoolArray boolean;
  boolean.Add(true);
  boolean.Add(false);
  EXPECT_EQ(Hex(boolean),
            "00000001"
            "00000000"
            "00000010"
            "00000002"
            "00000001"
            "00000001"
            "01"
            "00000001"
            "00");
  TimeArray time;
  time.Add(absl::FromUnixSeconds(946'684'800) + absl::Microseconds(1));
  EXPECT_EQ(Hex(time),
            "00000001"
            "00000000"
            "000004a0"
            "00000001"
            "00000001"
            "00000008"
            "0000000000000001");
}

TEST(ArrayParamTest, IsEmptyBeforeTheFirstElementAndAfterClear) {
  TextArray array;
  EXPECT_TRUE(array.empty());
  const std::string empty = Hex(array);
  array.Add("x");
  array.AddNull();
  EXPECT_EQ(array.size(), 2);
  array.Clear();
  EXPECT_TRUE(array.empty());
  EXPECT_EQ(Hex(array), empty);
}

TEST(PgTimeTest, KeepsMicrosecondsAndInfinities) {
  for (const int64_t micros :
       {int64_t{0}, int64_t{-1}, int64_t{1}, int64_t{854'277'000'123'456},
        int64_t{-210'866'803'200'000'000}, int64_t{9'223'371'331'199'999'999},
        std::numeric_limits<int64_t>::max(), std::numeric_limits<int64_t>::min()}) {
    EXPECT_EQ(ToPgMicros(FromPgMicros(micros)), micros);
  }
  EXPECT_EQ(ToPgMicros(absl::UnixEpoch()), -946'684'800'000'000);
  EXPECT_EQ(FromPgMicros(std::numeric_limits<int64_t>::max()), absl::InfiniteFuture());
  EXPECT_EQ(FromPgMicros(std::numeric_limits<int64_t>::min()), absl::InfinitePast());
}

}  // namespace
}  // namespace otpgate::storage::postgres
