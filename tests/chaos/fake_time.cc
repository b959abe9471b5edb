#include "tests/chaos/fake_time.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "server/runtime/check.h"

namespace otpgate::chaos {
namespace {

constexpr char kLibrary[] = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";

}  // namespace

// Also for the user of PostgreSQL.
FakeTime::FakeTime() {
  OTPGATE_CHECK(mkdtemp(folder_.data()) != nullptr && chmod(folder_.c_str(), 0755) == 0);
  Set(absl::ZeroDuration());
}

FakeTime::~FakeTime() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

bool FakeTime::IsInstalled() { return access(kLibrary, R_OK) == 0; }

// Renamed: it is read at each look at the clock.
void FakeTime::Set(absl::Duration offset) const {
  const std::string next = folder_ + "/next";
  std::ofstream(next) << absl::StrFormat("%+d\n", absl::ToInt64Seconds(offset));
  OTPGATE_CHECK(std::rename(next.c_str(), (folder_ + "/offset").c_str()) == 0);
}

std::vector<std::string> FakeTime::Environment() const {
  return {absl::StrCat("LD_PRELOAD=", kLibrary),
          absl::StrCat("FAKETIME_TIMESTAMP_FILE=", folder_, "/offset"), "FAKETIME_NO_CACHE=1",
          "FAKETIME_DONT_FAKE_MONOTONIC=1", "DONT_FAKE_MONOTONIC=1"};
}

}  // namespace otpgate::chaos
