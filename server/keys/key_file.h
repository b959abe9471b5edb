#ifndef OTPGATE_SERVER_KEYS_KEY_FILE_H_
#define OTPGATE_SERVER_KEYS_KEY_FILE_H_

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/crypto/secret.h"
#include "base/random.h"

namespace otpgate::keys {

// A file with the root secrets of one use (peppers, handle keys, refresh keys, master keys):
//
//   # a comment
//   <key id> <base64 of 32 bytes> [from=<RFC 3339 time>] [retired]
//
// The active key makes new values: it is the newest of the keys whose time has come. A key without
// a time is older than those with one; of several keys with the same time the first line wins. The
// other keys are accepted, also before their time, so that every server can know a key before one
// of them uses it. Values made with a retired key are refused, except by calls that only end
// something. Ids are 1 to 16 of [a-z0-9-] and do not begin with "-".
//
// Immutable, so thread-safe: an edit returns a new file and keeps all other lines.
class KeyFile {
 public:
  struct Line {
    std::string id;
    crypto::Secret secret;
    absl::Time from = absl::InfinitePast();
    bool retired = false;
    size_t number = 0;  // of the line in the text, from 0
  };

  // INVALID_ARGUMENT: the message names the line and the error, never the content.
  static absl::StatusOr<KeyFile> Parse(absl::string_view text);

  // Reads a file. Blocking. Errors name the file; they are those of Parse and
  //   NOT_FOUND            the file cannot be opened or read
  //   FAILED_PRECONDITION  it is not a regular file, or its mode gives access to group or others
  static absl::StatusOr<KeyFile> Load(const std::string& path);

  // Replaces the file at `path` atomically and keeps its owner and mode. Blocking.
  //   UNAVAILABLE  the file is missing or cannot be replaced
  absl::Status Save(const std::string& path) const;

  // The text of a file with one new key. `key_id` must be a valid id.
  static std::string NewText(Random& random, absl::string_view key_id);

  // Whether a key may have this id. An id that begins with "-" would be an option of a command
  // line.
  static bool IsValidId(absl::string_view key_id);

  const std::vector<Line>& lines() const { return lines_; }
  absl::string_view text() const { return text_.Reveal(); }
  // Null if there is no such key.
  const Line* Find(absl::string_view key_id) const;
  // The active key at `now`; null if every key is retired or its time has not come.
  const Line* Active(absl::Time now) const;

  // Adds a new key that becomes active at `from`, in whole seconds. INVALID_ARGUMENT: as Parse, for
  // an id that is not valid or already used.
  absl::StatusOr<KeyFile> WithNewKey(Random& random, absl::string_view key_id,
                                     absl::Time from) const;
  // Marks a key as retired, or removes it. NOT_FOUND: no such key. INVALID_ARGUMENT: no key is
  // left.
  absl::StatusOr<KeyFile> WithRetired(absl::string_view key_id) const;
  absl::StatusOr<KeyFile> Without(absl::string_view key_id) const;

 private:
  KeyFile(absl::string_view text, std::vector<Line> lines)
      : text_(text), lines_(std::move(lines)) {}

  // Appends `words` to the line of this key; removes the line if `words` is null.
  absl::StatusOr<KeyFile> Edited(absl::string_view key_id, const char* words) const;

  crypto::Secret text_;
  std::vector<Line> lines_;  // at least one
};

}  // namespace otpgate::keys

#endif  // OTPGATE_SERVER_KEYS_KEY_FILE_H_
