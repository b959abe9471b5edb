#include "server/start_check.h"

#include "server/config/load.h"
#include "server/crypto/system_random.h"
#include "server/delivery/template.h"
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
    OTPGATE_RETURN_IF_ERROR(ReadTextFile(config.database.password_file).status());
  }
  return delivery::Templates::Create({config.delivery.brand, config.delivery.host}).status();
}

}  // namespace otpgate
