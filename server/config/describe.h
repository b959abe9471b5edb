#ifndef OTPGATE_SERVER_CONFIG_DESCRIBE_H_
#define OTPGATE_SERVER_CONFIG_DESCRIBE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "server/config/keys.h"

// Texts about keys, generated from the table of keys. Pure.
namespace otpgate::config {

// "Life of a login code. ... 30s to 10m." with the production rule if there is one.
std::string Describe(const Key& key);

// The value in TOML: 6, true, "5m", ["a", "b"].
std::string TomlValue(const Key& key, absl::string_view text);

// The text of deploy/otpgate.example.toml: every key with its default, commented out.
std::string ExampleToml();

// The text of deploy/.env.example: the same as environment variables.
std::string ExampleEnv();

}  // namespace otpgate::config

#endif  // OTPGATE_SERVER_CONFIG_DESCRIBE_H_
