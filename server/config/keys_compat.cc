#include "server/config/keys.h"

namespace otpgate::config {

std::vector<Key> CompatKeys() {
  return {
      {"compat.enabled", BoolField{kAt<&Config::compat, &rpc::CompatOptions::enabled>},
       "Serve the routes of older designs (CompatService). Off: none of them, whatever the keys "
       "below say."},
      {"compat.mobile_otp", BoolField{kAt<&Config::compat, &rpc::CompatOptions::mobile_otp>},
       "Of these, the ones of mobile codes: /api/auth/send-otp, /api/auth/verify-otp, also under "
       "/api/v1."},
      {"compat.signup_otp", BoolField{kAt<&Config::compat, &rpc::CompatOptions::signup_otp>},
       "The ones of sign-up codes: /api/v1/users/signup/send-otp, "
       "/api/v1/users/signup/verify-otp."},
  };
}

}  // namespace otpgate::config
