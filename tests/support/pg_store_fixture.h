#ifndef OTPGATE_TESTS_SUPPORT_PG_STORE_FIXTURE_H_
#define OTPGATE_TESTS_SUPPORT_PG_STORE_FIXTURE_H_

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "storage/conformance/samples.h"
#include "storage/postgres/pg_subject_store.h"
#include "storage/postgres/store_connection.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_database.h"

// For tests of stores: a migrated database for each test, with the role of the service.
namespace otpgate::support {

class PgTest : public ::testing::Test {
 protected:
  pg::ConnectionOptions Options() const {
    return {.connection_string = database_.Socket(PgRole::kApp)};
  }

  // Runs a statement without parameters and returns the first field of each row.
  static absl::StatusOr<std::vector<std::string>> Ask(
      storage::postgres::StoreConnection& connection, const std::string& sql) {
    std::vector<std::string> fields;
    const absl::Status status = connection.Run(
        {absl::StrCat("test ", sql), sql}, {},
        [&fields](storage::postgres::RowReader& row) { fields.push_back(row.Text()); });
    if (!status.ok()) return status;
    return fields;
  }

  // Loads one subject with everything that a load can bring.
  static storage::Row<storage::Subject> LoadOne(storage::Store<storage::Subject>& store,
                                                const storage::SubjectKey& key,
                                                std::vector<storage::RequestKey> requests = {}) {
    const auto loaded =
        store.Load({storage::SubjectAsk{key, /*account=*/true, std::move(requests)}});
    EXPECT_OK(loaded);
    return loaded.ok() ? loaded->rows.at(0) : storage::Row<storage::Subject>{};
  }

  const TestDatabase database_;
  SystemClock clock_;
  SeededRandom random_{7};
};

}  // namespace otpgate::support

#endif  // OTPGATE_TESTS_SUPPORT_PG_STORE_FIXTURE_H_
