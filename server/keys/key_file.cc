#include "server/keys/key_file.h"

#include <algorithm>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/check.h"
#include "base/status_macros.h"

namespace otpgate::keys {
namespace {

constexpr size_t kKeyBytes = 32;
constexpr size_t kKeyIdBytesMax = 16;

// Decodes a key; empty unless `text` is the only accepted spelling of 32 bytes.
crypto::Secret DecodeKey(absl::string_view text) {
  std::string bytes;
  crypto::Secret key;
  if (absl::Base64Unescape(text, &bytes) && bytes.size() == kKeyBytes) {
    std::string spelling = absl::Base64Escape(bytes);
    if (spelling == text) key = crypto::Secret(bytes);
    crypto::Cleanse(spelling.data(), spelling.size());
  }
  crypto::Cleanse(bytes.data(), bytes.size());
  return key;
}

// Reads a word after the key.
absl::Status ReadWord(absl::string_view word, KeyFile::Line& line) {
  std::string error;
  if (word == "retired") {
    line.retired = true;
  } else if (!absl::ConsumePrefix(&word, "from=") ||
             !absl::ParseTime(absl::RFC3339_sec, word, &line.from, &error)) {
    return absl::InvalidArgumentError(
        "expected a key id and a key, then from=2026-01-31T12:00:00Z or retired");
  }
  return absl::OkStatus();
}

absl::StatusOr<KeyFile::Line> ParseLine(absl::string_view text) {
  const std::vector<absl::string_view> words =
      absl::StrSplit(text, absl::ByAnyChar(" \t"), absl::SkipEmpty());
  if (words.size() < 2) return absl::InvalidArgumentError("expected a key id and a key");
  if (!KeyFile::IsValidId(words[0])) {
    return absl::InvalidArgumentError("the key id is not 1 to 16 of a-z, 0-9, -, or begins with -");
  }
  KeyFile::Line line;
  line.id = std::string(words[0]);
  line.secret = DecodeKey(words[1]);
  if (line.secret.empty()) return absl::InvalidArgumentError("the key is not base64 of 32 bytes");
  for (size_t i = 2; i < words.size(); ++i) OTPGATE_RETURN_IF_ERROR(ReadWord(words[i], line));
  return line;
}

bool Clash(const KeyFile::Line& a, const KeyFile::Line& b) {
  return a.id == b.id || a.secret.Equals(b.secret.Reveal());
}

std::string KeyWords(Random& random, absl::string_view key_id) {
  const crypto::Secret key = crypto::Secret::Generate(random, kKeyBytes);
  return absl::StrCat(key_id, " ", absl::Base64Escape(key.Reveal()));
}

}  // namespace

bool KeyFile::IsValidId(absl::string_view key_id) {
  return !key_id.empty() && key_id.size() <= kKeyIdBytesMax && key_id.front() != '-' &&
         std::all_of(key_id.begin(), key_id.end(), [](char c) {
           return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '-';
         });
}

absl::StatusOr<KeyFile> KeyFile::Parse(absl::string_view text) {
  std::vector<Line> lines;
  size_t number = 0;
  for (absl::string_view raw : absl::StrSplit(text, '\n')) {
    const size_t at = number++;
    raw = absl::StripAsciiWhitespace(raw);
    if (raw.empty() || raw.front() == '#') continue;
    absl::StatusOr<Line> line = ParseLine(raw);
    if (!line.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("line ", number, ": ", line.status().message()));
    }
    for (const Line& earlier : lines) {
      if (!Clash(earlier, *line)) continue;
      return absl::InvalidArgumentError(
          absl::StrCat("line ", number, ": the key id or the key is there twice"));
    }
    line->number = at;
    lines.push_back(*std::move(line));
  }
  if (lines.empty()) return absl::InvalidArgumentError("there is no key");
  return KeyFile(text, std::move(lines));
}

std::string KeyFile::NewText(Random& random, absl::string_view key_id) {
  OTPGATE_CHECK(IsValidId(key_id));
  return absl::StrCat("# otpgate keys; change them with `otpgatectl keys`\n",
                      KeyWords(random, key_id), "\n");
}

const KeyFile::Line* KeyFile::Find(absl::string_view key_id) const {
  const auto found = std::find_if(lines_.begin(), lines_.end(),
                                  [key_id](const Line& line) { return line.id == key_id; });
  return found == lines_.end() ? nullptr : &*found;
}

const KeyFile::Line* KeyFile::Active(absl::Time now) const {
  const Line* active = nullptr;
  for (const Line& line : lines_) {
    if (line.retired || line.from > now) continue;
    if (active == nullptr || line.from > active->from) active = &line;
  }
  return active;
}

absl::StatusOr<KeyFile> KeyFile::WithNewKey(Random& random, absl::string_view key_id,
                                            absl::Time from) const {
  const bool open_end = !absl::EndsWith(text(), "\n");
  return Parse(absl::StrCat(text(), open_end ? "\n" : "", KeyWords(random, key_id), " from=",
                            absl::FormatTime(absl::RFC3339_sec, from, absl::UTCTimeZone()), "\n"));
}

absl::StatusOr<KeyFile> KeyFile::Edited(absl::string_view key_id, const char* words) const {
  const Line* line = Find(key_id);
  if (line == nullptr) return absl::NotFoundError("there is no such key");
  std::string edited;
  const auto cleanser =
      absl::MakeCleanup([&edited] { crypto::Cleanse(edited.data(), edited.size()); });
  size_t number = 0;
  for (const absl::string_view raw : absl::StrSplit(absl::StripSuffix(text(), "\n"), '\n')) {
    const bool this_one = number++ == line->number;
    if (this_one && words == nullptr) continue;
    absl::StrAppend(&edited, this_one ? absl::StripTrailingAsciiWhitespace(raw) : raw,
                    this_one ? words : "", "\n");
  }
  return Parse(edited);
}

absl::StatusOr<KeyFile> KeyFile::WithRetired(absl::string_view key_id) const {
  return Edited(key_id, " retired");
}

absl::StatusOr<KeyFile> KeyFile::Without(absl::string_view key_id) const {
  return Edited(key_id, nullptr);
}

}  // namespace otpgate::keys
