#include "server/start_check.h"

#include "server/config/load.h"
#include "server/config/password_file.h"
#include "server/crypto/system_random.h"
#include "server/delivery/template.h"
#include "server/policies.h"
#include "server/rpc/tls_files.h"
#include "server/runtime/clock.h"
#include "server/runtime/status_macros.h"
#include "server/secrets.h"

namespace otpgate {

absl::Status CheckStart(const Config& config) {
  crypto::SystemRandom random;
  SecretFiles files(config.secrets, random);
  files.Read(SystemClock().Now());
  OTPGATE_RETURN_IF_ERROR(files.problem());
  OTPGATE_RETURN_IF_ERROR(LoadCallers(config).status());
  if (!config.database.password_file.empty()) {
    OTPGATE_RETURN_IF_ERROR(ReadPasswordFile(config.database.password_file, ReadTextFile).status());
  }
  if (const TlsOptions tls = TlsOptionsFrom(config.listen); !tls.directory.empty()) {
    OTPGATE_RETURN_IF_ERROR(LoadTls(tls, SystemClock().Now()).status());
  }
  return delivery::Templates::Create({config.delivery.brand, config.delivery.host}).status();
}

}  // namespace otpgate
