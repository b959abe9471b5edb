#include "base/crypto/packing.h"

#include <gtest/gtest.h>

namespace otpgate::crypto {
namespace {

TEST(PackingTest, WhatIsAppendedIsTaken) {
  std::string bytes;
  AppendU32(bytes, 0x01fe8003);
  AppendShort(bytes, "purpose");
  AppendShort(bytes, "");
  Unpacker unpacker(bytes);
  EXPECT_EQ(unpacker.TakeU32(), 0x01fe8003u);
  EXPECT_EQ(unpacker.TakeShort(), "purpose");
  EXPECT_EQ(unpacker.TakeShort(), "");
  EXPECT_TRUE(unpacker.rest().empty());
  EXPECT_EQ(unpacker.TakeByte(), std::nullopt);
}

TEST(PackingTest, Layout) {
  std::string bytes;
  AppendU32(bytes, 0x01fe8003);
  AppendShort(bytes, "ab");
  AppendLong(bytes, "c");
  EXPECT_EQ(bytes, std::string("\x01\xfe\x80\x03\x02"
                               "ab\0\0\0\x01"
                               "c",
                               12));
}

TEST(PackingTest, AShortFieldPoisonsTheRest) {
  Unpacker unpacker(
      absl::string_view("\x05"
                        "abc",
                        4));
  EXPECT_EQ(unpacker.TakeShort(), std::nullopt);
  EXPECT_EQ(unpacker.TakeByte(), std::nullopt);
  EXPECT_EQ(Unpacker("abc").TakeU32(), std::nullopt);
  EXPECT_EQ(Unpacker("").TakeShort(), std::nullopt);
}

}  // namespace
}  // namespace otpgate::crypto
