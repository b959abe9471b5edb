#include "base/log.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <cctype>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "base/log_fd_sink.h"
#include "tests/support/captured_log.h"
#include "tests/support/fake_clock.h"

namespace otpgate {
namespace {

using ::nlohmann::json;
using support::CapturedLog;
using support::FakeClock;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::SizeIs;

class LogTest : public ::testing::Test {
 protected:
  // The only line written so far, as JSON.
  json Line() {
    const std::vector<std::string> lines = sink_.Lines();
    EXPECT_THAT(lines, SizeIs(1));
    return json::parse(lines.at(0));
  }

  support::FakeClock clock_{absl::FromUnixMicros(1'769'851'800'000'001)};
  support::CapturedLog sink_;
  Log log_{&sink_, &clock_};
};

TEST_F(LogTest, WritesTimeLevelEventAndFields) {
  log_.Info("SIGNUP_OTP_CREATED", {{"user_type", "live"}, {"attempts", 3}, {"bound", true}});
  EXPECT_EQ(sink_.Lines().at(0),
            "{\"time\":\"2026-01-31T09:30:00.000001Z\",\"level\":\"info\","
            "\"event\":\"SIGNUP_OTP_CREATED\",\"user_type\":\"live\",\"attempts\":3,"
            "\"bound\":true}\n");
}

TEST_F(LogTest, NamesEveryLevelAndDropsThoseBelowTheLeast) {
  log_.Debug("A");
  log_.Info("B");
  log_.Warning("C");
  log_.Error("D");
  std::vector<std::string> levels;
  for (const std::string& line : sink_.Lines()) levels.push_back(json::parse(line)["level"]);
  EXPECT_THAT(levels, ElementsAre("info", "warning", "error"));
}

TEST_F(LogTest, WritesEveryByteAsTheJsonLibraryDoes) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string text = {'a', static_cast<char>(byte), 'b'};
    log_.Info("E", {{"text", text}});
    const std::string expected = json(text).dump(-1, ' ', true, json::error_handler_t::replace);
    EXPECT_THAT(sink_.Lines().back(), EndsWith(",\"text\":" + expected + "}\n")) << byte;
  }
}

TEST_F(LogTest, KeepsNumbers) {
  log_.Info("E", {{"least", std::numeric_limits<int64_t>::min()},
                  {"size", size_t{7}},
                  {"half", 0.5},
                  {"nan", std::numeric_limits<double>::quiet_NaN()}});
  const json line = Line();
  EXPECT_EQ(line["least"], std::numeric_limits<int64_t>::min());
  EXPECT_EQ(line["size"], 7);
  EXPECT_EQ(line["half"], 0.5);
  EXPECT_TRUE(line["nan"].is_null());
}

struct Payload {
  const char* name;
  std::string text;
};

class LogInjectionTest : public LogTest, public ::testing::WithParamInterface<Payload> {};

TEST_P(LogInjectionTest, N3_OneLineOfPrintableAsciiWhateverTheValueHolds) {
  log_.Info(GetParam().text, {{GetParam().text, GetParam().text}, {"last", "intact"}});
  const std::string line = sink_.Lines().at(0);
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  for (const char c : line.substr(0, line.size() - 1)) {
    EXPECT_TRUE(c >= ' ' && c <= '~') << "byte " << static_cast<int>(c);
  }
  const json parsed = Line();
  EXPECT_EQ(parsed["last"], "intact");
  EXPECT_EQ(parsed["level"], "info");
  EXPECT_THAT(parsed, SizeIs(5));  // time, level, event, the payload's key, last
}

INSTANTIATE_TEST_SUITE_P(
    Payloads, LogInjectionTest,
    ::testing::Values(Payload{"Newline", "a\n{\"event\":\"FORGED\"}\nb"},
                      Payload{"CarriageReturn", "a\rb"}, Payload{"Ansi", "\x1b[2J\x1b[31mred"},
                      Payload{"C1Control",
                              "\xc2\x9b"
                              "2J"},
                      Payload{"LineSeparator",
                              "a\xe2\x80\xa8"
                              "b"},
                      Payload{"RightToLeftOverride",
                              "\xe2\x80\xae"
                              "live"},
                      Payload{"Quotes", "\",\"level\":\"error\",\"x\":\"\\"},
                      Payload{"Nul", std::string("a\0b", 3)},
                      Payload{"Delete",
                              "a\x7f"
                              "b"},
                      Payload{"BrokenUtf8",
                              "a\xc0\xaf\xff\xfe"
                              "b"},
                      Payload{"CutUtf8", std::string(511, 'a') + "\xe2\x82\xac"},
                      Payload{"Emoji", "\xf0\x9f\x92\xa5"}),
    [](const auto& test) { return test.param.name; });

TEST_F(LogTest, N3_EveryByteInEveryPlaceStaysOneValidLine) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string text = {'a', static_cast<char>(byte), 'b', static_cast<char>(byte)};
    log_.Info("E", {{"text", text}});
  }
  ASSERT_THAT(sink_.Lines(), SizeIs(256));
  for (const std::string& line : sink_.Lines()) EXPECT_TRUE(json::accept(line)) << line;
}

TEST_F(LogTest, CutsLongValuesAndSaysWhatNoLongerFits) {
  const std::string quotes(100'000, '"');
  const std::string broken(100'000, '\xff');
  log_.Info("E", {{"a", quotes}, {broken, broken}, {"b", broken}, {"small", 1}});
  EXPECT_LE(sink_.Lines().at(0).size(), Log::kMaxLineBytes);
  const json line = Line();
  EXPECT_EQ(line["a"], std::string(Log::kMaxValueBytes, '"'));
  EXPECT_EQ(line["truncated"], true);
  EXPECT_EQ(line["small"], 1);
  EXPECT_FALSE(line.contains("b"));
}

TEST_F(LogTest, NoLineExceedsItsBound) {
  const std::string broken(100'000, '\xff');
  log_.Info(broken, {{broken, broken}, {"a", broken}});
  EXPECT_LE(sink_.Lines().at(0).size(), Log::kMaxLineBytes);
  EXPECT_EQ(Line()["truncated"], true);
}

// A full pipe that nobody reads.
class FullPipe {
 public:
  FullPipe() {
    EXPECT_EQ(pipe2(ends_, O_NONBLOCK), 0);
    const std::string page(4096, '\n');
    while (write(ends_[1], page.data(), page.size()) > 0) {
    }
    fcntl(ends_[1], F_SETFL, 0);  // as standard error usually is: writes block
  }
  ~FullPipe() {
    close(ends_[0]);
    close(ends_[1]);
  }
  int fd() const { return ends_[1]; }
  std::string Drain() {
    std::string all, chunk(65536, '\0');
    for (ssize_t n; (n = read(ends_[0], chunk.data(), chunk.size())) > 0;) all.append(chunk, 0, n);
    return all.substr(std::min(all.size(), all.find_first_not_of('\n')));
  }

 private:
  int ends_[2];
};

TEST(LogFdSinkTest, DropsLinesWhenNobodyReadsAndTellsHowManyAfterwards) {
  FullPipe pipe;
  LogFdSink sink(pipe.fd(), absl::Milliseconds(1));
  for (int i = 0; i < 3; ++i) sink.Write("{\"lost\":1}\n");
  EXPECT_EQ(pipe.Drain(), "");
  sink.Write("{\"kept\":1}\n");
  EXPECT_EQ(pipe.Drain(),
            "{\"level\":\"error\",\"event\":\"LOG_LINES_DROPPED\",\"count\":3}\n{\"kept\":1}\n");
  sink.Write("{\"kept\":2}\n");
  EXPECT_EQ(pipe.Drain(), "{\"kept\":2}\n");
}

TEST(LogFdSinkTest, LinesOfManyThreadsDoNotMix) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  constexpr int kThreads = 4, kLines = 100;  // stays within a pipe's 64 KiB
  support::FakeClock clock;
  LogFdSink sink(ends[1]);
  Log log(&sink, &clock);
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&log, t] {
      for (int i = 0; i < kLines; ++i) log.Info("E", {{"thread", t}, {"i", i}});
    });
  }
  for (std::thread& thread : threads) thread.join();
  close(ends[1]);
  std::string all, chunk(65536, '\0');
  for (ssize_t n; (n = read(ends[0], chunk.data(), chunk.size())) > 0;) all.append(chunk, 0, n);
  close(ends[0]);
  int lines = 0;
  for (size_t start = 0; start < all.size(); ++lines) {
    const size_t end = all.find('\n', start);
    EXPECT_TRUE(json::accept(all.substr(start, end - start)));
    start = end + 1;
  }
  EXPECT_EQ(lines, kThreads * kLines);
}

}  // namespace
}  // namespace otpgate
