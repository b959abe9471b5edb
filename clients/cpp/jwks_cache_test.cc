#include "clients/cpp/jwks_cache.h"

#include <gtest/gtest.h>

#include <atomic>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "base/crypto/jwks.h"
#include "base/crypto/signing.h"
#include "tests/support/contend.h"
#include "tests/support/fake_clock.h"
#include "tests/support/status_matchers.h"

namespace otpgate::client {
namespace {

using ::otpgate::support::StatusIs;

// A service that publishes keys and counts fetches.
class Publisher {
 public:
  JwksFetch fetch() {
    return [this]() -> absl::StatusOr<std::string> {
      absl::MutexLock lock(&mu_);
      ++fetches_;
      mu_.Await(absl::Condition(&open_));
      return answer_;
    };
  }
  void Publish(const std::vector<crypto::VerifyKey>& keys) { Answer(crypto::JwksJson(keys)); }
  void Answer(absl::StatusOr<std::string> answer) {
    absl::MutexLock lock(&mu_);
    answer_ = std::move(answer);
  }
  // While it is closed, fetches wait.
  void Close() {
    absl::MutexLock lock(&mu_);
    open_ = false;
  }
  void Open() {
    absl::MutexLock lock(&mu_);
    open_ = true;
  }
  int fetches() const {
    absl::MutexLock lock(&mu_);
    return fetches_;
  }
  void AwaitFetches(int n) const {
    absl::MutexLock lock(&mu_);
    const auto enough = [this, n]() ABSL_SHARED_LOCKS_REQUIRED(mu_) { return fetches_ >= n; };
    ASSERT_TRUE(mu_.AwaitWithTimeout(absl::Condition(&enough), absl::Minutes(1)));
  }

 private:
  mutable absl::Mutex mu_;
  bool open_ ABSL_GUARDED_BY(mu_) = true;
  int fetches_ ABSL_GUARDED_BY(mu_) = 0;
  absl::StatusOr<std::string> answer_ ABSL_GUARDED_BY(mu_);
};

class JwksCacheTest : public ::testing::Test {
 protected:
  JwksCacheTest() { publisher_.Publish({first_}); }
  // A failed test must not leave a fetch waiting.
  ~JwksCacheTest() override { publisher_.Open(); }

  static JwksCacheOptions Patient() {
    JwksCacheOptions options;
    options.wait = absl::Minutes(1);
    return options;
  }

  const crypto::VerifyKey first_ = crypto::SigningKey::Generate().public_key();
  const crypto::VerifyKey second_ = crypto::SigningKey::Generate().public_key();
  Publisher publisher_;
  support::FakeClock clock_;
  JwksCache cache_{publisher_.fetch(), clock_, Patient()};
};

TEST_F(JwksCacheTest, NothingIsFetchedBeforeSomebodyAsks) { EXPECT_EQ(publisher_.fetches(), 0); }

TEST_F(JwksCacheTest, FreshKeysComeFromMemory) {
  ASSERT_OK(cache_.Find(first_.kid()));
  clock_.Advance(absl::Minutes(8) - absl::Milliseconds(1));
  for (int i = 0; i < 100; ++i) EXPECT_EQ(cache_.Find(first_.kid())->kid(), first_.kid());
  EXPECT_EQ(publisher_.fetches(), 1);
}

TEST_F(JwksCacheTest, EverybodyWaitsForTheSameFetch) {
  publisher_.Close();
  std::atomic<int> found = 0;
  support::Contend(9, [&](int i) {
    if (i == 8) {
      publisher_.AwaitFetches(1);
      publisher_.Open();
    } else if (cache_.Find(first_.kid()).ok()) {
      ++found;
    }
  });
  EXPECT_EQ(found, 8);
  EXPECT_EQ(publisher_.fetches(), 1);
}

TEST_F(JwksCacheTest, OldKeysAreFetchedAnewWhileNobodyWaits) {
  ASSERT_OK(cache_.Find(first_.kid()));
  clock_.Advance(absl::Minutes(8));
  publisher_.Close();
  publisher_.Publish({first_, second_});
  EXPECT_OK(cache_.Find(first_.kid()));  // does not wait for the fetch
  publisher_.AwaitFetches(2);
  EXPECT_OK(cache_.Find(first_.kid()));
  publisher_.Open();
  EXPECT_OK(cache_.Find(second_.kid()));  // waits for the running fetch
  EXPECT_EQ(publisher_.fetches(), 2);
}

TEST_F(JwksCacheTest, ExpiredKeysAreFetchedAnewFirst) {
  ASSERT_OK(cache_.Find(first_.kid()));
  publisher_.Publish({second_});
  clock_.Advance(absl::Minutes(10));
  EXPECT_THAT(cache_.Find(first_.kid()), support::StatusIs(absl::StatusCode::kNotFound));
  EXPECT_EQ(publisher_.fetches(), 2);
}

TEST_F(JwksCacheTest, ExpiredKeysCountOnWhileTheServiceFails) {
  ASSERT_OK(cache_.Find(first_.kid()));
  publisher_.Answer(absl::UnavailableError("away"));
  clock_.Advance(absl::Minutes(10));
  EXPECT_OK(cache_.Find(first_.kid()));
  EXPECT_EQ(publisher_.fetches(), 2);

  publisher_.Close();  // the next fetch does not end, and nobody waits for it
  clock_.Advance(absl::Minutes(49));
  EXPECT_OK(cache_.Find(first_.kid()));
  publisher_.AwaitFetches(3);
  EXPECT_OK(cache_.Find(first_.kid()));
  publisher_.Open();
}

TEST_F(JwksCacheTest, KeysThatAreTooOldAreNoKeysUntilTheServiceIsBack) {
  ASSERT_OK(cache_.Find(first_.kid()));
  publisher_.Answer(absl::UnavailableError("away"));
  clock_.Advance(absl::Hours(1));
  EXPECT_THAT(cache_.Find(first_.kid()), support::StatusIs(absl::StatusCode::kUnavailable));
  publisher_.Publish({first_});
  clock_.Advance(absl::Seconds(1));
  EXPECT_OK(cache_.Find(first_.kid()));
}

TEST_F(JwksCacheTest, FailedFetchesAreNotRepeatedAtOnce) {
  publisher_.Answer(absl::UnavailableError("away"));
  for (int second = 0; second < 3; ++second) {
    for (int i = 0; i < 100; ++i) {
      EXPECT_THAT(cache_.Find(first_.kid()), support::StatusIs(absl::StatusCode::kUnavailable));
    }
    EXPECT_EQ(publisher_.fetches(), second + 1);
    clock_.Advance(absl::Seconds(1));
  }
}

TEST_F(JwksCacheTest, UnknownKidsCostOneFetchPerCoolDown) {
  ASSERT_OK(cache_.Find(first_.kid()));
  for (int period = 1; period <= 3; ++period) {
    for (int i = 0; i < 100; ++i) {
      EXPECT_THAT(cache_.Find(absl::StrCat("made up ", i)),
                  support::StatusIs(absl::StatusCode::kNotFound));
    }
    EXPECT_EQ(publisher_.fetches(), period);
    clock_.Advance(absl::Seconds(30));
  }
}

TEST_F(JwksCacheTest, ANewKeyIsFoundAfterTheCoolDown) {
  ASSERT_OK(cache_.Find(first_.kid()));
  publisher_.Publish({first_, second_});
  clock_.Advance(absl::Seconds(30));
  EXPECT_OK(cache_.Find(second_.kid()));
  EXPECT_OK(cache_.Find(first_.kid()));
  EXPECT_EQ(publisher_.fetches(), 2);
}

// It is not known whether the key exists, so the token is neither refused nor accepted.
TEST_F(JwksCacheTest, AnUnknownKidIsNotRefusedWhileTheServiceFails) {
  ASSERT_OK(cache_.Find(first_.kid()));
  publisher_.Answer(absl::UnavailableError("away"));
  clock_.Advance(absl::Seconds(30));
  EXPECT_THAT(cache_.Find(second_.kid()), support::StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(cache_.Find(second_.kid()), support::StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(publisher_.fetches(), 2);
  EXPECT_OK(cache_.Find(first_.kid()));
}

// A caller would wait for a minute, as the fetch does not end during the test.
TEST_F(JwksCacheTest, AfterAFailedFetchNobodyWaitsForAnUnknownKid) {
  ASSERT_OK(cache_.Find(first_.kid()));
  publisher_.Answer(absl::UnavailableError("away"));
  clock_.Advance(absl::Seconds(30));
  EXPECT_THAT(cache_.Find("made up"), support::StatusIs(absl::StatusCode::kUnavailable));
  publisher_.Close();
  clock_.Advance(absl::Seconds(1));
  const absl::Time before = absl::Now();
  EXPECT_THAT(cache_.Find("made up"), support::StatusIs(absl::StatusCode::kUnavailable));
  publisher_.AwaitFetches(3);
  EXPECT_THAT(cache_.Find("made up"), support::StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_LT(absl::Now() - before, absl::Seconds(50));
  publisher_.Publish({first_});
  publisher_.Open();
}

class JwksCacheBadAnswerTest : public JwksCacheTest,
                               public ::testing::WithParamInterface<const char*> {};

TEST_P(JwksCacheBadAnswerTest, IsAFailedFetch) {
  ASSERT_OK(cache_.Find(first_.kid()));
  publisher_.Answer(std::string(GetParam()));
  clock_.Advance(absl::Minutes(10));
  EXPECT_OK(cache_.Find(first_.kid()));
  EXPECT_EQ(publisher_.fetches(), 2);
}

INSTANTIATE_TEST_SUITE_P(All, JwksCacheBadAnswerTest,
                         ::testing::Values(R"({"keys":[]})", "no JSON", "{}"));

TEST(JwksCacheWait, EndsWhileTheFetchGoesOn) {
  Publisher publisher;
  publisher.Close();
  const support::FakeClock clock;
  JwksCacheOptions options;
  options.wait = absl::ZeroDuration();
  JwksCache cache(publisher.fetch(), clock, options);
  EXPECT_THAT(cache.Find("any"), support::StatusIs(absl::StatusCode::kUnavailable));
  publisher.AwaitFetches(1);
  EXPECT_THAT(cache.Find("any"), support::StatusIs(absl::StatusCode::kUnavailable));
  publisher.Open();
}

TEST(JwksCacheWait, ThatEndsBeforeTheFetchDoesNotMakeAKidUnknown) {
  const crypto::VerifyKey known = crypto::SigningKey::Generate().public_key();
  Publisher publisher;
  publisher.Publish({known});
  support::FakeClock clock;
  JwksCacheOptions options;
  options.wait = absl::Milliseconds(200);
  JwksCache cache(publisher.fetch(), clock, options);
  ASSERT_OK(cache.Find(known.kid()));
  publisher.Close();
  clock.Advance(absl::Seconds(30));
  EXPECT_THAT(cache.Find("any"), support::StatusIs(absl::StatusCode::kUnavailable));
  publisher.Open();
}

}  // namespace
}  // namespace otpgate::client
