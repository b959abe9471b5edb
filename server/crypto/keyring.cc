#include "server/crypto/keyring.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/crypto/hmac.h"
#include "server/runtime/check.h"
#include "server/runtime/status_macros.h"

namespace otpgate::crypto {
namespace {

constexpr size_t kKeyBytes = 32;
constexpr size_t kKeyIdBytesMax = 16;

// Strict: exactly the one spelling of 32 bytes. Empty: it is not.
Secret DecodeKey(absl::string_view text) {
  std::string bytes;
  Secret key;
  if (absl::Base64Unescape(text, &bytes) && bytes.size() == kKeyBytes) {
    std::string spelling = absl::Base64Escape(bytes);
    if (spelling == text) key = Secret(bytes);
    Cleanse(spelling.data(), spelling.size());
  }
  Cleanse(bytes.data(), bytes.size());
  return key;
}

absl::StatusOr<Keyring::Key> ParseLine(absl::string_view line) {
  const std::vector<absl::string_view> words =
      absl::StrSplit(line, absl::ByAnyChar(" \t"), absl::SkipEmpty());
  if (words.size() != 2) return absl::InvalidArgumentError("expected a key id and a key");
  if (!Keyring::IsValidId(words[0])) {
    return absl::InvalidArgumentError("the key id is not 1 to 16 of a-z, 0-9, -");
  }
  Secret secret = DecodeKey(words[1]);
  if (secret.empty()) return absl::InvalidArgumentError("the key is not base64 of 32 bytes");
  return Keyring::Key{std::string(words[0]), std::move(secret)};
}

}  // namespace

bool Keyring::IsValidId(absl::string_view key_id) {
  return !key_id.empty() && key_id.size() <= kKeyIdBytesMax &&
         std::all_of(key_id.begin(), key_id.end(), [](char c) {
           return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '-';
         });
}

absl::StatusOr<Keyring> Keyring::Parse(absl::string_view text) {
  std::vector<Key> keys;
  int number = 0;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    line = absl::StripAsciiWhitespace(line);
    if (line.empty() || line.front() == '#') continue;
    absl::StatusOr<Key> key = ParseLine(line);
    if (!key.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("line ", number, ": ", key.status().message()));
    }
    for (const Key& earlier : keys) {
      if (earlier.id == key->id || earlier.secret.Equals(key->secret.Reveal())) {
        return absl::InvalidArgumentError(
            absl::StrCat("line ", number, ": the key id or the key is there twice"));
      }
    }
    keys.push_back(*std::move(key));
  }
  if (keys.empty()) return absl::InvalidArgumentError("there is no key");
  return Keyring(std::move(keys));
}

std::string Keyring::NewFileText(Random& random, absl::string_view key_id) {
  OTPGATE_CHECK(IsValidId(key_id));
  const Secret key = Secret::Generate(random, kKeyBytes);
  return absl::StrCat("# otpgate keys: the first is active, the others are still accepted\n",
                      key_id, " ", absl::Base64Escape(key.Reveal()), "\n");
}

const Keyring::Key* Keyring::Find(absl::string_view key_id) const {
  const auto found = std::find_if(keys_.begin(), keys_.end(),
                                  [key_id](const Key& key) { return key.id == key_id; });
  return found == keys_.end() ? nullptr : &*found;
}

Keyring Keyring::Derive(absl::string_view label) const {
  std::vector<Key> derived;
  derived.reserve(keys_.size());
  for (const Key& key : keys_) {
    derived.push_back({key.id, HkdfSha256(key.secret.Reveal(), label, kKeyBytes)});
  }
  return Keyring(std::move(derived));
}

}  // namespace otpgate::crypto
