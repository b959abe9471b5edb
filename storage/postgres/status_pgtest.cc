#include <gmock/gmock.h>

#include <string>

#include "tests/support/pg_store_fixture.h"

// The status for each class of SQLSTATE, from errors of a real server.
namespace otpgate::storage::postgres {
namespace {

using ::testing::ContainsRegex;
using ::testing::Not;

using enum absl::StatusCode;

struct Case {
  const char* sqlstate;
  absl::StatusCode alone;     // of a statement that can be repeated
  absl::StatusCode in_doubt;  // of one that commits by itself
  bool keeps_connection;
};

constexpr Case kCases[] = {{"0A000", kUnavailable, kUnavailable, false},
                           {"08000", kUnavailable, kUnknown, false},
                           {"08006", kUnavailable, kUnknown, false},
                           {"21000", kInvalidArgument, kInvalidArgument, true},
                           {"22001", kInvalidArgument, kInvalidArgument, true},
                           {"22P03", kInvalidArgument, kInvalidArgument, true},
                           {"23502", kInvalidArgument, kInvalidArgument, true},
                           {"23503", kInvalidArgument, kInvalidArgument, true},
                           {"23505", kInvalidArgument, kInvalidArgument, true},
                           {"23514", kInvalidArgument, kInvalidArgument, true},
                           {"25006", kUnavailable, kUnavailable, false},
                           {"26000", kUnavailable, kUnavailable, false},
                           {"28000", kUnavailable, kUnavailable, false},
                           {"40000", kAborted, kAborted, true},
                           {"40001", kAborted, kAborted, true},
                           {"40002", kAborted, kAborted, true},
                           {"40003", kUnknown, kUnknown, false},
                           {"40P01", kAborted, kAborted, true},
                           {"42501", kUnavailable, kUnavailable, false},
                           {"42601", kUnavailable, kUnavailable, false},
                           {"42P01", kUnavailable, kUnavailable, false},
                           {"53100", kUnavailable, kUnavailable, false},
                           {"53200", kUnavailable, kUnavailable, false},
                           {"53300", kUnavailable, kUnknown, false},
                           {"54000", kUnavailable, kUnavailable, false},
                           {"55000", kUnavailable, kUnavailable, false},
                           {"55P03", kDeadlineExceeded, kDeadlineExceeded, true},
                           {"57014", kUnavailable, kUnavailable, false},
                           {"57P01", kUnavailable, kUnavailable, false},
                           {"57P03", kUnavailable, kUnavailable, false},
                           {"58030", kUnavailable, kUnavailable, false},
                           {"P0001", kUnavailable, kUnavailable, false},
                           {"XX000", kUnavailable, kUnavailable, false}};

class StoreStatusTest : public support::PgTest {
 protected:
  // Raises an error of that SQLSTATE whose texts have secrets that must not reach the status.
  absl::Status Provoke(const char* sqlstate, pg::OnLoss on_loss) {
    const std::string sql = absl::StrCat(
        "DO $$ BEGIN RAISE EXCEPTION 'secret-value in subjects at db.internal' USING ERRCODE = '",
        sqlstate, "', DETAIL = 'Key (identifier)=(+14155550100)', TABLE = 'subjects'; END $$");
    return connection_.Run(
        {absl::StrCat("provoked_", sqlstate), sql}, {}, [](RowReader&) {}, on_loss);
  }

  StoreConnection connection_{Options()};
};

TEST_F(StoreStatusTest, I5_IsMappedAndTheStoreGoesOn) {
  for (const Case& expected : kCases) {
    SCOPED_TRACE(expected.sqlstate);
    const auto pid = Ask(connection_, "SELECT pg_backend_pid()");
    ASSERT_OK(pid);
    EXPECT_THAT(Provoke(expected.sqlstate, pg::OnLoss::kNothingHappened),
                support::StatusIs(expected.alone));
    const auto after = Ask(connection_, "SELECT pg_backend_pid()");
    ASSERT_OK(after);
    EXPECT_EQ(*after == *pid, expected.keeps_connection);
    EXPECT_THAT(Provoke(expected.sqlstate, pg::OnLoss::kInDoubt),
                support::StatusIs(expected.in_doubt));
  }
}

TEST_F(StoreStatusTest, L4_SaysNothingOfSqlValuesTablesAndHosts) {
  for (const Case& one : kCases) {
    for (pg::OnLoss on_loss : {pg::OnLoss::kNothingHappened, pg::OnLoss::kInDoubt}) {
      EXPECT_THAT(std::string(Provoke(one.sqlstate, on_loss).message()),
                  Not(ContainsRegex("secret|subjects|internal|1415|RAISE|host|/")));
    }
  }
}

}  // namespace
}  // namespace otpgate::storage::postgres
