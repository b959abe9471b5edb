#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

// Reads the server's own sources for things that no test of behaviour would notice.
namespace otpgate::crypto {
namespace {

namespace fs = std::filesystem;
using ::testing::IsEmpty;

// A name that says "MAC or its kin", then or before == or !=; comparing with null is fine.
constexpr char kComparedMac[] =
    R"((\b\w*(mac|tag|signature|digest|hmac)(_|s|\.bytes)?\b\s*[!=]=(?!\s*nullptr))|)"
    R"(([!=]=\s*\w*(mac|tag|signature|digest|hmac)(_|s|\.bytes)?\b(?![.(\w]))|)"
    R"((HmacSha256\(.*\)\s*[!=]=)|([!=]=\s*HmacSha256\())";
constexpr char kHastyCompare[] = R"(\b(memcmp|bcmp|strcmp|strncmp|strcasecmp)\s*\()";
constexpr char kWeakRandom[] =
    R"(\b(rand|srand|rand_r|[dlm]rand48)\s*\(|mt19937|random_device|minstd_rand|)"
    R"(default_random_engine|\bBitGen|InsecureBitGen)";

std::string WithoutComment(const std::string& line) { return line.substr(0, line.find("//")); }

bool Matches(const std::string& line, const char* pattern) {
  return std::regex_search(WithoutComment(line), std::regex(pattern));
}

bool IsProductSource(const fs::path& path) {
  const std::string name = path.filename().string();
  const bool source = path.extension() == ".cc" || path.extension() == ".h";
  return source && !absl::EndsWith(name, "_test.cc") && !absl::StartsWith(name, "test_");
}

// "file:line: text" of every line under `folder` that matches.
std::vector<std::string> Findings(const fs::path& folder, const char* pattern) {
  const std::regex regex(pattern);
  std::vector<std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file() || !IsProductSource(entry.path())) continue;
    std::ifstream file(entry.path());
    std::string line;
    for (int number = 1; std::getline(file, line); ++number) {
      if (std::regex_search(WithoutComment(line), regex)) {
        found.push_back(absl::StrCat(entry.path().string(), ":", number, ": ", line));
      }
    }
  }
  return found;
}

const fs::path kServer = fs::path(OTPGATE_SOURCE_DIR) / "server";

TEST(SourceGateTest, B12_MacsAreComparedInConstantTimeOnly) {
  EXPECT_THAT(Findings(kServer / "crypto", kComparedMac), IsEmpty());
  EXPECT_THAT(Findings(kServer, kHastyCompare), IsEmpty());
}

TEST(SourceGateTest, A1_NoWeakRandomness) {
  EXPECT_THAT(Findings(kServer, kWeakRandom), IsEmpty());
}

TEST(SourceGateTest, A1_NoModuloInTheCodeGenerator) {
  std::ifstream file(kServer / "crypto" / "code.cc");
  ASSERT_TRUE(file.is_open());
  std::string line;
  while (std::getline(file, line)) EXPECT_EQ(WithoutComment(line).find('%'), std::string::npos);
}

TEST(SourceGateTest, TheGateSeesWhatItIsThereFor) {
  for (const char* line : {"if (mac == row.mac) {", "return code_mac != computed;",
                           "x == mac.bytes;", "tag != other", "stored.mac.bytes == y",
                           "return HmacSha256(key, data) == mac_;", "a == HmacSha256(k, d)"}) {
    EXPECT_TRUE(Matches(line, kComparedMac)) << line;
  }
  for (const char* line : {"if (mac.size() == 32)", "signature != nullptr", "// mac == x",
                           "size == kMacBytes", "der.size() != 2", "stage == machine.stage"}) {
    EXPECT_FALSE(Matches(line, kComparedMac)) << line;
  }
  EXPECT_TRUE(Matches("return memcmp(a, b, n) == 0;", kHastyCompare));
  EXPECT_FALSE(Matches("return CRYPTO_memcmp(a, b, n) == 0;", kHastyCompare));
  EXPECT_TRUE(Matches("int code = rand() % 1000000;", kWeakRandom));
  EXPECT_TRUE(Matches("std::mt19937 engine;", kWeakRandom));
  EXPECT_FALSE(Matches("SystemRandom random;", kWeakRandom));
}

}  // namespace
}  // namespace otpgate::crypto
