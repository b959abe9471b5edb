#include "server/config/forms.h"
#include "server/config/keys.h"

namespace otpgate {

std::vector<Key> CleanupKeys() {
  constexpr absl::Duration kDay = absl::Hours(24);
  constexpr absl::Duration kYear = absl::Hours(365 * 24);
  return {
      {"cleanup.enabled", BoolField{kAt<&Config::cleanup, &CleanupConfig::enabled>},
       "This server takes its turn at removing rows that are of no use any more. Off: others do, "
       "or `otpgatectl cleanup run`."},
      {"cleanup.interval",
       DurationField{kAt<&Config::cleanup, &CleanupConfig::interval>, absl::Seconds(1),
                     absl::Hours(24)},
       "Between the beginnings of two rounds; one server of all makes each round."},
      {"cleanup.lease",
       DurationField{kAt<&Config::cleanup, &CleanupConfig::lease>, absl::Seconds(1),
                     absl::Minutes(10)},  // kJobLeaseMax
       "A server that dies in a round is followed by another one after this long."},
      {"cleanup.share", IntField{kAt<&Config::cleanup, &CleanupConfig::share>, 1, 100, "percent"},
       "Share of its time in which a round has a statement running, so that logins do not feel "
       "it."},
      {"cleanup.codes",
       DurationField{kAt<&Config::cleanup, &CleanupConfig::codes>, absl::Minutes(1), kYear},
       "Codes stay this long after they expired, used or not. Other rows have times of their own: "
       "requests 24 hours, identifiers without an account 24 hours after the last event, and twice "
       "database.max_clock_offset."},
      {"cleanup.messages",
       DurationField{kAt<&Config::cleanup, &CleanupConfig::messages>, absl::Hours(1), kYear},
       "Finished messages, which carry no code any more, stay this long."},
      {"cleanup.sessions",
       DurationField{kAt<&Config::cleanup, &CleanupConfig::sessions>, absl::Minutes(20), kYear},
       "Sessions stay this long after their absolute end; until then they tell a stolen refresh "
       "token."},
      {"cleanup.audit",
       DurationField{kAt<&Config::cleanup, &CleanupConfig::audit>, kDay, 10 * kYear},
       "Audit events stay this long."},
      {"cleanup.user", TextField{kAt<&Config::cleanup, &CleanupConfig::user>, TokenNameForm()},
       "Database user that may remove rows, at database.url; the one there may not."},
      {"cleanup.password_file",
       TextField{kAt<&Config::cleanup, &CleanupConfig::password_file>, PathForm()},
       "File whose first line is the password of that user. Empty: database.password_file."},
  };
}

}  // namespace otpgate
