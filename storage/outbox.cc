#include "storage/outbox.h"

namespace otpgate::storage {

absl::string_view NameOf(DropReason reason) {
  switch (reason) {
    case DropReason::kExpired:
      return "expired";
    case DropReason::kConsumed:
      return "consumed";
    case DropReason::kSuperseded:
      return "superseded";
  }
  return "superseded";
}

}  // namespace otpgate::storage
