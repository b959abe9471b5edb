#include "tests/chaos/fake_time.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/check.h"

namespace otpgate::chaos {
namespace {

constexpr char kLibrary[] = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";

}  // namespace

// The user that runs PostgreSQL must be able to read the folder.
FakeTime::FakeTime() {
  OTPGATE_CHECK(chmod(folder_.Path("").c_str(), 0755) == 0);
  Set(absl::ZeroDuration());
}

bool FakeTime::IsInstalled() { return access(kLibrary, R_OK) == 0; }

// Replaces the file atomically, because libfaketime reads it for every reading of the clock.
void FakeTime::Set(absl::Duration offset) const {
  const std::string next = folder_.Path("next");
  std::ofstream(next) << absl::StrFormat("%+d\n", absl::ToInt64Seconds(offset));
  OTPGATE_CHECK(std::rename(next.c_str(), folder_.Path("offset").c_str()) == 0);
}

std::vector<std::string> FakeTime::Environment() const {
  return {absl::StrCat("LD_PRELOAD=", kLibrary),
          "FAKETIME_TIMESTAMP_FILE=" + folder_.Path("offset"), "FAKETIME_NO_CACHE=1",
          "FAKETIME_DONT_FAKE_MONOTONIC=1", "DONT_FAKE_MONOTONIC=1"};
}

}  // namespace otpgate::chaos
