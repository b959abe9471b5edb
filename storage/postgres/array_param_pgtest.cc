#include <gmock/gmock.h>

#include <limits>
#include <string>
#include <vector>

#include "storage/postgres/array_param.h"
#include "tests/support/pg_store_fixture.h"

// The server reads the elements of an array as they were added.
namespace otpgate::storage::postgres {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ArrayParamPgTest : public support::PgTest {
 protected:
  // The elements as text; "null" for NULL.
  absl::StatusOr<std::vector<std::string>> Echo(const std::string& type, ArrayParam& array) {
    const std::string element = type == "timestamptz" ? "timestamptz_send(x)"
                                : type == "text"      ? "x"
                                                      : "x::text";
    std::vector<std::string> elements;
    const absl::Status status = connection_.Run(
        {"echo_" + type, "SELECT " + element + " FROM unnest($1::" + type + "[]) AS t (x)"},
        {array.bytes()}, [&elements](RowReader& row) {
          const bool is_null = row.NextIsNull();
          elements.push_back(is_null ? "null" : row.Text());
        });
    if (!status.ok()) return status;
    return elements;
  }

  StoreConnection connection_{Options()};
};

TEST_F(ArrayParamPgTest, Text) {
  TextArray array;
  EXPECT_THAT(*Echo("text", array), IsEmpty());
  const std::string kAwkward[] = {"",
                                  "NULL",
                                  "{a,\"b\"}",
                                  "back\\slash",
                                  "'; DROP TABLE subjects",
                                  "\n\t\x01",
                                  "π漢🙂",
                                  std::string(100'000, 'x')};
  for (const std::string& text : kAwkward) array.Add(text);
  array.AddNull();
  std::vector<std::string> expected(std::begin(kAwkward), std::end(kAwkward));
  expected.push_back("null");
  EXPECT_EQ(*Echo("text", array), expected);
}

TEST_F(ArrayParamPgTest, Bytes) {
  std::string all(256, '\0');
  for (size_t i = 0; i < all.size(); ++i) all[i] = static_cast<char>(i);
  BytesArray array;
  array.Add(all);
  array.AddUnlessEmpty("");
  array.Add("");
  const auto elements = Echo("bytea", array);
  ASSERT_OK(elements);
  ASSERT_EQ(elements->size(), 3u);
  EXPECT_EQ(FromHex((*elements)[0]), all);
  EXPECT_EQ((*elements)[1], "null");
  EXPECT_EQ((*elements)[2], "\\x");
}

TEST_F(ArrayParamPgTest, Numbers) {
  Int64Array big;
  big.Add(std::numeric_limits<int64_t>::min());
  big.Add(std::numeric_limits<int64_t>::max());
  big.AddNull();
  big.Add(0);
  EXPECT_THAT(*Echo("bigint", big),
              ElementsAre("-9223372036854775808", "9223372036854775807", "null", "0"));
  Int32Array integer;
  integer.Add(std::numeric_limits<int32_t>::min());
  integer.Add(std::numeric_limits<int32_t>::max());
  EXPECT_THAT(*Echo("integer", integer), ElementsAre("-2147483648", "2147483647"));
  BoolArray boolean;
  boolean.Add(true);
  boolean.Add(false);
  boolean.AddNull();
  EXPECT_THAT(*Echo("boolean", boolean), ElementsAre("true", "false", "null"));
}

TEST_F(ArrayParamPgTest, Times) {
  const absl::Time kTimes[] = {absl::UnixEpoch(),
                               absl::FromUnixMicros(1'772'600'767'000'001),
                               absl::FromCivil(absl::CivilYear(1), absl::UTCTimeZone()),
                               absl::FromUnixMicros(253'402'300'799'999'999),
                               absl::InfiniteFuture(),
                               absl::InfinitePast()};
  TimeArray array;
  for (absl::Time time : kTimes) array.Add(time);
  array.Add(std::optional<absl::Time>());
  const auto elements = Echo("timestamptz", array);
  ASSERT_OK(elements);
  ASSERT_EQ(elements->size(), std::size(kTimes) + 1);
  for (size_t i = 0; i < std::size(kTimes); ++i) {
    EXPECT_EQ(TimeFromHex((*elements)[i]), kTimes[i]) << i;
  }
  EXPECT_EQ(elements->back(), "null");
}

TEST_F(ArrayParamPgTest, TheServerRefusesWhatIsNoText) {
  for (const std::string& bad : {std::string("a\0b", 3), std::string("\xff"),
                                 std::string("\xc0\xaf"), std::string("\xed\xa0\x80")}) {
    TextArray array;
    array.Add(bad);
    EXPECT_THAT(Echo("text", array), support::StatusIs(absl::StatusCode::kInvalidArgument));
  }
}

TEST_F(ArrayParamPgTest, TheServerRefusesAWrongCast) {
  Int64Array array;
  array.Add(1);
  EXPECT_THAT(Echo("integer", array), support::StatusIs(absl::StatusCode::kUnavailable));
}

}  // namespace
}  // namespace otpgate::storage::postgres
