#include <vector>

#include "storage/conformance/cleanup_fixture.h"
#include "tests/support/status_matchers.h"

// Which rows are removed and which stay.
namespace otpgate::storage::conformance {
namespace {

TEST_P(CleanupContract, J2_ACodeGoesWhenItsRetentionIsOver) {
  for (const CodeTable table : {CodeTable::kSignupOtps, CodeTable::kOtpSessions}) {
    const CleanupKind kind =
        table == CodeTable::kSignupOtps ? CleanupKind::kSignupOtps : CleanupKind::kOtpSessions;
    const int first = static_cast<int>(table) * 10;
    const auto put = [&](int n, absl::Duration expired_ago, bool used) {
      Put(first + n, [&](Change<Subject>& change, absl::Time now) {
        Code code = LiveUntil(now - expired_ago, table, random_);
        if (used) code.verified_at = code.created_at;
        change.state.codes = {code};
      });
    };
    put(0, retention_.codes + absl::Seconds(1), false);
    put(1, retention_.codes + absl::Seconds(1), true);
    put(2, retention_.codes - kAWhile, false);
    put(3, retention_.codes - kAWhile, true);
    put(4, -kAWhile, false);
    EXPECT_EQ(CountRemovable(kind), 2);
    EXPECT_EQ(Clean(kind), 2);
    EXPECT_EQ(Rows(kind), 3);
    for (const int n : {2, 3, 4}) EXPECT_EQ(Load(first + n).state.codes.size(), 1u) << n;
    EXPECT_EQ(Clean(kind), 0);
  }
}

// latest_now bounds the store's clock: a row that may be removed only since then stays.
TEST_P(CleanupContract, I11_NothingGoesBecauseTheStoresClockJumpedAhead) {
  constexpr absl::Duration kSince = absl::Minutes(2);
  Put(1, [&](Change<Subject>& change, absl::Time now) {
    change.state.codes = {
        LiveUntil(now - retention_.codes - kSince, CodeTable::kSignupOtps, random_)};
    RequestRecord request = SampleRequest(random_);
    request.created_at = now - retention_.requests - kAWhile;
    request.expires_at = now - kSince;
    change.effects.requests = {request};
    retention_.latest_now = now - kSince - absl::Seconds(1);
  });
  Put(2, [&](Change<Subject>& change, absl::Time now) {
    change.state.updated_at = now - retention_.subjects - kAWhile;
    change.state.blocked_until = now - kSince;
  });
  Put(3, [&](Change<Subject>& change, absl::Time now) {
    change.state.updated_at = now - retention_.subjects - kSince;
  });
  EXPECT_EQ(CleanAll(), 0);
  for (const CleanupKind kind : kCleanupKinds) EXPECT_EQ(CountRemovable(kind), 0);
  retention_.latest_now = absl::InfiniteFuture();
  EXPECT_EQ(CleanAll(), 4);
}

TEST_P(CleanupContract, J1_ALiveCodeStaysWithoutAnyRetention) {
  retention_.codes = absl::ZeroDuration();
  const auto put = Put(1, [&](Change<Subject>& change, absl::Time now) {
    change.state.codes = {LiveUntil(now + kAWhile, CodeTable::kSignupOtps, random_)};
  });
  EXPECT_EQ(CleanAll(), 0);
  EXPECT_EQ(Load(1).state, put.state);
}

TEST_P(CleanupContract, J1_J2_ARequestStaysForADayAndForTheLifeOfItsCode) {
  Put(1, [&](Change<Subject>& change, absl::Time now) {
    const auto record = [&](absl::Duration age, std::optional<absl::Duration> expired_ago) {
      RequestRecord request = SampleRequest(random_);
      request.created_at = now - age;
      request.expires_at.reset();
      if (expired_ago) request.expires_at = now - *expired_ago;
      change.effects.requests.push_back(request);
    };
    record(absl::Hours(24) + absl::Seconds(1), absl::Hours(23));
    record(absl::Hours(24) + absl::Seconds(1), std::nullopt);
    record(absl::Hours(24) + absl::Seconds(1), -kAWhile);
    record(absl::Hours(24) - kAWhile, absl::Hours(23));
    record(absl::Hours(24) - kAWhile, std::nullopt);
  });
  EXPECT_EQ(CountRemovable(CleanupKind::kRequests), 2);
  EXPECT_EQ(Clean(CleanupKind::kRequests), 2);
  EXPECT_EQ(Rows(CleanupKind::kRequests), 3);
}

TEST_P(CleanupContract, J1_J2_AMessageStaysWhileItIsOnItsWay) {
  std::vector<MessageKey> keys;
  Put(1, [&](Change<Subject>& change, absl::Time now) {
    const Code code = LiveUntil(now + absl::Minutes(5), CodeTable::kSignupOtps, random_);
    change.state.codes = {code};
    for (const MessageState state :
         {MessageState::kPending, MessageState::kPending, MessageState::kSuppressed}) {
      change.effects.messages.push_back(MessageOf(code, state, random_));
      change.effects.messages.back().created_at = now;
      keys.push_back({change.key.identifier, change.effects.messages.back().id});
    }
  });
  const auto outbox = world_->NewOutbox();
  DeliveryResult sent;
  sent.key = keys[0];
  sent.detail = "id";
  const auto turn = outbox->Turn({&sent, 1}, {});
  ASSERT_OK(turn);
  ASSERT_TRUE(turn->completed.at(0));

  world_->Advance(retention_.messages - kAWhile);
  EXPECT_EQ(Clean(CleanupKind::kOutbox), 0);
  world_->Advance(2 * kAWhile);
  EXPECT_EQ(CountRemovable(CleanupKind::kOutbox), 2);
  EXPECT_EQ(Clean(CleanupKind::kOutbox), 2);
  // The pending message is unchanged; the next claim finishes it.
  const auto dropped = outbox->Claim(10, absl::Seconds(30));
  ASSERT_OK(dropped);
  ASSERT_EQ(dropped->dropped.size(), 1u);
  EXPECT_EQ(dropped->dropped[0].key, keys[1]);
}

TEST_P(CleanupContract, J1_J2_ASubjectGoesOnlyWhenItIsRemovable) {
  int n = 0;
  EXPECT_TRUE(Goes(++n, [](auto&, absl::Time) {}));
  // Failures are forgotten after the same time.
  EXPECT_TRUE(Goes(++n, [](Change<Subject>& change, absl::Time) { change.state.failures = 99; }));
  EXPECT_TRUE(Goes(++n, [&](Change<Subject>& change, absl::Time) {
    change.state.failures = 100;
    change.state.disabled_at = change.state.updated_at;
    change.state.blocked_until = change.state.updated_at + absl::Hours(1);
    change.state.recent_sends = {change.state.updated_at - absl::Hours(1), change.state.updated_at};
    change.state.recent_resends = change.state.recent_sends;
  }));
  EXPECT_FALSE(Goes(++n, [&](Change<Subject>& change, absl::Time now) {
    change.state.updated_at = now - retention_.subjects + kAWhile;
  })) << "changed of late";
  EXPECT_FALSE(Goes(++n, [](Change<Subject>& change, absl::Time now) {
    change.state.failures = 30;
    change.state.blocked_until = now + kAWhile;
  })) << "blocked";
  EXPECT_FALSE(Goes(++n, [&](Change<Subject>& change, absl::Time now) {
    change.state.failures = 100;
    change.state.disabled_at = now - retention_.subjects + kAWhile;
  })) << "disabled";
  EXPECT_FALSE(Goes(++n, [&](Change<Subject>& change, absl::Time now) {
    change.state.recent_sends = {now - retention_.subjects * 2,
                                 now - retention_.subjects + kAWhile};
  })) << "sends count";
  EXPECT_FALSE(Goes(++n, [&](Change<Subject>& change, absl::Time now) {
    change.state.recent_resends = {now - retention_.subjects + kAWhile};
  })) << "resends count";
  EXPECT_FALSE(Goes(++n, [&](Change<Subject>& change, absl::Time now) {
    change.state.codes = {LiveUntil(now + kAWhile, CodeTable::kSignupOtps, random_)};
  })) << "has a code";
  EXPECT_FALSE(Goes(++n, [&](Change<Subject>& change, absl::Time now) {
    change.state.codes = {LiveUntil(now + kAWhile, CodeTable::kOtpSessions, random_)};
  })) << "has a code for its bearer";
  EXPECT_FALSE(Goes(++n, [&](Change<Subject>& change, absl::Time now) {
    SignIn(change, now, now + kAWhile, random_);
  })) << "has an account";
}

TEST_P(CleanupContract, J2_ASubjectGoesInTheRoundOfItsLastCode) {
  Put(1, [&](Change<Subject>& change, absl::Time now) {
    change.state.updated_at = now - retention_.subjects - kAWhile;
    change.state.codes = {
        LiveUntil(now - retention_.codes - kAWhile, CodeTable::kSignupOtps, random_)};
  });
  EXPECT_EQ(CleanAll(), 2);
  EXPECT_EQ(Rows(CleanupKind::kSubjects) + Rows(CleanupKind::kSignupOtps), 0);
}

TEST_P(CleanupContract, J1_J2_ASessionStaysAsEvidenceUntilItsAbsoluteEnd) {
  std::vector<AccountKey> keys;
  const auto put = [&](int n, absl::Duration ended_ago) {
    Put(n, [&](Change<Subject>& change, absl::Time now) {
      const NewSession session = SignIn(change, now, now - ended_ago, random_);
      keys.push_back({session.user_id, session.id});
    });
  };
  put(0, retention_.sessions + absl::Seconds(1));
  put(1, retention_.sessions - kAWhile);
  put(2, -absl::Hours(24));  // revoked, and idle for long
  const auto sessions = world_->NewSessions();
  const SessionAsk ask{keys[2]};
  const auto loaded = sessions->Load({&ask, 1});
  ASSERT_OK(loaded);
  Change<Session> revoked{.key = keys[2],
                          .expected = loaded->rows[0].version,
                          .version = FreshVersion(random_),
                          .before = loaded->rows[0].state,
                          .state = loaded->rows[0].state,
                          .effects = {}};
  revoked.state.generation = 5;
  revoked.state.rotated_at = loaded->now - absl::Hours(24 * 20);
  revoked.state.revoked_at = revoked.state.rotated_at;
  revoked.state.revoked_reason = RevokedReason::kReuse;
  ASSERT_OK(sessions->Write({&revoked, 1}, absl::InfiniteFuture()));

  EXPECT_EQ(CountRemovable(CleanupKind::kSessions), 1);
  EXPECT_EQ(CleanAll(), 1);
  EXPECT_EQ(LoadSession(keys[0]).version, 0);
  EXPECT_NE(LoadSession(keys[1]).version, 0);
  EXPECT_EQ(LoadSession(keys[2]).state.generation, 5);
  for (const char* table : {"users", "identities", "subjects"}) {
    EXPECT_EQ(world_->CountRows(table), 3) << table;
  }
}

TEST_P(CleanupContract, J1_J2_ALimitGoesWhenItsBucketIsFullAgain) {
  const auto buckets = world_->NewBuckets();
  const auto loaded = buckets->Load({BucketAsk{"full"}});
  ASSERT_OK(loaded);
  const absl::Time now = loaded->now;
  const auto put = [&](const std::string& key, absl::Time tat, absl::Time updated_at) {
    Change<Bucket> change;
    change.key = key;
    change.version = FreshVersion(random_);
    change.state = {tat, updated_at};
    ASSERT_OK(buckets->Write({&change, 1}, absl::InfiniteFuture()));
  };
  const absl::Time long_ago = now - retention_.limits - absl::Seconds(1);
  put("full", long_ago, long_ago);
  put("taken from", now + absl::Hours(1), long_ago);
  put("full since a moment ago", now - retention_.limits + kAWhile, long_ago);
  put("written a moment ago", long_ago, now);
  EXPECT_EQ(Clean(CleanupKind::kLimits), 1);
  EXPECT_EQ(buckets->Load({BucketAsk{"full"}})->rows[0].version, 0);
  EXPECT_EQ(Rows(CleanupKind::kLimits), 3);
}

TEST_P(CleanupContract, J2_TheAuditGoesAfterItsRetention) {
  Put(1, [&](Change<Subject>& change, absl::Time now) {
    for (const absl::Duration age :
         {retention_.audit + absl::Seconds(1), retention_.audit - kAWhile, absl::ZeroDuration()}) {
      AuditEvent event;
      event.id = FreshId<AuditId>(random_);
      event.event = "SIGNUP_OTP_CREATED";
      event.at = now - age;
      change.effects.audit.push_back(event);
    }
  });
  EXPECT_EQ(CleanAll(), 1);
  EXPECT_EQ(Rows(CleanupKind::kAuditEvents), 2);
}

TEST_P(CleanupContract, J2_WhatIsMoreThanOneStepTakesGoesInSeveral) {
  constexpr int kRows = 25;
  for (int n = 0; n < kRows; ++n) {
    Put(n, [&](Change<Subject>& change, absl::Time now) {
      change.state.codes = {
          LiveUntil(now - retention_.codes - kAWhile, CodeTable::kSignupOtps, random_)};
    });
  }
  const auto step = cleaner_->Remove(CleanupKind::kSignupOtps, retention_, 0, 10);
  ASSERT_OK(step);
  EXPECT_EQ(step->removed, 10);
  EXPECT_TRUE(step->next);
  EXPECT_EQ(Clean(CleanupKind::kSignupOtps, 10), kRows - 10);
}

TEST_P(CleanupContract, NothingIsThereToClean) {
  EXPECT_EQ(CleanAll(), 0);
  for (const CleanupKind kind : kCleanupKinds) EXPECT_EQ(CountRemovable(kind), 0);
}

}  // namespace
}  // namespace otpgate::storage::conformance
