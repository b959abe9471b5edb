#ifndef OTPGATE_TESTS_SUPPORT_PG_STORE_FIXTURE_H_
#define OTPGATE_TESTS_SUPPORT_PG_STORE_FIXTURE_H_

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "server/runtime/clock.h"
#include "storage/conformance/samples.h"
#include "storage/postgres/pg_session.h"
#include "storage/postgres/pg_subject_store.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_database.h"

// For tests of this folder: a migrated database of one's own, reached as the service reaches it.
namespace otpgate::testing {

class PgTest : public ::testing::Test {
 protected:
  PgOptions Options() const { return {.connection = database_.Socket(PgRole::kApp)}; }

  // Runs one statement without parameters and gives its first fields.
  static absl::StatusOr<std::vector<std::string>> Ask(PgSession& session, const std::string& sql) {
    std::vector<std::string> fields;
    const absl::Status status =
        session.Run({absl::StrCat("test ", sql), sql}, {},
                    [&fields](RowReader& row) { fields.push_back(row.Text()); });
    if (!status.ok()) return status;
    return fields;
  }

  // One subject with all that can be asked for.
  static Row<Subject> LoadOne(Store<Subject>& store, const SubjectKey& key,
                              std::vector<RequestKey> requests = {}) {
    const auto loaded = store.Load({SubjectAsk{key, /*account=*/true, std::move(requests)}});
    EXPECT_OK(loaded);
    return loaded.ok() ? loaded->rows.at(0) : Row<Subject>{};
  }

  const TestDatabase database_;
  SystemClock clock_;
  SeededRandom random_{7};
};

}  // namespace otpgate::testing

#endif  // OTPGATE_TESTS_SUPPORT_PG_STORE_FIXTURE_H_
