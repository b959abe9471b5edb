#ifndef OTPGATE_STORAGE_SIGNING_KEYS_H_
#define OTPGATE_STORAGE_SIGNING_KEYS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace otpgate {

// A row of `signing_keys`: an ES256 key of access tokens.
struct SigningKeyRow {
  std::string kid;
  std::string sealed_private;  // under the master key, which is not in the store
  std::string public_key;      // DER SubjectPublicKeyInfo
  absl::Time created_at;

  friend bool operator==(const SigningKeyRow&, const SigningKeyRow&) = default;
};

// The key set that all servers share: one of them signs, all are published. Blocking; one thread
// per object. Any call may return
//   UNAVAILABLE  the store cannot be reached or is not well
class SigningKeys {
 public:
  virtual ~SigningKeys() = default;

  // All keys, the one that signs first; empty before the first AddIfNone.
  virtual absl::StatusOr<std::vector<SigningKeyRow>> List() = 0;

  // Stores `fresh` unless some key signs already, then lists: servers that start together get the
  // same answer. Safe to repeat after an error.
  //   INVALID_ARGUMENT  the row was refused by the schema
  virtual absl::StatusOr<std::vector<SigningKeyRow>> AddIfNone(const SigningKeyRow& fresh) = 0;
};

}  // namespace otpgate

#endif  // OTPGATE_STORAGE_SIGNING_KEYS_H_
