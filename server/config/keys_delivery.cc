#include "server/config/forms.h"
#include "server/config/keys.h"

namespace otpgate::config {

std::vector<Key> DeliveryKeys() {
  return {
      {"delivery.sender",
       Choice<&Config::delivery, &DeliveryConfig::sender>({"console", "file"}),
       "How messages leave: \"console\" prints them, \"file\" appends them to delivery.file_path.",
       {[](const Config& c) { return c.delivery.sender == SenderKind::kConsole; },
        "must not be console"}},
      {"delivery.file_path",
       TextField{kAt<&Config::delivery, &DeliveryConfig::file_path>, PathForm()},
       "File for the file sender; needed with it."},
      {"delivery.brand", TextField{kAt<&Config::delivery, &DeliveryConfig::brand>, BrandForm()},
       "Name of the product in messages."},
      {"delivery.host",
       TextField{kAt<&Config::delivery, &DeliveryConfig::host>, HostForm()},
       "Host name where codes are entered; the last line of an SMS, \"@host #123456\", binds the "
       "code to it.",
       {[](const Config& c) { return c.delivery.host == "localhost"; }, "must not be localhost"}},
  };
}

}  // namespace otpgate::config
