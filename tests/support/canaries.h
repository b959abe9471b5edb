#ifndef OTPGATE_TESTS_SUPPORT_CANARIES_H_
#define OTPGATE_TESTS_SUPPORT_CANARIES_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tests/support/temp_folder.h"

namespace otpgate::testing {

// Texts that must be nowhere, and the search for them: as they are, in hexadecimal and in base64.
// Bytes 0 and 10 cannot be searched for; of a text with those the longest part between them is.
class Canaries {
 public:
  // At least 8 bytes; fewer would be found by chance.
  void Add(const std::string& text);
  size_t size() const { return count_; }

  // The files, in these files and folders, that hold one of the texts. Files that vanish
  // meanwhile, as those of a database do, are not searched.
  //   NOT_FOUND  a place is not there
  //   INTERNAL   something could not be read, so nothing is known
  absl::StatusOr<std::vector<std::string>> FilesWith(const std::vector<std::string>& places) const;

 private:
  const TempFolder folder_;
  size_t count_ = 0;
  std::vector<std::string> patterns_;
};

}  // namespace otpgate::testing

#endif  // OTPGATE_TESTS_SUPPORT_CANARIES_H_
