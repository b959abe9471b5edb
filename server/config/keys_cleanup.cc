#include "server/config/forms.h"
#include "server/config/keys.h"

namespace otpgate::config {
namespace {

template <auto... kPath>
constexpr auto kJob = kAt<&Config::cleanup, &CleanupConfig::job, kPath...>;

}  // namespace

std::vector<Key> CleanupKeys() {
  return {
      {"cleanup.enabled", BoolField{kAt<&Config::cleanup, &CleanupConfig::enabled>},
       "This server takes its turn at removing rows that are of no use any more. Off: others do, "
       "or `otpgatectl cleanup run`."},
      {"cleanup.interval",
       DurationField{kJob<&jobs::CleanupOptions::lease, &jobs::LeasedJobOptions::interval>,
                     absl::Seconds(1), absl::Hours(24)},
       "Between the beginnings of two rounds; one server of all makes each round."},
      {"cleanup.lease",
       DurationField{kJob<&jobs::CleanupOptions::lease, &jobs::LeasedJobOptions::lease>,
                     absl::Seconds(1), jobs::LeasedJobOptions::kLeaseMax},
       "A server that dies in a round is followed by another one after this long."},
      {"cleanup.share",
       IntField{kJob<&jobs::CleanupOptions::pace, &jobs::CleanupPace::share>, 1, 100, "percent"},
       "Share of its time in which a round has a statement running, so that logins do not feel "
       "it."},
      {"cleanup.codes",
       DurationField{kJob<&jobs::CleanupOptions::retention, &storage::Retention::codes>,
                     absl::Minutes(1), kYear},
       "Codes stay this long after they expired, used or not. Other rows have times of their own: "
       "requests 24 hours, identifiers without an account 24 hours after the last event, and twice "
       "database.max_clock_offset."},
      {"cleanup.messages",
       DurationField{kJob<&jobs::CleanupOptions::retention, &storage::Retention::messages>,
                     absl::Hours(1), kYear},
       "Finished messages, which carry no code any more, stay this long."},
      {"cleanup.sessions",
       DurationField{kJob<&jobs::CleanupOptions::retention, &storage::Retention::sessions>,
                     absl::Minutes(20), kYear},
       "Sessions stay this long after their absolute end; until then they tell a stolen refresh "
       "token."},
      {"cleanup.audit",
       DurationField{kJob<&jobs::CleanupOptions::retention, &storage::Retention::audit>, kDay,
                     10 * kYear},
       "Audit events stay this long."},
      {"cleanup.user", TextField{kAt<&Config::cleanup, &CleanupConfig::user>, TokenNameForm()},
       "Database user that may remove rows, at database.url; the one there may not."},
      {"cleanup.password_file",
       TextField{kAt<&Config::cleanup, &CleanupConfig::password_file>, PathForm()},
       "File whose first line is the password of that user. Empty: database.password_file."},
  };
}

}  // namespace otpgate::config
