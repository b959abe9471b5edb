// Runs the target of transcode_fuzz.cc on its seeds and on changed seeds, the same ones each time.

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <random>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace otpgate::gateway {
namespace {

// What parsers differ about.
constexpr char kSpecialBytes[] = "{}[]\",:\\'/%&=.+-0e\0\x7F\xFF\n ";

void RunOn(const std::string& input) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(input.data()), input.size());
}

// By name, so that each run is the same.
std::map<std::string, std::string> Seeds() {
  std::map<std::string, std::string> seeds;
  for (const auto& entry : std::filesystem::directory_iterator(OTPGATE_FUZZ_SEEDS)) {
    std::ifstream file(entry.path(), std::ios::binary);
    seeds[entry.path().filename().string()] =
        std::string(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return seeds;
}

// Replaces a byte, or repeats a piece of the text somewhere else.
void Change(std::string& text, std::mt19937& random) {
  const size_t at = random() % (text.size() + 1);
  if (random() % 2 == 0) {
    text.replace(at, random() % 2, 1, kSpecialBytes[random() % (sizeof kSpecialBytes - 1)]);
  } else {
    text.insert(at, text.substr(random() % (text.size() + 1), random() % 32));
  }
}

TEST(TranscodeFuzzTest, SeedsBreakNoInvariant) {
  EXPECT_GE(Seeds().size(), 20u);
  for (const auto& [name, seed] : Seeds()) RunOn(seed);
}

TEST(TranscodeFuzzTest, ChangedSeedsBreakNoInvariant) {
  std::mt19937 random(1);  // NOLINT: the same in every run
  for (const auto& [name, seed] : Seeds()) {
    for (int i = 0; i < 400; ++i) {
      std::string input = seed;
      for (unsigned changes = random() % 5; changes > 0; --changes) Change(input, random);
      RunOn(input);
    }
  }
}

}  // namespace
}  // namespace otpgate::gateway
