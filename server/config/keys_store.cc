#include "server/config/forms.h"
#include "server/config/keys.h"

namespace otpgate::config {

std::vector<Key> StoreKeys() {
  return {
      {"database.url",
       TextField{kAt<&Config::database, &DatabaseConfig::postgres,
                     &pg::ConnectionOptions::connection_string>,
                 DatabaseUrlForm()},
       "How to reach PostgreSQL: \"host=/run/postgresql dbname=otpgate user=otpgate_app\" or a "
       "postgresql:// URI. Needed with use_database."},
      {"database.password_file",
       TextField{kAt<&Config::database, &DatabaseConfig::password_file>, PathForm()},
       "File whose first line is the password of the database user. Empty: none is sent."},
      {"database.prepared_statements",
       BoolField{kAt<&Config::database, &DatabaseConfig::postgres,
                     &pg::ConnectionOptions::prepared_statements>},
       "Off: nothing is prepared by name, for PgBouncer in transaction mode."},
      {"database.connect_timeout",
       DurationField{kAt<&Config::database, &DatabaseConfig::postgres,
                         &pg::ConnectionOptions::connect_timeout>,
                     absl::Seconds(2), absl::Minutes(1)},
       "Time to open a connection, in whole seconds."},
      {"database.answer_timeout",
       DurationField{kAt<&Config::database, &DatabaseConfig::answer_timeout>,
                     absl::Milliseconds(100), absl::Minutes(5)},
       "A connection whose server owes an answer for so long is given up, and what it was doing is "
       "looked up on another one. Longer than the statement_timeout of the role, which is 2s."},
      {"database.health_interval",
       DurationField{kAt<&Config::database, &DatabaseConfig::health_interval>,
                     absl::Milliseconds(100), absl::Minutes(1)},
       "How often the database is asked whether it is there; health and NOT_SERVING follow."},
      {"database.max_clock_offset",
       DurationField{kAt<&Config::database, &DatabaseConfig::max_clock_offset>, absl::Seconds(1),
                     absl::Hours(1)},
       "Further apart the clocks of this server and of the database must not be: NOT_SERVING until "
       "they agree. Codes and sessions live by the database's clock alone."},
      {"secrets.pepper_file",
       TextField{kAt<&Config::secrets, &SecretsConfig::pepper_file>, PathForm()},
       "Key file of the MACs of codes and requests. Losing it voids all pending codes. Needed with "
       "use_database; in memory mode an empty path means a key drawn at start, as for the three "
       "below."},
      {"secrets.handle_key_file",
       TextField{kAt<&Config::secrets, &SecretsConfig::handle_key_file>, PathForm()},
       "Key file of handles."},
      {"secrets.refresh_key_file",
       TextField{kAt<&Config::secrets, &SecretsConfig::refresh_key_file>, PathForm()},
       "Key file of refresh tokens. Removing a key from it ends the sessions made with it."},
      {"secrets.master_key_file",
       TextField{kAt<&Config::secrets, &SecretsConfig::master_key_file>, PathForm()},
       "Key file that seals signing keys and messages in the database."},
      {"secrets.reload_interval",
       DurationField{kAt<&Config::secrets, &SecretsConfig::reload_interval>,
                     absl::Milliseconds(100), absl::Minutes(1)},
       "How often the key files and the signing keys of the database are looked at again. So long "
       "a key that was retired may still be accepted.",
       {[](const Config& c) { return c.secrets.reload_interval > absl::Seconds(4); },
        "must be at most 4s"}},
  };
}

}  // namespace otpgate::config
