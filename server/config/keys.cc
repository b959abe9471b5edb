#include "server/config/keys.h"

#include <iterator>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace otpgate {

const std::vector<Key>& AllKeys() {
  static const std::vector<Key>& keys = *[] {
    auto* all = new std::vector<Key>;
    for (const auto part : {GeneralKeys, ServerKeys, StoreKeys, OtpKeys, LimitKeys, TokenKeys,
                            DeliveryKeys, CleanupKeys}) {
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

}  // namespace otpgate
