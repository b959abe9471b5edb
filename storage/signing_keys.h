#ifndef OTPGATE_STORAGE_SIGNING_KEYS_H_
#define OTPGATE_STORAGE_SIGNING_KEYS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace otpgate::storage {

// A row of `signing_keys`: an ES256 key of access tokens.
struct SigningKeyRow {
  std::string kid;
  std::string sealed_private;  // encrypted under the master key, which is not in the store
  std::string public_key;      // DER SubjectPublicKeyInfo
  absl::Time created_at;
  absl::Time active_from;  // signs from then on, until the next key does
  bool revoked = false;    // compromised

  friend bool operator==(const SigningKeyRow&, const SigningKeyRow&) = default;
};

struct SigningKeyList {
  std::vector<SigningKeyRow> keys;  // by active_from, the latest first
  absl::Time now;                   // the store's clock
};

// The key set that all servers share. Blocking; one thread per object. Any call may return
//   UNAVAILABLE  the store cannot be reached or is not well
class SigningKeys {
 public:
  virtual ~SigningKeys() = default;

  virtual absl::StatusOr<SigningKeyList> List() = 0;

  // Stores `fresh` unless a key with the same active_from exists, then lists: servers that add keys
  // at the same time get the same answer. Safe to repeat after an error.
  //   INVALID_ARGUMENT  the row was refused by the schema
  virtual absl::StatusOr<SigningKeyList> Add(const SigningKeyRow& fresh) = 0;
};

}  // namespace otpgate::storage

#endif  // OTPGATE_STORAGE_SIGNING_KEYS_H_
