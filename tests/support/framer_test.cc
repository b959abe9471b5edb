#include "tests/support/framer.h"

#include <gmock/gmock.h>

namespace otpgate::support {
namespace {

using ::testing::ElementsAre;

std::string Bytes(absl::string_view text) { return std::string(text); }
// A literal that contains NULs.
template <size_t N>
std::string Raw(const char (&text)[N]) {
  return std::string(text, N - 1);
}

// The messages of a stream, which is fed byte by byte and at once: both must give the same.
std::vector<std::string> Cut(Framer& slow, Framer& fast, const std::string& stream) {
  std::vector<std::string> one;
  for (char c : stream) {
    for (const ProxyMessage& message : slow.Add(absl::string_view(&c, 1)))
      one.push_back(message.bytes);
  }
  std::vector<std::string> other;
  for (const ProxyMessage& message : fast.Add(stream)) other.push_back(message.bytes);
  EXPECT_EQ(one, other);
  return one;
}

const std::string kSslRequest = Raw("\0\0\0\x08\x04\xd2\x16\x2f");
const std::string kStartup = Raw("\0\0\0\x10\0\x03\0\0user\0a\0\0");
const std::string kQuery =
    Raw("Q\0\0\0\x0b"
        "COMMIT\0");
const std::string kSync = Raw("S\0\0\0\x04");
const std::string kDone =
    Raw("C\0\0\0\x0b"
        "COMMIT\0");
const std::string kReady = Raw("Z\0\0\0\x05I");

TEST(FramerTest, PostgresMessagesOfTheClient) {
  FramerPair slow = NewFramers(Framing::kPostgres);
  FramerPair fast = NewFramers(Framing::kPostgres);
  EXPECT_THAT(Cut(*slow.to_server, *fast.to_server, kStartup + kQuery + kSync),
              ElementsAre(kStartup, kQuery, kSync));
}

TEST(FramerTest, TheAnswerToAnSslRequestIsOneByte) {
  FramerPair slow = NewFramers(Framing::kPostgres);
  FramerPair fast = NewFramers(Framing::kPostgres);
  EXPECT_THAT(Cut(*slow.to_server, *fast.to_server, kSslRequest), ElementsAre(kSslRequest));
  EXPECT_THAT(Cut(*slow.to_client, *fast.to_client, "N"), ElementsAre("N"));
  EXPECT_THAT(Cut(*slow.to_server, *fast.to_server, kStartup + kQuery),
              ElementsAre(kStartup, kQuery));
  EXPECT_THAT(Cut(*slow.to_client, *fast.to_client, kDone + kReady), ElementsAre(kDone, kReady));
}

TEST(FramerTest, PostgresTypeAndBodyAreKnown) {
  FramerPair framers = NewFramers(Framing::kPostgres);
  const auto messages = framers.to_server->Add(kStartup + kQuery);
  ASSERT_EQ(messages.size(), 2u);
  EXPECT_EQ(messages[0].type, 0);
  EXPECT_TRUE(Holds("user")(messages[0]));
  EXPECT_EQ(messages[1].type, 'Q');
  EXPECT_TRUE(PgQuery("COMMIT")(messages[1]));
  EXPECT_FALSE(PgQuery("COMMI")(messages[1]));
  EXPECT_FALSE(PgDone("COMMIT")(messages[1]));
  const auto done = framers.to_client->Add(kDone);
  ASSERT_EQ(done.size(), 1u);
  EXPECT_TRUE(PgDone("COMMIT")(done[0]));
  EXPECT_FALSE(PgDone("COM")(done[0]));
  const auto parse = framers.to_server->Add(Raw("P\0\0\0\x10name\0COMMIT\0"));
  ASSERT_EQ(parse.size(), 1u);
  EXPECT_TRUE(PgQuery("COMMIT")(parse[0]));
  EXPECT_FALSE(PgQuery("name")(parse[0]));
}

TEST(FramerTest, Http2FramesFollowThePreface) {
  FramerPair slow = NewFramers(Framing::kHttp2);
  FramerPair fast = NewFramers(Framing::kHttp2);
  const std::string preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  const std::string settings = Raw("\0\0\x06\x04\0\0\0\0\0\0\x03\0\0\0\x64");
  const std::string acknowledged = Raw("\0\0\0\x04\x01\0\0\0\0");
  EXPECT_THAT(Cut(*slow.to_server, *fast.to_server, preface + settings + acknowledged),
              ElementsAre(preface, settings, acknowledged));
  const auto answer = slow.to_client->Add(settings);
  ASSERT_EQ(answer.size(), 1u);
  EXPECT_TRUE(OfType(4)(answer[0]));
  EXPECT_EQ(answer[0].body(), Bytes(Raw("\0\x03\0\0\0\x64")));
}

TEST(FramerTest, BytesAreWhatOneReadBrings) {
  FramerPair framers = NewFramers(Framing::kBytes);
  EXPECT_EQ(framers.to_server->Add("abc").at(0).bytes, "abc");
  EXPECT_EQ(framers.to_server->Add("d").at(0).bytes, "d");
}

TEST(FramerTest, EachByteIsAMessageWhenAskedFor) {
  FramerPair framers = NewFramers(Framing::kSingleBytes);
  const auto messages = framers.to_client->Add("abc");
  ASSERT_EQ(messages.size(), 3u);
  EXPECT_EQ(messages[1].bytes, "b");
}

}  // namespace
}  // namespace otpgate::support
