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

namespace otpgate::install {

inline std::string Contents(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Runs a program and returns its standard output. A failure of the program fails the test.
inline std::string Succeed(const std::vector<std::string>& argv,
                           const support::ProgramOptions& options = {}) {
  const support::ProgramResult result = support::RunProgram(argv, options);
  EXPECT_EQ(result.exit_code, 0) << argv[0] << '\n' << result.out << result.err;
  return result.out;
}

// A new result of `cmake --install`, moved to another folder. `work` is a fixed folder below the
// build folder, so that the compiler cache can be used.
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

// Runs an example with the address of a server and an e-mail address, and checks its output and the
// database.
inline void ExpectSignsIn(std::vector<std::string> example) {
  e2e::Deployment deployment({.servers = 1});
  example.push_back(absl::StrCat("127.0.0.1:", deployment.server(0).port()));
  example.emplace_back("test@example.com");
  const std::string out = Succeed(example);
  EXPECT_TRUE(absl::StrContains(out, "signed in as ")) << out;
  EXPECT_TRUE(absl::StrContains(out, "refreshed session ")) << out;
  EXPECT_EQ(deployment.database().Value("SELECT generation FROM sessions"), "1");

  example.back() = "nobody";
  const support::ProgramResult refused = support::RunProgram(example);
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_TRUE(absl::StrContains(refused.err, "INVALID_REQUEST: ")) << refused.err;
}

}  // namespace otpgate::install

#endif  // OTPGATE_TESTS_INSTALL_INSTALL_TREE_H_
