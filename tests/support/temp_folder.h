#ifndef OTPGATE_TESTS_SUPPORT_TEMP_FOLDER_H_
#define OTPGATE_TESTS_SUPPORT_TEMP_FOLDER_H_

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

#include "base/check.h"

namespace otpgate::support {

// A temporary folder that only this user can access; removed with the object.
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

  // Writes a file that only this user can access; returns its path.
  std::string Write(const std::string& name, const std::string& text) const {
    std::ofstream(Path(name)) << text;
    OTPGATE_CHECK(chmod(Path(name).c_str(), 0600) == 0);
    return Path(name);
  }

 private:
  std::string path_ = "/tmp/otpgate-test-XXXXXX";
};

}  // namespace otpgate::support

#endif  // OTPGATE_TESTS_SUPPORT_TEMP_FOLDER_H_
