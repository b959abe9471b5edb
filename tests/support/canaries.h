#ifndef OTPGATE_TESTS_SUPPORT_CANARIES_H_
#define OTPGATE_TESTS_SUPPORT_CANARIES_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tests/support/temp_folder.h"

namespace otpgate::support {

// Canaries: texts that must not leak. Searches files for them in plain, hexadecimal and base64
// form. Bytes 0 and 10 cannot be searched for: of a text with those, it searches for the longest
// part between them.
class Canaries {
 public:
  // Adds a text of at least 8 bytes; shorter ones would be found by chance.
  void Add(const std::string& text);
  size_t size() const { return count_; }

  // The files, among these files and folders, that contain one of the texts. Files that vanish
  // during the search, as those of a database do, are skipped.
  //   NOT_FOUND  a place does not exist
  //   INTERNAL   a file could not be read, so the result is unknown
  absl::StatusOr<std::vector<std::string>> FilesWith(const std::vector<std::string>& places) const;

 private:
  const TempFolder folder_;
  size_t count_ = 0;
  std::vector<std::string> patterns_;
};

}  // namespace otpgate::support

#endif  // OTPGATE_TESTS_SUPPORT_CANARIES_H_
