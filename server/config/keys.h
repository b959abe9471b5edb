#ifndef OTPGATE_SERVER_CONFIG_KEYS_H_
#define OTPGATE_SERVER_CONFIG_KEYS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/config/field.h"

namespace otpgate {

// What production refuses about a key.
struct ProductionRule {
  bool (*refused)(const Config& config) = nullptr;  // null: nothing
  absl::string_view must;                           // "must be true"
};

// One configuration key. Flags, environment names, --help, --check-config and both example files
// come from these.
struct Key {
  absl::string_view name;  // "otp.ttl": table and key of the file
  Field field;             // type, place and bounds
  absl::string_view doc;   // sentences
  ProductionRule production = {};
  absl::string_view older_env = {};  // a name that also works, from before there were others
};

// Every key but [[clients]], in the order of the documentation. The default of a key is what a
// Config{} holds.
const std::vector<Key>& AllKeys();

// Null: there is none.
const Key* FindKey(absl::string_view name);

std::string EnvironmentName(const Key& key);  // "OTPGATE_OTP_TTL"
std::string FlagName(const Key& key);         // "--otp.ttl"
absl::string_view Section(const Key& key);    // "otp"; empty at the top
absl::string_view Leaf(const Key& key);       // "ttl"

// The parts of the table, a section or more each.
std::vector<Key> GeneralKeys();
std::vector<Key> ServerKeys();
std::vector<Key> StoreKeys();
std::vector<Key> OtpKeys();
std::vector<Key> LimitKeys();
std::vector<Key> TokenKeys();
std::vector<Key> DeliveryKeys();
std::vector<Key> CleanupKeys();

// Place of a member of a member: kAt<&Config::otp, &OtpConfig::ttl>.
template <auto... kPath>
inline constexpr auto kAt = +[](Config& config) -> auto& {
  return (config.*....*kPath);
};

// Field of an enumeration whose enumerators are in the order of `names`.
template <auto... kPath>
ChoiceField Choice(std::vector<absl::string_view> names) {
  return {std::move(names),
          [](const Config& config) { return static_cast<size_t>((config.*....*kPath)); },
          [](Config& config, size_t choice) {
            auto& place = kAt<kPath...>(config);
            place = static_cast<std::remove_reference_t<decltype(place)>>(choice);
          }};
}

}  // namespace otpgate

#endif  // OTPGATE_SERVER_CONFIG_KEYS_H_
