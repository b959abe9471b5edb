#include "server/jobs/holder.h"

#include <unistd.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace otpgate {

std::string HolderName(Random& random) {
  char host[65] = "";  // HOST_NAME_MAX and its end
  if (gethostname(host, sizeof host - 1) != 0) host[0] = '\0';
  std::string bytes(4, '\0');
  random.Fill(bytes.data(), bytes.size());
  return absl::StrCat(host, ":", getpid(), ":", absl::BytesToHexString(bytes));
}

}  // namespace otpgate
