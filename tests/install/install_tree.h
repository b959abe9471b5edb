#ifndef OTPGATE_TESTS_INSTALL_INSTALL_TREE_H_
#define OTPGATE_TESTS_INSTALL_INSTALL_TREE_H_

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/e2e/deployment.h"
#include "tests/support/program.h"

namespace otpgate::testing {

inline std::string Contents(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// What it wrote to its standard output; fails the test when it fails.
inline std::string Succeed(const std::vector<std::string>& argv,
                           const ProgramOptions& options = {}) {
  const ProgramResult result = RunProgram(argv, options);
  EXPECT_EQ(result.exit_code, 0) << argv[0] << '\n' << result.out << result.err;
  return result.out;
}

// What `cmake --install` leaves, made anew, in a folder it was moved to since. `work` is below the
// build folder, always the same, so that the compiler cache knows it.
class InstallTree {
 public:
  explicit InstallTree(const std::string& name)
      : work_(absl::StrCat(OTPGATE_BUILD_DIR "/tests/install/", name)) {
    std::filesystem::remove_all(work_);
    const std::string first = absl::StrCat(work_, "/first");
    Succeed({OTPGATE_CMAKE, "--install", OTPGATE_BUILD_DIR, "--component", "client", "--prefix",
             first});
    std::filesystem::rename(first, prefix());
  }

  const std::string& work() const { return work_; }
  std::string prefix() const { return absl::StrCat(work_, "/prefix"); }
  std::string share() const { return absl::StrCat(prefix(), "/share/otpgate"); }

 private:
  const std::string work_;
};

// Runs an example with the address of a real server and an e-mail address, and looks at what it
// did.
inline void ExpectSignsIn(std::vector<std::string> example) {
  Deployment deployment({.servers = 1});
  example.push_back(absl::StrCat("127.0.0.1:", deployment.server(0).port()));
  example.emplace_back("test@example.com");
  const std::string out = Succeed(example);
  EXPECT_TRUE(absl::StrContains(out, "signed in as ")) << out;
  EXPECT_TRUE(absl::StrContains(out, "refreshed session ")) << out;
  EXPECT_EQ(deployment.database().Value("SELECT generation FROM sessions"), "1");

  example.back() = "nobody";
  const ProgramResult refused = RunProgram(example);
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_TRUE(absl::StrContains(refused.err, "INVALID_REQUEST: ")) << refused.err;
}

}  // namespace otpgate::testing

#endif  // OTPGATE_TESTS_INSTALL_INSTALL_TREE_H_
