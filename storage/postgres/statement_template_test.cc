#include "storage/postgres/statement_template.h"

#include <gtest/gtest.h>

namespace otpgate::storage::postgres {
namespace {

const TemplateWords kWords{
    .parameters = {{"id", "bytea"}, {"version", "bigint"}, {"times", "text"}},
    .columns = {{"id", ""}, {"times", "::bigint[]"}},
    .key = {{"id", ""}},
    .insert_only = {{"name", ""}, {"ip", ""}},
    .guarded = {{"times", "::bigint[]"}},
};

TEST(StatementTemplateTest, ArraysAreNumberedInOrder) {
  EXPECT_EQ(ExpandTemplate("FROM unnest({types}) AS i ({names})", kWords),
            "FROM unnest($1::bytea[], $2::bigint[], $3::text[]) AS i (id, version, times)");
}

TEST(StatementTemplateTest, SetsOfColumns) {
  EXPECT_EQ(ExpandTemplate("({key}, {insert_only}, {guarded})", kWords), "(id, name, ip, times)");
  EXPECT_EQ(ExpandTemplate("{columns}", kWords), "id, times");
  EXPECT_EQ(ExpandTemplate("{o.key}, {o.insert_only}", kWords), "o.id, o.name, o.ip");
  EXPECT_EQ(ExpandTemplate("SET {insert_only = excluded.insert_only};", kWords),
            "SET name = excluded.name, ip = excluded.ip;");
}

TEST(StatementTemplateTest, OnlyWhatComesFromAnArrayIsCast) {
  EXPECT_EQ(ExpandTemplate("{i.columns}", kWords), "i.id, i.times::bigint[]");
  EXPECT_EQ(ExpandTemplate("{o.guarded}", kWords), "o.times");
}

TEST(StatementTemplateTest, LeavesWhatIsUnknown) {
  for (const char* sql : {"", "SELECT 1", "{nobody}", "{i.nobody}", "{key = excluded.insert_only}",
                          "{}", "{key", "} {"}) {
    EXPECT_EQ(ExpandTemplate(sql, kWords), sql);
  }
}

}  // namespace
}  // namespace otpgate::storage::postgres
