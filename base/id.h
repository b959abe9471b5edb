#ifndef OTPGATE_BASE_ID_H_
#define OTPGATE_BASE_ID_H_

#include <compare>
#include <cstddef>
#include <string>
#include <utility>

#include "absl/time/time.h"
#include "base/random.h"

namespace otpgate {

// A unique id of 24 bytes: 8 bytes of milliseconds since 1970, big-endian so that ids sort by time,
// then 16 random bytes. `bytea` in the database, base64url without padding in the API. `Tag` makes
// each kind of id a type of its own.
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

// The bytes of a new id.
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

#endif  // OTPGATE_BASE_ID_H_
