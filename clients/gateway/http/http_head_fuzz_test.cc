// Runs the target of http_head_fuzz.cc on changed samples, the same ones each time.

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace otpgate::gateway {
namespace {

constexpr const char* kSamples[] = {
    "GET /a%20b?c=d HTTP/1.1\r\nHost: a:80\r\nX-Y: z\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: [::1]\r\nContent-Length: 4\r\n\r\nbody",
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n",
    "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
    "a\r\n0123456789\r\n1F\r\n",
};
// What parsers differ about.
constexpr char kBytes[] = "\r\n\t :;,%0af/?#*\"\0\x7F\xFF";

// Inserts, removes or replaces one byte.
void ChangeOneByte(std::string& text, std::mt19937& random) {
  const size_t at = random() % (text.size() + 1);
  const char byte = kBytes[random() % (sizeof kBytes - 1)];
  const unsigned kind = random() % 3;
  if (kind == 0 || at == text.size()) {
    text.insert(at, 1, byte);
  } else if (kind == 1) {
    text.erase(at, 1);
  } else {
    text[at] = byte;
  }
}

TEST(HttpHeadFuzzTest, ChangedSamplesAreReadTheSameWayByAll) {
  std::mt19937 random(1);  // NOLINT: the same in every run
  for (int i = 0; i < 20'000; ++i) {
    std::string text = kSamples[i % std::size(kSamples)];
    for (unsigned changes = random() % 4; changes > 0; --changes) ChangeOneByte(text, random);
    LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(text.data()), text.size());
  }
}

}  // namespace
}  // namespace otpgate::gateway
