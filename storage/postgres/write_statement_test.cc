#include "storage/postgres/write_statement.h"

#include <gtest/gtest.h>

namespace otpgate::storage::postgres {
namespace {

const Fragment kGuard{"won", "INSERT g $1 $2 RETURNING version", 2};
const Fragment kOne{"one", "INSERT a $1, $2, $10", 10};
const Fragment kTwo{"two", "INSERT b $1", 1};

TEST(WriteStatementTest, IsTheGuardAloneWithoutParts) {
  const Statement statement = JoinFragments("write_x", kGuard, {});
  EXPECT_EQ(statement.name, "write_x");
  EXPECT_EQ(statement.sql, "INSERT g $1 $2 RETURNING version");
}

TEST(WriteStatementTest, CountsParametersOnFromPartToPart) {
  EXPECT_EQ(JoinFragments("write_x", kGuard, {&kOne, &kTwo}).sql,
            "WITH won AS (INSERT g $1 $2 RETURNING version), one AS (INSERT a $3, $4, $12), "
            "two AS (INSERT b $13) SELECT version FROM won");
}

}  // namespace
}  // namespace otpgate::storage::postgres
