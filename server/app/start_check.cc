#include "server/app/start_check.h"

#include "base/clock.h"
#include "base/crypto/system_random.h"
#include "base/status_macros.h"
#include "base/text_file.h"
#include "server/app/secret_files.h"
#include "server/config/password_file.h"
#include "server/delivery/template.h"
#include "server/rpc/tls_files.h"

namespace otpgate::app {

absl::Status CheckStart(const config::Config& config) {
  crypto::SystemRandom random;
  SecretFiles files(config.secrets, random);
  files.Read(SystemClock().Now());
  OTPGATE_RETURN_IF_ERROR(files.problem());
  OTPGATE_RETURN_IF_ERROR(LoadCallers(config).status());
  if (!config.database.password_file.empty()) {
    OTPGATE_RETURN_IF_ERROR(
        config::ReadPasswordFile(config.database.password_file, ReadTextFile).status());
  }
  if (const rpc::TlsOptions& tls = config.listen.tls; !tls.directory.empty()) {
    OTPGATE_RETURN_IF_ERROR(rpc::LoadTls(tls, SystemClock().Now()).status());
  }
  return delivery::Templates::Create({config.delivery.brand, config.delivery.host}).status();
}

}  // namespace otpgate::app
