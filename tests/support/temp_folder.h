#ifndef OTPGATE_TESTS_SUPPORT_TEMP_FOLDER_H_
#define OTPGATE_TESTS_SUPPORT_TEMP_FOLDER_H_

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

#include "server/runtime/check.h"

namespace otpgate::testing {

// A folder for this user alone; gone with the object.
class TempFolder {
 public:
  TempFolder() { OTPGATE_CHECK(mkdtemp(path_.data()) != nullptr); }
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  std::string Path(const std::string& name) const { return path_ + "/" + name; }

  // A file for this user alone; its path.
  std::string Write(const std::string& name, const std::string& text) const {
    std::ofstream(Path(name)) << text;
    OTPGATE_CHECK(chmod(Path(name).c_str(), 0600) == 0);
    return Path(name);
  }

 private:
  std::string path_ = "/tmp/otpgate-test-XXXXXX";
};

}  // namespace otpgate::testing

#endif  // OTPGATE_TESTS_SUPPORT_TEMP_FOLDER_H_
