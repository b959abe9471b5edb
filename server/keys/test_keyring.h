#ifndef OTPGATE_SERVER_KEYS_TEST_KEYRING_H_
#define OTPGATE_SERVER_KEYS_TEST_KEYRING_H_

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "server/keys/keyring.h"

namespace otpgate::keys {

// For tests: a keyring with a key for each character of `ids`, the first one active. The id
// determines the key, so "2" of TestKeyring("21") and of TestKeyring("2") are the same key.
inline Keyring TestKeyring(absl::string_view ids = "1") {
  std::string text;
  for (const char id : ids) {
    absl::StrAppend(&text, std::string(1, id), " ", absl::Base64Escape(std::string(32, id)), "\n");
  }
  return *Keyring::Parse(text);
}

}  // namespace otpgate::keys

#endif  // OTPGATE_SERVER_KEYS_TEST_KEYRING_H_
