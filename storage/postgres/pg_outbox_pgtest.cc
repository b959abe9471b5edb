#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/substitute.h"
#include "base/clock.h"
#include "storage/conformance/outbox_fixture.h"
#include "storage/postgres/pg_outbox.h"
#include "storage/postgres/pg_subject_store.h"
#include "storage/postgres/row_reader.h"
#include "tests/support/test_database.h"

namespace otpgate::storage::postgres {
namespace {

using conformance::OutboxContract;

// Advances time by moving all rows into the past.
constexpr char kAge[] = R"sql(
UPDATE outbox SET created_at = created_at - interval '$0 microseconds',
                  expires_at = expires_at - interval '$0 microseconds',
                  next_try_at = next_try_at - interval '$0 microseconds';
UPDATE signup_otps SET created_at = created_at - interval '$0 microseconds',
                       expires_at = expires_at - interval '$0 microseconds';
UPDATE otp_sessions SET created_at = created_at - interval '$0 microseconds',
                        expires_at = expires_at - interval '$0 microseconds'
)sql";

class PgOutboxWorld final : public conformance::OutboxWorld {
 public:
  std::unique_ptr<Outbox> NewOutbox() override { return std::make_unique<PgOutbox>(Options()); }
  Store<Subject>& store() override { return store_; }
  void Advance(absl::Duration by) override {
    database_.Query(absl::Substitute(kAge, absl::ToInt64Microseconds(by)));
  }
  void DeleteCode(const SubjectKey& subject, CodeTable table, Purpose purpose) override {
    database_.Query(absl::StrCat(
        "DELETE FROM ", table == CodeTable::kSignupOtps ? "signup_otps" : "otp_sessions",
        " WHERE identifier = '", subject.identifier, "' AND user_type = '",
        NameOf(subject.user_type), "' AND purpose = '", NameOf(purpose), "'"));
  }
  std::vector<conformance::StoredMessage> Messages() override {
    std::vector<conformance::StoredMessage> messages;
    for (const auto& row :
         database_.Query("SELECT identifier, id, state, sealed IS NOT NULL, generation,"
                         " finished_at IS NOT NULL, reason, provider_id FROM outbox")) {
      messages.push_back({.key = {row[0], {FromHex(row[1])}},
                          .state = row[2],
                          .has_payload = row[3] == "t",
                          .generation = std::stoi(row[4]),
                          .finished = row[5] == "t",
                          .reason = row[6],
                          .provider_id = row[7]});
    }
    return messages;
  }

 private:
  pg::ConnectionOptions Options() const {
    return {.connection_string = database_.Socket(support::PgRole::kApp)};
  }

  const support::TestDatabase database_;
  SystemClock clock_;
  PgSubjectStore store_{Options(), clock_};
};

INSTANTIATE_TEST_SUITE_P(Postgres, OutboxContract,
                         ::testing::Values(conformance::OutboxWorldKind{
                             "Postgres", [] { return std::make_unique<PgOutboxWorld>(); }}),
                         conformance::NameOfWorld);

}  // namespace
}  // namespace otpgate::storage::postgres
