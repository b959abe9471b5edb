#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "migrations/migrator/connection_string.h"
#include "migrations/migrator/migrator.h"
#include "server/backend.h"
#include "server/config/load.h"
#include "server/config/password_file.h"
#include "server/runtime/status_macros.h"
#include "storage/postgres/connection_string.h"
#include "storage/postgres/pg_account_reader.h"
#include "storage/postgres/pg_bucket_store.h"
#include "storage/postgres/pg_cleaner.h"
#include "storage/postgres/pg_job_leases.h"
#include "storage/postgres/pg_outbox.h"
#include "storage/postgres/pg_session_store.h"
#include "storage/postgres/pg_subject_store.h"
#include "storage/postgres/server_checks.h"
#include "storage/postgres/signing_keys.h"

namespace otpgate {
namespace {

class PostgresBackend final : public Backend {
 public:
  PostgresBackend(PgOptions options, PgOptions cleanup, const Config& config, const Clock& clock,
                  BackendObserver observer)
      : observer_(std::move(observer)),
        answers_(config.database.answer_timeout, clock),
        options_(Watched(std::move(options))),
        cleanup_(Watched(std::move(cleanup))),
        answer_timeout_(config.database.answer_timeout),
        max_clock_offset_(config.database.max_clock_offset),
        cleans_(config.cleanup.enabled),
        production_(config.environment == Environment::kProduction),
        clock_(clock),
        checks_(options_) {}

  std::unique_ptr<Store<Subject>> MakeSubjects() override {
    return std::make_unique<PgSubjectStore>(options_, clock_);
  }
  std::unique_ptr<Store<Bucket>> MakeBuckets() override {
    return std::make_unique<PgBucketStore>(options_, clock_);
  }
  std::unique_ptr<Store<Session>> MakeSessions() override {
    return std::make_unique<PgSessionStore>(options_, clock_);
  }
  std::unique_ptr<Store<User>> MakeUsers() override {
    return std::make_unique<PgUserStore>(options_, clock_);
  }
  std::unique_ptr<Reader<SessionList>> MakeSessionLists() override {
    return std::make_unique<PgSessionLister>(options_);
  }
  std::unique_ptr<Reader<AccountView>> MakeAccounts() override {
    return std::make_unique<PgAccountReader>(options_);
  }
  std::unique_ptr<Outbox> MakeOutbox() override { return std::make_unique<PgOutbox>(options_); }
  std::unique_ptr<SigningKeys> MakeSigningKeys() override {
    return std::make_unique<PgSigningKeys>(options_);
  }
  std::unique_ptr<Cleaner> MakeCleaner() override { return std::make_unique<PgCleaner>(cleanup_); }
  std::unique_ptr<JobLeases> MakeJobLeases() override {
    return std::make_unique<PgJobLeases>(cleanup_);
  }

  absl::Status Check() override {
    OTPGATE_RETURN_IF_ERROR(migrator::CheckCurrentSchema(WithDefaults(options_), &answers_));
    OTPGATE_ASSIGN_OR_RETURN(const ServerFacts facts, checks_.Facts());
    std::vector<std::string> problems = ProductionProblems(facts);
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
    OTPGATE_ASSIGN_OR_RETURN(const ClockOffset clocks, checks_.CompareClocks(clock_));
    if (observer_.on_clock_offset) observer_.on_clock_offset(clocks.offset);
    if (clocks.IsWithin(max_clock_offset_)) return absl::OkStatus();
    return absl::UnavailableError(
        "the clocks of this server and of the database are further apart than "
        "database.max_clock_offset");
  }

 private:
  // May pass by itself, as when there are too many connections.
  absl::Status CheckCleanupUser() const {
    if (!cleans_) return absl::OkStatus();
    const absl::StatusOr<ServerFacts> facts = PgServerChecks(cleanup_).Facts();
    if (!facts.ok()) {
      return absl::UnavailableError(
          absl::StrCat("cleanup.user cannot be used (", facts.status().message(),
                       "): give it its password, or set cleanup.enabled = false"));
    }
    // What takes longer is halved; without an answer that would not be known.
    if (facts->statement_timeout > absl::ZeroDuration() &&
        facts->statement_timeout < answer_timeout_) {
      return absl::OkStatus();
    }
    return absl::UnavailableError(
        "cleanup.user has no statement_timeout shorter than database.answer_timeout");
  }
  PgOptions Watched(PgOptions options) {
    options.answers = &answers_;
    options.on_statement = observer_.on_statement;
    return options;
  }

  const BackendObserver observer_;
  AnswerWatch answers_;
  const PgOptions options_;
  const PgOptions cleanup_;  // as the user that may remove
  const absl::Duration answer_timeout_;
  const absl::Duration max_clock_offset_;
  const bool cleans_;
  const bool production_;
  const Clock& clock_;
  PgServerChecks checks_;
};

absl::Status UsePassword(const std::string& file, std::string& connection) {
  if (file.empty()) return absl::OkStatus();
  OTPGATE_ASSIGN_OR_RETURN(const std::string password, ReadPasswordFile(file, ReadTextFile));
  OTPGATE_ASSIGN_OR_RETURN(connection, migrator::WithPassword(connection, password));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Backend>> MakePostgresBackend(const Config& config,
                                                             const Clock& clock,
                                                             BackendObserver observer) {
  PgOptions options{.connection = config.database.url,
                    .prepared_statements = config.database.prepared_statements,
                    .connect_timeout = config.database.connect_timeout};
  PgOptions cleanup = options;
  OTPGATE_ASSIGN_OR_RETURN(cleanup.connection,
                           migrator::WithUser(options.connection, config.cleanup.user));
  OTPGATE_RETURN_IF_ERROR(UsePassword(config.database.password_file, options.connection));
  OTPGATE_RETURN_IF_ERROR(UsePassword(config.cleanup.password_file.empty()
                                          ? config.database.password_file
                                          : config.cleanup.password_file,
                                      cleanup.connection));
  return std::make_unique<PostgresBackend>(std::move(options), std::move(cleanup), config, clock,
                                           std::move(observer));
}

}  // namespace otpgate
