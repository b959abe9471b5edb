#include "server/config/forms.h"
#include "server/config/keys.h"

namespace otpgate::config {

std::vector<Key> TokenKeys() {
  return {
      {"sessions.absolute",
       DurationField{
           kAt<&Config::otp, &domain::OtpPolicy::session, &domain::SessionPolicy::absolute>,
           absl::Minutes(15), kYear},
       "A session ends this long after the sign-in, however it is used."},
      {"sessions.idle",
       DurationField{kAt<&Config::otp, &domain::OtpPolicy::session, &domain::SessionPolicy::idle>,
                     absl::Minutes(15), kYear},
       "A session ends when it was not used for this long."},
      {"sessions.refresh_grace",
       DurationField{kAt<&Config::otp, &domain::OtpPolicy::session, &domain::SessionPolicy::grace>,
                     absl::ZeroDuration(), absl::Minutes(1)},
       "After a refresh, time in which the refresh token before still gets the current one, for "
       "clients that lost the answer. Later it is taken for stolen."},
      {"tokens.issuer",
       TextField{kAt<&Config::tokens, &service::TokenPolicy::issuer>, TokenNameForm()},
       "The iss claim of access tokens, best the https:// URL of this service."},
      {"tokens.live_audiences",
       ListField{kAt<&Config::tokens, &service::TokenPolicy::live_audiences>, TokenNameForm()},
       "The aud claim of access tokens of live accounts."},
      {"tokens.demo_audiences",
       ListField{kAt<&Config::tokens, &service::TokenPolicy::demo_audiences>, TokenNameForm()},
       "The aud claim of access tokens of demo accounts; none of the live ones."},
      {"tokens.access_ttl",
       DurationField{kAt<&Config::tokens, &service::TokenPolicy::access_ttl>, absl::Minutes(1),
                     absl::Minutes(15)},
       "Life of an access token, and so the time a locally checked one outlives a logout."},
      {"tokens.rotate_signing_key",
       DurationField{kAt<&Config::secrets, &SecretsConfig::rotate_signing_key>, absl::Hours(24),
                     absl::Hours(24 * 730)},
       "A signing key is followed by a new one after this long, which is published ahead of its "
       "use; `otpgatectl keys rotate` does it now."},
  };
}

}  // namespace otpgate::config
