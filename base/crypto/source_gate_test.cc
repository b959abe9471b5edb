#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <regex.h>

#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/check.h"

// Searches the sources for mistakes that no test of behaviour would notice.
namespace otpgate::crypto {
namespace {

namespace fs = std::filesystem;
using ::testing::IsEmpty;

// A name that means a MAC, a tag, a signature or a digest, before or after == or !=.
constexpr char kComparedMac[] =
    R"(\b\w*(mac|tag|signature|digest|hmac)(_|s|\.bytes)?\b\s*[!=]=|)"
    R"([!=]=\s*\w*(mac|tag|signature|digest|hmac)(_|s|\.bytes)?\b([^.(]|$)|)"
    R"(HmacSha256\(.*\)\s*[!=]=|[!=]=\s*HmacSha256\()";
constexpr char kHastyCompare[] = R"(\b(memcmp|bcmp|strcmp|strncmp|strcasecmp)\s*\()";
constexpr char kWeakRandom[] =
    R"(\b(rand|srand|rand_r|[dlm]rand48)\s*\(|mt19937|random_device|minstd_rand|)"
    R"(default_random_engine|\bBitGen|InsecureBitGen)";

// A POSIX extended regular expression with glibc's \b, \s and \w. (std::regex gives compiler
// warnings under the sanitizers.)
class Pattern {
 public:
  explicit Pattern(const char* pattern) {
    OTPGATE_CHECK(regcomp(&compiled_, pattern, REG_EXTENDED | REG_NOSUB) == 0);
  }
  Pattern(const Pattern&) = delete;
  Pattern& operator=(const Pattern&) = delete;
  ~Pattern() { regfree(&compiled_); }

  bool Matches(const std::string& code) const {
    return regexec(&compiled_, code.c_str(), 0, nullptr, 0) == 0;
  }

 private:
  regex_t compiled_;
};

// The part of the line to check: without comments and comparisons with null.
std::string Code(const std::string& line) {
  return absl::StrReplaceAll(line.substr(0, line.find("//")),
                             {{"== nullptr", ""}, {"!= nullptr", ""}});
}

bool Matches(const std::string& line, const char* pattern) {
  return Pattern(pattern).Matches(Code(line));
}

bool IsProductSource(const fs::path& path) {
  const std::string name = path.filename().string();
  const bool source = path.extension() == ".cc" || path.extension() == ".h";
  return source && !absl::EndsWith(name, "_test.cc") && !absl::StartsWith(name, "test_");
}

// The lines under `folder` that match, as "file:line: text".
std::vector<std::string> Findings(const fs::path& folder, const char* pattern) {
  const Pattern compiled(pattern);
  std::vector<std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file() || !IsProductSource(entry.path())) continue;
    std::ifstream file(entry.path());
    std::string line;
    for (int number = 1; std::getline(file, line); ++number) {
      if (compiled.Matches(Code(line))) {
        found.push_back(absl::StrCat(entry.path().string(), ":", number, ": ", line));
      }
    }
  }
  return found;
}

// The lines under several folders of the repository that match.
std::vector<std::string> FindingsIn(std::initializer_list<const char*> folders,
                                    const char* pattern) {
  std::vector<std::string> found;
  for (const char* folder : folders) {
    for (std::string& line : Findings(fs::path(OTPGATE_SOURCE_DIR) / folder, pattern)) {
      found.push_back(std::move(line));
    }
  }
  return found;
}

TEST(SourceGateTest, B12_MacsAreComparedInConstantTimeOnly) {
  EXPECT_THAT(FindingsIn({"base/crypto", "server/keys"}, kComparedMac), IsEmpty());
  EXPECT_THAT(FindingsIn({"base", "server"}, kHastyCompare), IsEmpty());
}

TEST(SourceGateTest, A1_NoWeakRandomness) {
  EXPECT_THAT(FindingsIn({"base", "server"}, kWeakRandom), IsEmpty());
}

TEST(SourceGateTest, A1_NoModuloInTheCodeGenerator) {
  std::ifstream file(fs::path(OTPGATE_SOURCE_DIR) / "server/keys/code.cc");
  ASSERT_TRUE(file.is_open());
  std::string line;
  while (std::getline(file, line)) EXPECT_EQ(Code(line).find('%'), std::string::npos);
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
