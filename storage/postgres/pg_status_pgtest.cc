#include <gmock/gmock.h>

#include <string>

#include "storage/postgres/pg_fixture.h"

// Every class of SQLSTATE, provoked on a real server.
namespace otpgate::testing {
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

class PgStatusTest : public PgTest, public ::testing::WithParamInterface<Case> {
 protected:
  // An error of that SQLSTATE whose texts say everything they should not.
  absl::Status Provoke(OnLoss on_loss) {
    const std::string sql = absl::StrCat(
        "DO $$ BEGIN RAISE EXCEPTION 'secret-value in subjects at db.internal'"
        " USING ERRCODE = '",
        GetParam().sqlstate,
        "', DETAIL = 'Key (identifier)=(+14155550100)', TABLE = 'subjects'; END $$");
    return session_.Run(
        {"provoked", sql}, {}, [](RowReader&) {}, on_loss);
  }

  PgSession session_{Options()};
};

TEST_P(PgStatusTest, I5_IsMappedAndTheSessionGoesOn) {
  const auto pid = Ask(session_, "SELECT pg_backend_pid()");
  ASSERT_OK(pid);
  EXPECT_THAT(Provoke(OnLoss::kNothingHappened), StatusIs(GetParam().alone));
  const auto after = Ask(session_, "SELECT pg_backend_pid()");
  ASSERT_OK(after);
  EXPECT_EQ(*after == *pid, GetParam().keeps_connection);
  EXPECT_THAT(Provoke(OnLoss::kInDoubt), StatusIs(GetParam().in_doubt));
}

TEST_P(PgStatusTest, L4_SaysNothingOfSqlValuesTablesAndHosts) {
  for (OnLoss on_loss : {OnLoss::kNothingHappened, OnLoss::kInDoubt}) {
    EXPECT_THAT(std::string(Provoke(on_loss).message()),
                Not(ContainsRegex("secret|subjects|internal|1415|RAISE|host|/")));
  }
}

INSTANTIATE_TEST_SUITE_P(
    SqlStates, PgStatusTest,
    ::testing::Values(
        Case{"0A000", kUnavailable, kUnavailable, false},
        Case{"08000", kUnavailable, kUnknown, false}, Case{"08006", kUnavailable, kUnknown, false},
        Case{"21000", kInvalidArgument, kInvalidArgument, true},
        Case{"22001", kInvalidArgument, kInvalidArgument, true},
        Case{"22P03", kInvalidArgument, kInvalidArgument, true},
        Case{"23502", kInvalidArgument, kInvalidArgument, true},
        Case{"23503", kInvalidArgument, kInvalidArgument, true},
        Case{"23505", kInvalidArgument, kInvalidArgument, true},
        Case{"23514", kInvalidArgument, kInvalidArgument, true},
        Case{"25006", kUnavailable, kUnavailable, false},
        Case{"26000", kUnavailable, kUnavailable, false},
        Case{"28000", kUnavailable, kUnavailable, false}, Case{"40000", kAborted, kAborted, true},
        Case{"40001", kAborted, kAborted, true}, Case{"40002", kAborted, kAborted, true},
        Case{"40003", kUnknown, kUnknown, false}, Case{"40P01", kAborted, kAborted, true},
        Case{"42501", kUnavailable, kUnavailable, false},
        Case{"42601", kUnavailable, kUnavailable, false},
        Case{"42P01", kUnavailable, kUnavailable, false},
        Case{"53100", kUnavailable, kUnavailable, false},
        Case{"53200", kUnavailable, kUnavailable, false},
        Case{"53300", kUnavailable, kUnknown, false},
        Case{"54000", kUnavailable, kUnavailable, false},
        Case{"55000", kUnavailable, kUnavailable, false},
        Case{"55P03", kDeadlineExceeded, kDeadlineExceeded, true},
        Case{"57014", kUnavailable, kUnavailable, false},
        Case{"57P01", kUnavailable, kUnavailable, false},
        Case{"57P03", kUnavailable, kUnavailable, false},
        Case{"58030", kUnavailable, kUnavailable, false},
        Case{"P0001", kUnavailable, kUnavailable, false},
        Case{"XX000", kUnavailable, kUnavailable, false}),
    [](const auto& param) { return absl::StrCat("State", param.param.sqlstate); });

}  // namespace
}  // namespace otpgate::testing
