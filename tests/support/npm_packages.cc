#include "tests/support/npm_packages.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/support/program.h"

namespace otpgate::support {
namespace {

namespace fs = std::filesystem;

std::string ContentOf(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

void InstallNpmPackages(const std::string& source, const std::string& folder) {
  const fs::path from = source;
  const fs::path to = folder;
  if (ContentOf(to / "installed-lock.json") == ContentOf(from / "package-lock.json")) return;
  fs::remove_all(to);
  fs::create_directories(to);
  for (const char* name : {"package.json", "package-lock.json", ".npmrc"}) {
    fs::copy_file(from / name, to / name);
  }
  const ProgramResult npm =
      RunProgram({"/bin/sh", "-ec",
                  "npm ci --ignore-scripts --no-audit --no-fund --loglevel=error && "
                  "cp package-lock.json installed-lock.json"},
                 {.folder = folder});
  EXPECT_EQ(npm.exit_code, 0) << npm.out << npm.err;
}

}  // namespace otpgate::support
