#ifndef OTPGATE_SERVER_APP_SECRET_FILES_H_
#define OTPGATE_SERVER_APP_SECRET_FILES_H_

#include <array>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/random.h"
#include "server/config/config.h"
#include "server/keys/key_file.h"
#include "server/keys/keyring.h"
#include "server/rpc/callers.h"

namespace otpgate::app {

// The root secrets of the process, one keyring per use.
struct Secrets {
  keys::Keyring peppers;  // MACs of codes, fingerprints of requests
  keys::Keyring handle_keys;
  keys::Keyring refresh_keys;
  keys::Keyring master;  // seals signing keys and messages in the database
};

// Reads the key files of a configuration, any number of times: keys are added and removed, and
// become active at their time. In memory mode a path may be empty: the key is generated for this
// process. One thread.
class SecretFiles {
 public:
  SecretFiles(const config::SecretsConfig& paths, Random& random);

  // Returns the current secrets; none when they are those of the last call, or a file was never
  // usable. An unusable file keeps its earlier content, and does not hold up the others.
  std::optional<Secrets> Read(absl::Time now);
  // The first problem of the last Read; names the file, never its content.
  const absl::Status& problem() const { return problem_; }

 private:
  struct File {
    std::string path;
    std::optional<keys::KeyFile> content;
    std::string active_id;
  };
  enum Use { kPeppers, kHandleKeys, kRefreshKeys, kMaster, kUses };

  static absl::StatusOr<keys::KeyFile> Load(const std::string& path, absl::Time now);
  void Refresh(File& file, absl::Time now);

  std::array<File, kUses> files_;
  bool changed_ = false;  // since Read last returned secrets
  absl::Status problem_;
};

// Loads the [[clients]] with the MACs of their secrets; in development also callers without
// credentials.
absl::StatusOr<rpc::Callers> LoadCallers(const config::Config& config);

}  // namespace otpgate::app

#endif  // OTPGATE_SERVER_APP_SECRET_FILES_H_
