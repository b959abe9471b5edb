#ifndef OTPGATE_SERVER_SECRETS_H_
#define OTPGATE_SERVER_SECRETS_H_

#include <array>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/config/config.h"
#include "server/crypto/key_file.h"
#include "server/crypto/keyring.h"
#include "server/rpc/callers.h"
#include "server/runtime/random.h"

namespace otpgate {

// The root secrets of the process, one per use.
struct Secrets {
  crypto::Keyring peppers;  // MACs of codes, fingerprints of requests
  crypto::Keyring handle_keys;
  crypto::Keyring refresh_keys;
  crypto::Keyring master;  // seals what rests in the database
};

// The key files of a configuration, read again and again: keys come, become active at their time,
// and go. In memory mode a path may be empty, which draws a key for this process. One thread.
class SecretFiles {
 public:
  SecretFiles(const SecretsConfig& paths, Random& random);

  // The secrets of this moment; nothing: they are those of the last time, or a file was never read
  // well. One that cannot be used counts as it was read before, and does not hold up the others.
  std::optional<Secrets> Read(absl::Time now);
  // What was wrong with a file the last time; names the file, never its content.
  const absl::Status& problem() const { return problem_; }

 private:
  struct File {
    std::string path;
    std::optional<crypto::KeyFile> content;
    std::string active_id;
  };
  enum Use { kPeppers, kHandleKeys, kRefreshKeys, kMaster, kUses };

  static absl::StatusOr<crypto::KeyFile> Load(const std::string& path, absl::Time now);
  void Refresh(File& file, absl::Time now);

  std::array<File, kUses> files_;
  bool changed_ = false;  // and not told yet
  absl::Status problem_;
};

// The [[clients]] with the MACs of their secrets; in development also callers without credentials.
absl::StatusOr<Callers> LoadCallers(const Config& config);

}  // namespace otpgate

#endif  // OTPGATE_SERVER_SECRETS_H_
