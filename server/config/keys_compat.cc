#include "server/config/keys.h"

namespace otpgate::config {

std::vector<Key> CompatKeys() {
  return {
      {"compat.enabled", BoolField{kAt<&Config::compat, &rpc::CompatOptions::enabled>},
       "Serve the routes of older designs (CompatService). Off: none of them, whatever the keys "
       "below say."},
      {"compat.verification", BoolField{kAt<&Config::compat, &rpc::CompatOptions::verification>},
       "Of these, the ones of phone and e-mail verification: /verify-phone, /verify-phone-code, "
       "/resend-verification, also under /api/auth."},
      {"compat.otp_service", BoolField{kAt<&Config::compat, &rpc::CompatOptions::otp_service>},
       "The ones of the OTP service: /api/auth/otp/request, /api/auth/otp/verify, "
       "/api/auth/otp/resend."},
      {"compat.mobile_otp", BoolField{kAt<&Config::compat, &rpc::CompatOptions::mobile_otp>},
       "The ones of mobile codes: /api/auth/send-otp, /api/auth/verify-otp, also under "
       "/api/v1."},
      {"compat.signup_otp", BoolField{kAt<&Config::compat, &rpc::CompatOptions::signup_otp>},
       "The ones of sign-up codes: /api/v1/users/signup/send-otp, "
       "/api/v1/users/signup/verify-otp."},
  };
}

}  // namespace otpgate::config
