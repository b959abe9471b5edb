#include "storage/postgres/server_checks.h"

#include <cstdint>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "storage/postgres/statements/server.h"

namespace otpgate::storage::postgres {
namespace {

constexpr int kOldestServer = 130'000;  // the first with log_parameter_max_length

using Settings = absl::flat_hash_map<std::string, std::string>;

std::string TextOf(const Settings& settings, absl::string_view name) {
  const auto found = settings.find(name);
  return found == settings.end() ? std::string() : found->second;
}

bool IsOn(const Settings& settings, absl::string_view name) {
  return TextOf(settings, name) == "on";
}

int IntOf(const Settings& settings, absl::string_view name, int missing) {
  int value = 0;
  return absl::SimpleAtoi(TextOf(settings, name), &value) ? value : missing;
}

// -1 turns a log setting off; timeouts are never negative.
absl::Duration MillisOf(const Settings& settings, absl::string_view name) {
  const int millis = IntOf(settings, name, 0);
  return millis < 0 ? absl::InfiniteDuration() : absl::Milliseconds(millis);
}

void ReadRoleSettings(const Settings& settings, ServerFacts& facts) {
  facts.lock_timeout = MillisOf(settings, "lock_timeout");
  facts.statement_timeout = MillisOf(settings, "statement_timeout");
  facts.idle_in_transaction_session_timeout =
      MillisOf(settings, "idle_in_transaction_session_timeout");
  facts.enable_hashjoin = IsOn(settings, "enable_hashjoin");
  facts.enable_mergejoin = IsOn(settings, "enable_mergejoin");
  facts.enable_seqscan = IsOn(settings, "enable_seqscan");
  facts.bytea_output = TextOf(settings, "bytea_output");
}

ServerFacts FactsFrom(const Settings& settings) {
  ServerFacts facts;
  facts.version = IntOf(settings, "server_version_num", 0);
  facts.encoding = TextOf(settings, "server_encoding");
  facts.fsync = IsOn(settings, "fsync");
  facts.full_page_writes = IsOn(settings, "full_page_writes");
  facts.synchronous_commit = TextOf(settings, "synchronous_commit");
  facts.in_recovery = IsOn(settings, "in_recovery");
  facts.log_statement = TextOf(settings, "log_statement");
  facts.log_min_duration_statement = MillisOf(settings, "log_min_duration_statement");
  facts.log_min_duration_sample = MillisOf(settings, "log_min_duration_sample");
  (void)absl::SimpleAtod(TextOf(settings, "log_transaction_sample_rate"),
                         &facts.log_transaction_sample_rate);
  // A server without these settings logs parameters whole.
  facts.log_parameter_max_length = IntOf(settings, "log_parameter_max_length", -1);
  facts.log_parameter_max_length_on_error =
      IntOf(settings, "log_parameter_max_length_on_error", -1);
  facts.log_error_verbosity = TextOf(settings, "log_error_verbosity");
  ReadRoleSettings(settings, facts);
  return facts;
}

bool LogsStatements(const ServerFacts& facts) {
  return facts.log_statement == "mod" || facts.log_statement == "all" ||
         facts.log_min_duration_statement < absl::InfiniteDuration() ||
         facts.log_min_duration_sample < absl::InfiniteDuration() ||
         facts.log_transaction_sample_rate > 0;
}

}  // namespace

std::vector<std::string> ProductionProblems(const ServerFacts& facts) {
  std::vector<std::string> problems;
  const auto require = [&problems](bool holds, absl::string_view problem) {
    if (!holds) problems.emplace_back(problem);
  };
  require(facts.version >= kOldestServer, "PostgreSQL 13 or newer is needed");
  require(facts.encoding == "UTF8", "the database's encoding is not UTF8");
  require(facts.fsync, "fsync is off: commits do not survive a crash");
  require(facts.full_page_writes, "full_page_writes is off: a crash may tear pages");
  require(facts.synchronous_commit != "off",
          "synchronous_commit is off for this role: commits do not survive a crash");
  require(!facts.in_recovery, "the server is a standby");
  require(!LogsStatements(facts) || facts.log_parameter_max_length == 0,
          "statements are logged with their parameters: set log_parameter_max_length = 0");
  require(facts.log_parameter_max_length_on_error == 0,
          "parameters of failed statements are logged: set log_parameter_max_length_on_error = 0");
  require(facts.log_error_verbosity == "terse",
          "rows that are refused are logged whole: set log_error_verbosity = terse");
  require(facts.lock_timeout > absl::ZeroDuration(), "the role has no lock_timeout");
  require(facts.statement_timeout > absl::ZeroDuration(), "the role has no statement_timeout");
  require(facts.idle_in_transaction_session_timeout > absl::ZeroDuration(),
          "the role has no idle_in_transaction_session_timeout");
  require(!facts.enable_hashjoin && !facts.enable_mergejoin && !facts.enable_seqscan,
          "enable_hashjoin, enable_mergejoin or enable_seqscan is on for this role: writers may "
          "lock out of order");
  require(facts.bytea_output == "hex", "bytea_output is not hex for this role");
  return problems;
}

PgServerChecks::PgServerChecks(pg::ConnectionOptions options) : connection_(std::move(options)) {}

absl::StatusOr<ServerFacts> PgServerChecks::Facts() {
  Settings settings;
  OTPGATE_RETURN_IF_ERROR(connection_.Run(kServerSettings, {}, [&settings](RowReader& in) {
    std::string name = in.Text();
    settings[std::move(name)] = in.Text();
  }));
  return FactsFrom(settings);
}

absl::StatusOr<absl::Time> PgServerChecks::Ping() {
  absl::Time now;
  OTPGATE_RETURN_IF_ERROR(connection_.Run(kPing, {}, [&now](RowReader& in) { now = in.Time(); }));
  return now;
}

// The server reads its clock somewhere between the two readings here; the middle is the best guess.
absl::StatusOr<ClockOffset> PgServerChecks::CompareClocks(const Clock& clock) {
  const absl::Time before = clock.Now();
  const absl::Duration begin = clock.Steady();
  OTPGATE_ASSIGN_OR_RETURN(const absl::Time there, Ping());
  const absl::Duration halfway = (clock.Steady() - begin) / 2;
  return ClockOffset{there - (before + halfway), halfway};
}

}  // namespace otpgate::storage::postgres
