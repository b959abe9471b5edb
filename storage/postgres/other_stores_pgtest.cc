#include <gmock/gmock.h>

#include <thread>

#include "absl/synchronization/barrier.h"
#include "storage/postgres/pg_account_reader.h"
#include "storage/postgres/pg_bucket_store.h"
#include "storage/postgres/pg_signing_keys.h"
#include "storage/postgres/server_checks.h"
#include "tests/support/pg_store_fixture.h"

namespace otpgate::storage::postgres {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

using OtherStoresTest = support::PgTest;

TEST_F(OtherStoresTest, BucketsAreGuardedAndLoadEqual) {
  PgBucketStore store(Options(), clock_);
  Change<Bucket> change;
  change.key = "ip:192.0.2.1/32";
  change.version = -4;
  change.state = {.tat = conformance::kSampleTime,
                  .updated_at = conformance::kSampleTime + absl::Microseconds(1)};
  EXPECT_THAT(*store.Write({change}, absl::InfiniteFuture()), ElementsAre(true));
  EXPECT_THAT(*store.Write({change}, absl::InfiniteFuture()), ElementsAre(false));
  const auto loaded = store.Load({{"ip:absent"}, {change.key}});
  ASSERT_OK(loaded);
  EXPECT_EQ(loaded->rows[0].version, 0);
  EXPECT_EQ(loaded->rows[1].version, -4);
  EXPECT_EQ(loaded->rows[1].previous, 0);
  EXPECT_EQ(loaded->rows[1].state, change.state);
}

TEST_F(OtherStoresTest, AnAccountViewIsSessionAccountAndIdentities) {
  PgSubjectStore store(Options(), clock_);
  Change<Subject> change = conformance::FullChange(conformance::SampleSubject(1), random_);
  ASSERT_OK(store.Write({change}, absl::InfiniteFuture()));
  const UserId user = change.state.user_id;
  database_.Query(
      "INSERT INTO identities SELECT user_id, 'a@example.org', user_type, verified_at"
      " FROM identities");
  const NewSession& session = change.effects.sessions[0];

  PgAccountReader reader(Options());
  const auto loaded = reader.Load({{{user, session.id}},
                                   {{user, conformance::FreshId<SessionId>(random_)}},
                                   {{conformance::FreshId<UserId>(random_), session.id}}});
  ASSERT_OK(loaded);
  const AccountViewState& view = loaded->rows[0].state;
  EXPECT_EQ(view.account, change.effects.new_account);
  EXPECT_EQ(view.session, change.state.requests[0].second);
  Identity second = *change.effects.new_identity;
  second.subject.identifier = "a@example.org";
  EXPECT_THAT(view.identities, UnorderedElementsAre(*change.effects.new_identity, second));

  EXPECT_EQ(loaded->rows[1].state.account, change.effects.new_account);
  EXPECT_EQ(loaded->rows[1].state.session, std::nullopt);
  EXPECT_EQ(loaded->rows[2].version, 0);
  EXPECT_EQ(loaded->rows[2].state.account, std::nullopt);
}

TEST_F(OtherStoresTest, ADisabledSubjectTellsOfSuccessElsewhereInItsAccount) {
  PgSubjectStore store(Options(), clock_);
  Change<Subject> disabled = conformance::FullChange(conformance::SampleSubject(1), random_);
  ASSERT_OK(store.Write({disabled}, absl::InfiniteFuture()));
  EXPECT_EQ(LoadOne(store, conformance::SampleSubject(1)).state.other_success_at, std::nullopt);

  const auto add = [&](int n, absl::Time success, const UserId& owner) {
    Change<Subject> other = conformance::SmallChange(conformance::SampleSubject(n), random_);
    other.state.user_id = owner;
    other.state.last_success_at = success;
    other.effects.new_identity =
        Identity{disabled.state.user_id, conformance::SampleSubject(n), conformance::kSampleTime};
    ASSERT_OK(store.Write({other}, absl::InfiniteFuture()));
  };
  const absl::Time newest = conformance::kSampleTime + absl::Hours(2);
  add(2, conformance::kSampleTime + absl::Hours(1), disabled.state.user_id);
  add(3, newest, disabled.state.user_id);
  add(4, newest + absl::Hours(1),
      conformance::FreshId<UserId>(random_));  // belongs to another account
  const auto loaded =
      store.Load({SubjectAsk{conformance::SampleSubject(1), /*account=*/false, {}}});
  ASSERT_OK(loaded);
  EXPECT_EQ(loaded->rows[0].state.other_success_at, newest);
  EXPECT_EQ(LoadOne(store, conformance::SampleSubject(2)).state.other_success_at, std::nullopt);
}

TEST_F(OtherStoresTest, ServersThatStartTogetherAgreeOnOneSigningKey) {
  constexpr int kServers = 4;
  std::vector<SigningKeyList> seen(kServers);
  std::vector<std::thread> servers;
  absl::Barrier barrier(kServers);
  for (int i = 0; i < kServers; ++i) {
    servers.emplace_back([&, i] {
      PgSigningKeys keys(Options());
      const auto none = keys.List();
      ASSERT_OK(none);
      EXPECT_THAT(none->keys, IsEmpty());
      EXPECT_GT(none->now, conformance::kSampleTime);
      barrier.Block();
      const auto all =
          keys.Add({absl::StrCat("kid-", i), absl::StrCat("sealed-", i), std::string(90, '\0'),
                    conformance::kSampleTime, absl::UnixEpoch()});
      ASSERT_OK(all);
      seen[i] = *all;
    });
  }
  for (std::thread& server : servers) server.join();
  ASSERT_EQ(seen[0].keys.size(), 1u);
  EXPECT_EQ(seen[0].keys[0].public_key, std::string(90, '\0'));
  for (const auto& list : seen) EXPECT_EQ(list.keys, seen[0].keys);
}

TEST_F(OtherStoresTest, SigningKeysAreListedLatestFirst) {
  PgSigningKeys keys(Options());
  for (const int hour : {1, 3, 2}) {
    ASSERT_OK(keys.Add({absl::StrCat("kid-", hour), "sealed", "public", conformance::kSampleTime,
                        conformance::kSampleTime + absl::Hours(hour)}));
  }
  database_.Query("UPDATE signing_keys SET revoked_at = now() WHERE kid = 'kid-2'");
  const auto list = keys.List();
  ASSERT_OK(list);
  ASSERT_EQ(list->keys.size(), 3u);
  EXPECT_EQ(list->keys[0].kid, "kid-3");
  EXPECT_EQ(list->keys[0].active_from, conformance::kSampleTime + absl::Hours(3));
  EXPECT_TRUE(list->keys[1].revoked);
  EXPECT_FALSE(list->keys[2].revoked);
}

TEST_F(OtherStoresTest, TheServerTellsItsFacts) {
  PgServerChecks checks(Options());
  const auto facts = checks.Facts();
  ASSERT_OK(facts);
  EXPECT_GE(facts->version, 150'000);
  EXPECT_EQ(facts->encoding, "UTF8");
  EXPECT_FALSE(facts->fsync);  // of a test's cluster
  EXPECT_FALSE(facts->in_recovery);
  EXPECT_EQ(facts->synchronous_commit, "on");
  EXPECT_EQ(facts->lock_timeout, absl::Milliseconds(200));
  EXPECT_EQ(facts->statement_timeout, absl::Seconds(2));
  EXPECT_EQ(facts->idle_in_transaction_session_timeout, absl::Seconds(1));
  EXPECT_FALSE(facts->enable_hashjoin || facts->enable_mergejoin || facts->enable_seqscan);
  EXPECT_EQ(facts->bytea_output, "hex");
}

TEST_F(OtherStoresTest, TheFactsFollowTheSettings) {
  for (const char* set : {"log_min_duration_statement = 250", "log_min_duration_sample = 0",
                          "log_transaction_sample_rate = 0.5", "log_statement = 'all'",
                          "log_parameter_max_length = 0", "log_parameter_max_length_on_error = 7",
                          "synchronous_commit = off"}) {
    database_.Query("ALTER ROLE otpgate_app IN DATABASE " + database_.name() + " SET " + set);
  }
  const auto facts = PgServerChecks(Options()).Facts();
  ASSERT_OK(facts);
  EXPECT_EQ(facts->log_min_duration_statement, absl::Milliseconds(250));
  EXPECT_EQ(facts->log_min_duration_sample, absl::ZeroDuration());
  EXPECT_EQ(facts->log_transaction_sample_rate, 0.5);
  EXPECT_EQ(facts->log_statement, "all");
  EXPECT_EQ(facts->log_parameter_max_length, 0);
  EXPECT_EQ(facts->log_parameter_max_length_on_error, 7);
  EXPECT_EQ(facts->synchronous_commit, "off");
}

TEST_F(OtherStoresTest, PingAnswersWhileTheServerDoes) {
  PgServerChecks checks(Options());
  EXPECT_OK(checks.Ping());
  EXPECT_THAT(PgServerChecks({.connection_string = "host=/nowhere"}).Ping(),
              support::StatusIs(absl::StatusCode::kUnavailable));
}

}  // namespace
}  // namespace otpgate::storage::postgres
