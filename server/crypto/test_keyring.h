#ifndef OTPGATE_SERVER_CRYPTO_TEST_KEYRING_H_
#define OTPGATE_SERVER_CRYPTO_TEST_KEYRING_H_

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "server/crypto/keyring.h"

namespace otpgate::testing {

// For tests: a keyring of `ids`, one character each, the first active. A key's bytes follow from
// its id, so "2" of TestKeyring("21") and of TestKeyring("2") are the same key.
inline crypto::Keyring TestKeyring(absl::string_view ids = "1") {
  std::string text;
  for (const char id : ids) {
    absl::StrAppend(&text, std::string(1, id), " ", absl::Base64Escape(std::string(32, id)), "\n");
  }
  return *crypto::Keyring::Parse(text);
}

}  // namespace otpgate::testing

#endif  // OTPGATE_SERVER_CRYPTO_TEST_KEYRING_H_
