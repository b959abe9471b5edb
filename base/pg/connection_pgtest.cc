#include <gmock/gmock.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "base/pg/connection.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_database.h"

namespace otpgate::pg {
namespace {

using ::otpgate::support::StatusIs;
using support::PgRole;
using support::TestDatabase;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

using enum absl::StatusCode;

class ConnectionTest : public ::testing::Test {
 protected:
  ConnectionOptions Options(ErrorReader error_reader) const {
    return {.connection_string = database_.Socket(support::PgRole::kSuperuser),
            .error_reader = error_reader};
  }

  const support::TestDatabase database_{support::TestDatabase::Schema::kEmpty};
};

TEST_F(ConnectionTest, RowsComeAsTextAndNullsAreEmpty) {
  const auto connection = Connection::Open(Options(ErrorReader::kAdmin));
  ASSERT_OK(connection);
  const auto rows = (*connection)->Query("two", "SELECT 1, NULL; SELECT 2, 'x'");
  ASSERT_OK(rows);
  EXPECT_THAT(*rows, ElementsAre(Row{"2", "x"}));
  EXPECT_THAT(*(*connection)->Query("sum", "SELECT $1::int + $2::int, NULL", {"2", "3"}),
              ElementsAre(Row{"5", ""}));
}

TEST_F(ConnectionTest, SeesThatTheServerClosedIt) {
  const auto connection = Connection::Open(Options(ErrorReader::kAdmin));
  ASSERT_OK(connection);
  EXPECT_FALSE((*connection)->IsClosedByServer());
  const auto pid = (*connection)->Query("who", "SELECT pg_backend_pid()");
  ASSERT_OK(pid);
  database_.Value(absl::StrCat("SELECT pg_terminate_backend(", pid->at(0).at(0), ", 10000)"));
  EXPECT_TRUE((*connection)->IsClosedByServer());
  EXPECT_THAT((*connection)->Run("one", "SELECT 1"), support::StatusIs(kUnavailable));
  EXPECT_FALSE((*connection)->IsOpen());
}

TEST_F(ConnectionTest, TextIsUtf8WhateverTheStringSays) {
  ConnectionOptions options = Options(ErrorReader::kService);
  options.connection_string += " client_encoding=LATIN1";
  const auto connection = Connection::Open(options);
  ASSERT_OK(connection);
  EXPECT_THAT(*(*connection)->Query("encoding", "SHOW client_encoding"), ElementsAre(Row{"UTF8"}));
}

struct Case {
  const char* sqlstate;
  absl::StatusCode code;
};

// The status codes of kService, and what happens to the connection, are tested with the stores.
constexpr Case kAdminCases[] = {
    {"22001", kInternal},         {"23505", kAlreadyExists}, {"23514", kInternal},
    {"40001", kAborted},          {"40003", kAborted},       {"40P01", kAborted},
    {"42501", kPermissionDenied}, {"42601", kInternal},      {"42710", kAlreadyExists},
    {"42P01", kInternal},         {"53300", kUnavailable},   {"55000", kInternal},
    {"55P03", kDeadlineExceeded}, {"57014", kInternal},      {"08006", kUnavailable},
    {"P0001", kInternal},         {"XX000", kInternal},
};

std::string Raise(absl::string_view sqlstate, absl::string_view words) {
  return absl::StrCat("DO $$ BEGIN RAISE EXCEPTION '", words, "' USING ERRCODE = '", sqlstate,
                      "'; END $$");
}

TEST_F(ConnectionTest, AnAdminReadsPostgresOwnWords) {
  for (const Case& expected : kAdminCases) {
    SCOPED_TRACE(expected.sqlstate);
    const auto connection = Connection::Open(Options(ErrorReader::kAdmin));
    ASSERT_OK(connection);
    const absl::Status status =
        (*connection)->Run("V001", Raise(expected.sqlstate, "table t is in use"));
    EXPECT_THAT(status, support::StatusIs(expected.code));
    EXPECT_THAT(std::string(status.message()),
                AllOf(StartsWith("V001: "), HasSubstr("table t is in use")));
  }
}

TEST_F(ConnectionTest, SomebodyElseChangedTheSameCatalogRow) {
  const auto connection = Connection::Open(Options(ErrorReader::kAdmin));
  ASSERT_OK(connection);
  EXPECT_THAT((*connection)->Run("grant", Raise("XX000", "tuple concurrently updated")),
              support::StatusIs(kAborted));
}

TEST_F(ConnectionTest, ALossAtCommitLeavesTheOutcomeUnknownToBoth) {
  for (const ErrorReader error_reader : {ErrorReader::kService, ErrorReader::kAdmin}) {
    for (const auto& [on_loss, code] : {std::pair(OnLoss::kInDoubt, kUnknown),
                                        std::pair(OnLoss::kNothingHappened, kUnavailable)}) {
      const auto connection = Connection::Open(Options(error_reader));
      ASSERT_OK(connection);
      const std::string end_myself = "SELECT pg_terminate_backend(pg_backend_pid())";
      EXPECT_THAT((*connection)->Command(end_myself, on_loss), support::StatusIs(code));
      // After the loss nothing is sent.
      EXPECT_THAT((*connection)->Command("COMMIT", OnLoss::kInDoubt),
                  support::StatusIs(kUnavailable));
    }
  }
}

TEST_F(ConnectionTest, OnlyAnAdminIsToldWhereItCannotConnect) {
  for (const ErrorReader error_reader : {ErrorReader::kService, ErrorReader::kAdmin}) {
    const absl::Status status =
        Connection::Open(
            {.connection_string = "host=/nowhere user=jo dbname=hidden password=s3cret",
             .error_reader = error_reader})
            .status();
    EXPECT_THAT(status, support::StatusIs(kUnavailable));
    const std::string message(status.message());
    EXPECT_EQ(message.find("s3cret"), std::string::npos);
    if (error_reader == ErrorReader::kService) {
      EXPECT_EQ(message, "connect: No such file or directory");
    } else {
      EXPECT_THAT(message, StartsWith("cannot connect to database hidden at /nowhere"));
    }
  }
}

}  // namespace
}  // namespace otpgate::pg
