#ifndef OTPGATE_SERVER_CRYPTO_KEY_FILE_H_
#define OTPGATE_SERVER_CRYPTO_KEY_FILE_H_

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/crypto/secret.h"
#include "server/runtime/random.h"

namespace otpgate::crypto {

// A file with the root secrets of one use (peppers, handle keys, refresh keys, master keys):
//
//   # a comment
//   <key id> <base64 of 32 bytes> [from=<RFC 3339 time>] [retired]
//
// Of the keys whose time has come the newest is active: new things are made with it. A key without
// a time is older than all that have one; among those the first line counts. The others are
// accepted, also before their time, so that a fleet can be given a key before anybody uses it. What
// was made with a retired key is refused; where ending something is all that is asked, it still
// counts. Ids are 1 to 16 of [a-z0-9-].
//
// Immutable: edits give a new one, all other lines as they were. Thread-safe.
class KeyFile {
 public:
  struct Line {
    std::string id;
    Secret secret;
    absl::Time from = absl::InfinitePast();
    bool retired = false;
    size_t number = 0;  // in the text, from 0
  };

  // INVALID_ARGUMENT names the line and the fault, never the content.
  static absl::StatusOr<KeyFile> Parse(absl::string_view text);

  // As Parse, the error naming the file; besides
  //   NOT_FOUND            cannot be opened or read
  //   FAILED_PRECONDITION  not a regular file, or its mode lets group or others in
  static absl::StatusOr<KeyFile> Load(const std::string& path);

  // In the place of the file at `path`, at once or not at all, with its owner and mode.
  absl::Status Save(const std::string& path) const;

  // A file with one fresh key. `key_id` must be a valid id.
  static std::string NewText(Random& random, absl::string_view key_id);

  // One that begins with "-" would be an option where somebody types it.
  static bool IsValidId(absl::string_view key_id);

  const std::vector<Line>& lines() const { return lines_; }
  absl::string_view text() const { return text_.Reveal(); }
  // Null: no such key.
  const Line* Find(absl::string_view key_id) const;
  // Null: every key is retired, or its time is still to come.
  const Line* Active(absl::Time now) const;

  // With a fresh key more that becomes active at `from`, in whole seconds.
  absl::StatusOr<KeyFile> WithNewKey(Random& random, absl::string_view key_id,
                                     absl::Time from) const;
  // NOT_FOUND: no such key.
  absl::StatusOr<KeyFile> WithRetired(absl::string_view key_id) const;
  absl::StatusOr<KeyFile> Without(absl::string_view key_id) const;

 private:
  KeyFile(absl::string_view text, std::vector<Line> lines)
      : text_(text), lines_(std::move(lines)) {}

  // With `words` behind the line of this key, or without the line.
  absl::StatusOr<KeyFile> Edited(absl::string_view key_id, const char* words) const;

  Secret text_;
  std::vector<Line> lines_;  // at least one
};

}  // namespace otpgate::crypto

#endif  // OTPGATE_SERVER_CRYPTO_KEY_FILE_H_
