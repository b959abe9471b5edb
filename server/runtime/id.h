#ifndef OTPGATE_SERVER_RUNTIME_ID_H_
#define OTPGATE_SERVER_RUNTIME_ID_H_

#include <compare>
#include <cstddef>
#include <string>
#include <utility>

#include "absl/time/time.h"
#include "server/runtime/random.h"

namespace otpgate {

// 24 bytes: milliseconds since 1970 (8, big-endian, so that ids sort by time), then 16 random ones.
// `bytea` in the database, unpadded base64url in the API. `Tag` keeps the kinds apart.
template <class Tag>
struct Id {
  static constexpr size_t kBytes = 24;

  std::string bytes;  // empty: none

  bool empty() const { return bytes.empty(); }
  friend bool operator==(const Id&, const Id&) = default;
  friend auto operator<=>(const Id& a, const Id& b) { return a.bytes <=> b.bytes; }
  template <class H>
  friend H AbslHashValue(H h, const Id& id) {
    return H::combine(std::move(h), id.bytes);
  }
};

std::string NewIdBytes(absl::Time now, Random& random);

template <class Tag>
Id<Tag> NewId(absl::Time now, Random& random) {
  return Id<Tag>{NewIdBytes(now, random)};
}

using OtpId = Id<struct OtpTag>;
using UserId = Id<struct UserTag>;
using SessionId = Id<struct SessionTag>;
using MessageId = Id<struct MessageTag>;
using AuditId = Id<struct AuditTag>;

}  // namespace otpgate

#endif  // OTPGATE_SERVER_RUNTIME_ID_H_
