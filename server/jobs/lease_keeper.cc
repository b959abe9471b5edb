#include "server/jobs/lease_keeper.h"

#include <unistd.h>

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace otpgate::jobs {

std::string HolderName(Random& random) {
  char host[65] = "";  // HOST_NAME_MAX and the terminating zero
  if (gethostname(host, sizeof host - 1) != 0) host[0] = '\0';
  std::string bytes(4, '\0');
  random.Fill(bytes.data(), bytes.size());
  return absl::StrCat(host, ":", getpid(), ":", absl::BytesToHexString(bytes));
}

absl::StatusOr<storage::LeaseAnswer> LeaseKeeper::Take(bool at_once) {
  renewed_at_ = clock_.Steady();
  return leases_.Take(names_.job, names_.holder, lease_, at_once);
}

bool LeaseKeeper::Keep() {
  const absl::Duration now = clock_.Steady();
  if (now - renewed_at_ < slice()) return true;
  const absl::StatusOr<bool> held = leases_.Renew(names_.job, names_.holder, lease_);
  if (held.ok() && *held) renewed_at_ = now;
  // While the store does not answer, the lease is held until it ends.
  return held.ok() ? *held : now - renewed_at_ < lease_;
}

bool LeaseKeeper::KeepFor(absl::Duration time, absl::FunctionRef<bool(absl::Duration)> pass) {
  do {
    if (!pass(std::min(time, slice())) || !Keep()) return false;
    time -= slice();
  } while (time > absl::ZeroDuration());
  return true;
}

absl::StatusOr<bool> LeaseKeeper::Finish(absl::Duration interval, absl::string_view result) {
  absl::StatusOr<bool> held;
  for (int i = 0; i < kContentionTries; ++i) {
    held = leases_.Finish(names_.job, names_.holder, interval, result);
    if (!IsContention(held.status())) break;
  }
  return held;
}

}  // namespace otpgate::jobs
