#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/pg/connection_string.h"
#include "base/status_macros.h"
#include "base/text_file.h"
#include "migrations/migrator/migrator.h"
#include "server/app/backend.h"
#include "server/config/password_file.h"
#include "storage/postgres/pg_account_reader.h"
#include "storage/postgres/pg_bucket_store.h"
#include "storage/postgres/pg_cleaner.h"
#include "storage/postgres/pg_job_leases.h"
#include "storage/postgres/pg_outbox.h"
#include "storage/postgres/pg_session_store.h"
#include "storage/postgres/pg_signing_keys.h"
#include "storage/postgres/pg_subject_store.h"
#include "storage/postgres/server_checks.h"

namespace otpgate::app {
namespace {

class PostgresBackend final : public Backend {
 public:
  PostgresBackend(pg::ConnectionOptions options, pg::ConnectionOptions cleanup,
                  const config::Config& config, const Clock& clock, BackendObserver observer)
      : observer_(std::move(observer)),
        answer_watch_(config.database.answer_timeout, clock),
        options_(Watched(std::move(options))),
        cleanup_(Watched(std::move(cleanup))),
        answer_timeout_(config.database.answer_timeout),
        max_clock_offset_(config.database.max_clock_offset),
        cleans_(config.cleanup.enabled),
        production_(config.environment == config::Environment::kProduction),
        clock_(clock),
        checks_(options_) {}

  std::unique_ptr<storage::Store<storage::Subject>> MakeSubjects() override {
    return std::make_unique<storage::postgres::PgSubjectStore>(options_, clock_);
  }
  std::unique_ptr<storage::Store<storage::Bucket>> MakeBuckets() override {
    return std::make_unique<storage::postgres::PgBucketStore>(options_, clock_);
  }
  std::unique_ptr<storage::Store<storage::Session>> MakeSessions() override {
    return std::make_unique<storage::postgres::PgSessionStore>(options_, clock_);
  }
  std::unique_ptr<storage::Store<storage::User>> MakeUsers() override {
    return std::make_unique<storage::postgres::PgUserStore>(options_, clock_);
  }
  std::unique_ptr<storage::Reader<storage::SessionList>> MakeSessionLists() override {
    return std::make_unique<storage::postgres::PgSessionLister>(options_);
  }
  std::unique_ptr<storage::Reader<storage::AccountView>> MakeAccounts() override {
    return std::make_unique<storage::postgres::PgAccountReader>(options_);
  }
  std::unique_ptr<storage::Outbox> MakeOutbox() override {
    return std::make_unique<storage::postgres::PgOutbox>(options_);
  }
  std::unique_ptr<storage::SigningKeys> MakeSigningKeys() override {
    return std::make_unique<storage::postgres::PgSigningKeys>(options_);
  }
  std::unique_ptr<storage::Cleaner> MakeCleaner() override {
    return std::make_unique<storage::postgres::PgCleaner>(cleanup_);
  }
  std::unique_ptr<storage::JobLeases> MakeJobLeases() override {
    return std::make_unique<storage::postgres::PgJobLeases>(cleanup_);
  }

  absl::Status Check() override {
    OTPGATE_RETURN_IF_ERROR(migrator::CheckCurrentSchema(options_));
    OTPGATE_ASSIGN_OR_RETURN(const storage::postgres::ServerFacts facts, checks_.Facts());
    std::vector<std::string> problems = storage::postgres::ProductionProblems(facts);
    if (facts.statement_timeout >= answer_timeout_) {
      problems.emplace_back(
          "database.answer_timeout is not longer than the statement_timeout of this role");
    }
    if (!production_) return Ping();
    const bool may_pass = problems.empty();
    if (absl::Status cleanup = CheckCleanupUser(); !cleanup.ok()) {
      problems.emplace_back(cleanup.message());
    }
    if (problems.empty()) return Ping();
    const std::string all = absl::StrJoin(problems, "; ");
    return may_pass ? absl::UnavailableError(all) : absl::FailedPreconditionError(all);
  }
  absl::Status Ping() override {
    OTPGATE_ASSIGN_OR_RETURN(const storage::postgres::ClockOffset clocks,
                             checks_.CompareClocks(clock_));
    if (observer_.on_clock_offset) observer_.on_clock_offset(clocks.offset);
    if (clocks.IsWithin(max_clock_offset_)) return absl::OkStatus();
    return absl::UnavailableError(
        "the clocks of this server and of the database are further apart than "
        "database.max_clock_offset");
  }

 private:
  // UNAVAILABLE for every problem: it may pass by itself, like too many connections.
  absl::Status CheckCleanupUser() const {
    if (!cleans_) return absl::OkStatus();
    const absl::StatusOr<storage::postgres::ServerFacts> facts =
        storage::postgres::PgServerChecks(cleanup_).Facts();
    if (!facts.ok()) {
      return absl::UnavailableError(
          absl::StrCat("cleanup.user cannot be used (", facts.status().message(),
                       "): give it its password, or set cleanup.enabled = false"));
    }
    // Cleanup halves a step that hits statement_timeout, and must learn it before answer_timeout.
    if (facts->statement_timeout > absl::ZeroDuration() &&
        facts->statement_timeout < answer_timeout_) {
      return absl::OkStatus();
    }
    return absl::UnavailableError(
        "cleanup.user has no statement_timeout shorter than database.answer_timeout");
  }
  pg::ConnectionOptions Watched(pg::ConnectionOptions options) {
    options.answer_watch = &answer_watch_;
    options.on_statement = observer_.on_statement;
    return options;
  }

  const BackendObserver observer_;
  AnswerWatch answer_watch_;
  const pg::ConnectionOptions options_;
  const pg::ConnectionOptions cleanup_;  // as the user that may delete rows
  const absl::Duration answer_timeout_;
  const absl::Duration max_clock_offset_;
  const bool cleans_;
  const bool production_;
  const Clock& clock_;
  storage::postgres::PgServerChecks checks_;
};

absl::Status UsePassword(const std::string& file, std::string& connection_string) {
  if (file.empty()) return absl::OkStatus();
  OTPGATE_ASSIGN_OR_RETURN(const std::string password,
                           config::ReadPasswordFile(file, ReadTextFile));
  OTPGATE_ASSIGN_OR_RETURN(connection_string, pg::WithPassword(connection_string, password));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Backend>> MakePostgresBackend(const config::Config& config,
                                                             const Clock& clock,
                                                             BackendObserver observer) {
  pg::ConnectionOptions options = config.database.postgres;
  pg::ConnectionOptions cleanup = options;
  OTPGATE_ASSIGN_OR_RETURN(cleanup.connection_string,
                           pg::WithUser(options.connection_string, config.cleanup.user));
  OTPGATE_RETURN_IF_ERROR(UsePassword(config.database.password_file, options.connection_string));
  OTPGATE_RETURN_IF_ERROR(UsePassword(config.cleanup.password_file.empty()
                                          ? config.database.password_file
                                          : config.cleanup.password_file,
                                      cleanup.connection_string));
  return std::make_unique<PostgresBackend>(std::move(options), std::move(cleanup), config, clock,
                                           std::move(observer));
}

}  // namespace otpgate::app
