#include <gmock/gmock.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/support/pg_store_fixture.h"

// Asking for a code costs the database the same whoever is asked for: known, unknown, disabled and
// blocked subjects run the same statements and write as many rows.
namespace otpgate::testing {
namespace {

using ::testing::ElementsAre;

constexpr absl::Time kNoLimit = absl::InfiniteFuture();

class SameWorkTest : public ::testing::Test {
 protected:
  SameWorkTest()
      : cluster_(*PgCluster::Start({.settings = {{"log_statement", "all"}}})),
        database_(*cluster_),
        store_({.connection = database_.Socket(PgRole::kApp)}, clock_) {}

  // Names of the statements that were run since the last call.
  std::vector<std::string> StatementsRun() {
    std::ifstream log(cluster_->LogFile());
    log.seekg(log_read_);
    std::stringstream text;
    text << log.rdbuf();
    log_read_ += static_cast<std::streamoff>(text.str().size());
    std::vector<std::string> names;
    for (absl::string_view line : absl::StrSplit(text.str(), '\n')) {
      const size_t at = line.find("execute ");
      if (at == absl::string_view::npos) continue;
      names.emplace_back(line.substr(at + 8, line.find(':', at) - at - 8));
    }
    return names;
  }

  // Writes what a request for a code writes, as the domain does: the subject, one code, one
  // message, one event.
  void RequestCode(const SubjectKey& key, CodeTable table) {
    const auto loaded = store_.Load({SubjectAsk{key, false, {}}});
    ASSERT_OK(loaded);
    Change<Subject> full = FullChange(key, random_);
    Change<Subject> change = NextChange(key, loaded->rows[0], random_);
    change.effects.requests.clear();
    change.state.codes = {SampleCode(table, Purpose::kLogin, random_)};
    change.effects.messages = {full.effects.messages[loaded->rows[0].state.disabled_at ? 1 : 0]};
    change.effects.audit = {full.effects.audit[0]};
    EXPECT_THAT(*store_.Write({change}, kNoLimit), ElementsAre(true));
  }

  // Rows that the newest write of this subject left in all tables.
  std::string RowsOf(const SubjectKey& key) {
    std::string count = "SELECT 0";
    for (const char* table : {"subjects", "signup_otps", "otp_sessions", "users", "identities",
                              "sessions", "requests", "outbox", "audit_events"}) {
      absl::StrAppend(&count, " + (SELECT count(*) FROM ", table,
                      " t WHERE t.xmin = (SELECT s.xmin FROM subjects s WHERE s.identifier = '",
                      key.identifier, "'))");
    }
    return database_.Value(count);
  }

  // A subject that was there before, changed by `edit`.
  template <class Edit>
  void Prepare(const SubjectKey& key, Edit edit) {
    Change<Subject> change = SmallChange(key, random_);
    edit(change.state);
    ASSERT_OK(store_.Write({change}, kNoLimit));
  }

  SystemClock clock_;
  SeededRandom random_{3};
  const std::unique_ptr<PgCluster> cluster_;
  const TestDatabase database_;
  PgSubjectStore store_;
  std::streamoff log_read_ = 0;
};

TEST_F(SameWorkTest, C5_KnownUnknownDisabledAndBlockedCostTheSame) {
  const UserId user = FreshId<UserId>(random_);
  const SubjectKey unknown = SampleSubject(1), known = SampleSubject(2);
  const SubjectKey disabled = SampleSubject(3), blocked = SampleSubject(4);
  Prepare(known, [&](SubjectState& state) { state.user_id = user; });
  Prepare(disabled, [&](SubjectState& state) {
    state.user_id = user;
    state.failures = 100;
    state.disabled_at = kSampleTime;
  });
  Prepare(blocked, [&](SubjectState& state) {
    state.failures = 20;
    state.blocked_until = kSampleTime + absl::Hours(1);
  });
  StatementsRun();
  for (const SubjectKey& key : {unknown, known, disabled, blocked}) {
    SCOPED_TRACE(key.identifier);
    const bool has_account = key == known || key == disabled;
    RequestCode(key, has_account ? CodeTable::kOtpSessions : CodeTable::kSignupOtps);
    const std::vector<std::string> run = StatementsRun();
    ASSERT_EQ(run.size(), 2u);
    EXPECT_EQ(run[0], "load_subjects");
    EXPECT_TRUE(absl::StartsWith(run[1], "write_subjects_")) << run[1];
    EXPECT_EQ(RowsOf(key), "4");
  }
}

}  // namespace
}  // namespace otpgate::testing
