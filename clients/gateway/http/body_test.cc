#include "clients/gateway/http/body.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"

namespace otpgate::gateway {
namespace {

constexpr size_t kMost = 20;

struct Read {
  BodyState state = BodyState::kMore;
  std::string body;
  std::string rest;  // behind a whole body

  friend bool operator==(const Read&, const Read&) = default;
  friend void PrintTo(const Read& read, std::ostream* out) {
    *out << static_cast<int>(read.state) << ", " << absl::CHexEscape(read.body) << ", "
         << absl::CHexEscape(read.rest);
  }
};

// Feeds `bytes` in pieces of this size.
Read ReadBody(const HeadFacts& facts, absl::string_view bytes, size_t piece) {
  BodyReader reader(facts, kMost);
  std::string in;
  Read read;
  do {
    in.append(bytes.data(), std::min(piece, bytes.size()));
    bytes.remove_prefix(std::min(piece, bytes.size()));
    read.state = reader.Feed(in);
  } while (read.state == BodyState::kMore && !bytes.empty());
  read.body = reader.Take();
  if (read.state == BodyState::kDone) read.rest = in + std::string(bytes);
  return read;
}

TEST(BodyReaderTest, ReadsContentLengthBytes) {
  const HeadFacts five = {.content_length = 5};
  for (const size_t piece : {1, 2, 100}) {
    EXPECT_EQ(ReadBody(five, "hello", piece), (Read{BodyState::kDone, "hello", ""}));
    EXPECT_EQ(ReadBody(five, "helloGET", piece), (Read{BodyState::kDone, "hello", "GET"}));
    EXPECT_EQ(ReadBody(five, "hell", piece), (Read{BodyState::kMore, "hell", ""}));
    EXPECT_EQ(ReadBody({}, "GET", piece), (Read{BodyState::kDone, "", "GET"}));
  }
}

struct ChunkRow {
  std::string bytes;
  Read read;
};

const std::vector<ChunkRow> kChunkRows = {
    {"0\r\n\r\n", {BodyState::kDone, "", ""}},
    {"5\r\nhello\r\n0\r\n\r\n", {BodyState::kDone, "hello", ""}},
    {"5\r\nhello\r\n00000000\r\n\r\nGET", {BodyState::kDone, "hello", "GET"}},
    {"1\r\na\r\n00b\r\n\r\n3456789\r\n\r\n0\r\n\r\n", {BodyState::kDone, "a\r\n3456789\r\n", ""}},
    {"A\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n",
     {BodyState::kDone, "01234567890123456789", ""}},
    {"5\r\nhel", {BodyState::kMore, "hel", ""}},
    {"5\r\nhello\r\n0\r\n", {BodyState::kMore, "hello", ""}},
    {"15\r\n", {BodyState::kTooLong, "", ""}},
    {"a\r\n0123456789\r\nb\r\n", {BodyState::kTooLong, "0123456789", ""}},
    {"ffffffff\r\n", {BodyState::kTooLong, "", ""}},
    {"000000005\r\n", {BodyState::kMalformed, "", ""}},
    {"\r\n", {BodyState::kMalformed, "", ""}},
    {" 5\r\n", {BodyState::kMalformed, "", ""}},
    {"5 \r\n", {BodyState::kMalformed, "", ""}},
    {"+5\r\n", {BodyState::kMalformed, "", ""}},
    {"-1\r\n", {BodyState::kMalformed, "", ""}},
    {"0x5\r\n", {BodyState::kMalformed, "", ""}},
    {"g\r\n", {BodyState::kMalformed, "", ""}},
    {"5\n", {BodyState::kMalformed, "", ""}},
    {"5\rh", {BodyState::kMalformed, "", ""}},
    {"5;a=b\r\n", {BodyState::kMalformed, "", ""}},
    {"5;\r\n", {BodyState::kMalformed, "", ""}},
    {"5\r\nhellox", {BodyState::kMalformed, "hello", ""}},
    {"5\r\nhello\n", {BodyState::kMalformed, "hello", ""}},
    {"5\r\nhello\r0", {BodyState::kMalformed, "hello", ""}},
    {"0\r\nX", {BodyState::kMalformed, "", ""}},
    {"0\r\n\n", {BodyState::kMalformed, "", ""}},
    {"0\r\n\rx", {BodyState::kMalformed, "", ""}},
};

TEST(BodyReaderTest, ReadsChunksInPiecesOfAnySize) {
  for (const ChunkRow& row : kChunkRows) {
    for (const size_t piece : {1, 2, 3, 7, 100}) {
      EXPECT_EQ(ReadBody({.chunked = true}, row.bytes, piece), row.read)
          << absl::CHexEscape(row.bytes) << " by " << piece;
    }
  }
}

}  // namespace
}  // namespace otpgate::gateway
