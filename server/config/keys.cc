#include "server/config/keys.h"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace otpgate::config {
namespace {

// The Levenshtein distance.
size_t EditDistance(absl::string_view a, absl::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (size_t i = 0; i < a.size(); ++i) {
    size_t diagonal = std::exchange(row[0], i + 1);
    for (size_t j = 0; j < b.size(); ++j) {
      const size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, diagonal + 1, row[j] + 1});
    }
  }
  return row[b.size()];
}

}  // namespace

const std::vector<Key>& AllKeys() {
  static const std::vector<Key>& keys = *[] {
    auto* all = new std::vector<Key>;
    for (const auto part : {GeneralKeys, ServerKeys, StoreKeys, OtpKeys, LimitKeys, TokenKeys,
                            DeliveryKeys, CleanupKeys, CompatKeys}) {
      std::vector<Key> some = part();
      all->insert(all->end(), std::make_move_iterator(some.begin()),
                  std::make_move_iterator(some.end()));
    }
    return all;
  }();
  return keys;
}

const Key* FindKey(absl::string_view name) {
  for (const Key& key : AllKeys()) {
    if (key.name == name) return &key;
  }
  return nullptr;
}

std::string EnvironmentName(const Key& key) {
  return absl::StrCat("OTPGATE_",
                      absl::AsciiStrToUpper(absl::StrReplaceAll(key.name, {{".", "_"}})));
}

std::string FlagName(const Key& key) { return absl::StrCat("--", key.name); }

absl::string_view Section(const Key& key) {
  const size_t dot = key.name.find('.');
  return dot == absl::string_view::npos ? absl::string_view() : key.name.substr(0, dot);
}

absl::string_view Leaf(const Key& key) {
  const size_t dot = key.name.find('.');
  return dot == absl::string_view::npos ? key.name : key.name.substr(dot + 1);
}

std::string DidYouMean(absl::string_view name, const std::vector<std::string>& candidates) {
  constexpr size_t kNameBytesMax = 100;
  if (name.size() > kNameBytesMax) return "";
  size_t least = 1 + std::max<size_t>(2, name.size() / 3);
  const std::string* nearest = nullptr;
  for (const std::string& candidate : candidates) {
    const size_t distance = EditDistance(name, candidate);
    if (distance >= least) continue;
    least = distance;
    nearest = &candidate;
  }
  return nearest == nullptr ? "" : absl::StrCat(" (did you mean ", *nearest, "?)");
}

}  // namespace otpgate::config
