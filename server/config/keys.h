#ifndef OTPGATE_SERVER_CONFIG_KEYS_H_
#define OTPGATE_SERVER_CONFIG_KEYS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/config/field.h"

namespace otpgate::config {

// What production refuses in a key.
struct ProductionRule {
  bool (*refused)(const Config& config) = nullptr;  // null: nothing
  absl::string_view must;                           // "must be true"
};

// One configuration key. Flags, environment names, --help, --check-config and both example files
// are generated from the keys.
struct Key {
  absl::string_view name;  // "otp.ttl": table and key of the file
  Field field;             // type, accessor and bounds
  absl::string_view doc;   // sentences
  ProductionRule production = {};
  absl::string_view older_env = {};  // an older environment name, which still works
};

// Every key but [[clients]], in the order of the documentation. The default of a key is its value
// in Config{}.
const std::vector<Key>& AllKeys();

// Null: there is none.
const Key* FindKey(absl::string_view name);

std::string EnvironmentName(const Key& key);  // "OTPGATE_OTP_TTL"
std::string FlagName(const Key& key);         // "--otp.ttl"
absl::string_view Section(const Key& key);    // "otp"; empty at the top
absl::string_view Leaf(const Key& key);       // "ttl"

// " (did you mean x?)" with the nearest candidate by edit distance, or "" if none is near.
std::string DidYouMean(absl::string_view name, const std::vector<std::string>& candidates);

// The parts of the table, each of one or more sections.
std::vector<Key> GeneralKeys();
std::vector<Key> ServerKeys();
std::vector<Key> StoreKeys();
std::vector<Key> OtpKeys();
std::vector<Key> LimitKeys();
std::vector<Key> TokenKeys();
std::vector<Key> DeliveryKeys();
std::vector<Key> CleanupKeys();
std::vector<Key> CompatKeys();

// The Accessor of a nested member: kAt<&Config::otp, &OtpPolicy::login_ttl>.
template <auto... kPath>
inline constexpr auto kAt = +[](Config& config) -> auto& {
  return (config.*....*kPath);
};

// The field of an enumeration whose enumerators are in the order of `names`.
template <auto... kPath>
ChoiceField Choice(std::vector<absl::string_view> names) {
  return {std::move(names),
          [](const Config& config) { return static_cast<size_t>((config.*....*kPath)); },
          [](Config& config, size_t choice) {
            auto& value = kAt<kPath...>(config);
            value = static_cast<std::remove_reference_t<decltype(value)>>(choice);
          }};
}

}  // namespace otpgate::config

#endif  // OTPGATE_SERVER_CONFIG_KEYS_H_
