#include "storage/postgres/server_checks.h"

#include <gmock/gmock.h>

#include <functional>
#include <string>

namespace otpgate::storage::postgres {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

ServerFacts GoodServer() {
  ServerFacts facts;
  facts.version = 150'018;
  facts.encoding = "UTF8";
  facts.fsync = true;
  facts.full_page_writes = true;
  facts.synchronous_commit = "on";
  facts.log_statement = "none";
  facts.log_min_duration_statement = absl::InfiniteDuration();
  facts.log_min_duration_sample = absl::InfiniteDuration();
  facts.log_parameter_max_length = -1;
  facts.log_error_verbosity = "terse";
  facts.lock_timeout = absl::Milliseconds(200);
  facts.statement_timeout = absl::Seconds(2);
  facts.idle_in_transaction_session_timeout = absl::Seconds(1);
  facts.enable_hashjoin = facts.enable_mergejoin = facts.enable_seqscan = false;
  facts.bytea_output = "hex";
  return facts;
}

struct Case {
  const char* name;
  const char* word;  // in the only problem; empty: none
  std::function<void(ServerFacts&)> edit;
};

class ProductionProblemsTest : public ::testing::TestWithParam<Case> {};

TEST_P(ProductionProblemsTest, NamesTheOneProblem) {
  ServerFacts facts = GoodServer();
  GetParam().edit(facts);
  const std::vector<std::string> problems = ProductionProblems(facts);
  if (*GetParam().word == '\0') {
    EXPECT_THAT(problems, IsEmpty());
  } else {
    EXPECT_THAT(problems, ElementsAre(HasSubstr(GetParam().word)));
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, ProductionProblemsTest,
    ::testing::Values(
        Case{"Good", "", [](ServerFacts&) {}},
        Case{"Old", "PostgreSQL 13", [](ServerFacts& f) { f.version = 120'000; }},
        Case{"Latin1", "encoding", [](ServerFacts& f) { f.encoding = "LATIN1"; }},
        Case{"NoFsync", "fsync", [](ServerFacts& f) { f.fsync = false; }},
        Case{"TornPages", "full_page_writes", [](ServerFacts& f) { f.full_page_writes = false; }},
        Case{"Asynchronous", "synchronous_commit",
             [](ServerFacts& f) { f.synchronous_commit = "off"; }},
        Case{"LocalCommit", "", [](ServerFacts& f) { f.synchronous_commit = "local"; }},
        Case{"Standby", "standby", [](ServerFacts& f) { f.in_recovery = true; }},
        Case{"LogsAll", "log_parameter_max_length",
             [](ServerFacts& f) { f.log_statement = "all"; }},
        Case{"LogsWrites", "log_parameter_max_length",
             [](ServerFacts& f) { f.log_statement = "mod"; }},
        Case{"LogsDdl", "", [](ServerFacts& f) { f.log_statement = "ddl"; }},
        Case{"LogsSlow", "log_parameter_max_length",
             [](ServerFacts& f) { f.log_min_duration_statement = absl::Seconds(1); }},
        Case{"LogsSamples", "log_parameter_max_length",
             [](ServerFacts& f) { f.log_min_duration_sample = absl::ZeroDuration(); }},
        Case{"LogsTransactions", "log_parameter_max_length",
             [](ServerFacts& f) { f.log_transaction_sample_rate = 0.01; }},
        Case{"LogsAllWithoutParameters", "",
             [](ServerFacts& f) {
               f.log_statement = "all";
               f.log_parameter_max_length = 0;
             }},
        Case{"LogsErrors", "log_parameter_max_length_on_error",
             [](ServerFacts& f) { f.log_parameter_max_length_on_error = 10; }},
        Case{"LogsRefusedRows", "log_error_verbosity",
             [](ServerFacts& f) { f.log_error_verbosity = "default"; }},
        Case{"NoLockTimeout", "lock_timeout",
             [](ServerFacts& f) { f.lock_timeout = absl::ZeroDuration(); }},
        Case{"NoStatementTimeout", "statement_timeout",
             [](ServerFacts& f) { f.statement_timeout = absl::ZeroDuration(); }},
        Case{"NoIdleTimeout", "idle_in_transaction",
             [](ServerFacts& f) { f.idle_in_transaction_session_timeout = absl::ZeroDuration(); }},
        Case{"HashJoins", "enable_hashjoin", [](ServerFacts& f) { f.enable_hashjoin = true; }},
        Case{"MergeJoins", "enable_mergejoin", [](ServerFacts& f) { f.enable_mergejoin = true; }},
        Case{"SeqScans", "enable_seqscan", [](ServerFacts& f) { f.enable_seqscan = true; }},
        Case{"Escape", "bytea_output", [](ServerFacts& f) { f.bytea_output = "escape"; }}),
    [](const auto& param) { return std::string(param.param.name); });

}  // namespace
}  // namespace otpgate::storage::postgres
