// A call makes the same statements and writes as many rows of the same tables for every identifier,
// so that neither time nor load reveals who has an account.
#include <gmock/gmock.h>

#include <fstream>
#include <memory>
#include <ostream>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "tests/e2e/deployment.h"

namespace otpgate::e2e {
namespace {

using ::testing::ElementsAre;

// Triggers that record every written row with its transaction.
constexpr char kNoteWrites[] = R"sql(
CREATE TABLE work (transaction bigint, relation text);
CREATE FUNCTION note_write() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  INSERT INTO public.work VALUES (txid_current(), TG_TABLE_NAME);
  RETURN NULL;
END $$;
DO $$
DECLARE relation text;
BEGIN
  FOR relation IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'work'
  LOOP
    EXECUTE format('CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON %I '
                   'FOR EACH ROW EXECUTE FUNCTION note_write()', relation);
  END LOOP;
END $$;
)sql";

// The work of the database for one call.
struct Work {
  std::vector<std::string> statements;  // without the suffix that names the parts of write_subjects
  std::string rows;                     // the table of each row; both tables of codes are "codes"

  bool operator==(const Work& other) const {
    return statements == other.statements && rows == other.rows;
  }
  friend std::ostream& operator<<(std::ostream& out, const Work& work) {
    return out << absl::StrJoin(work.statements, " ") << " | " << work.rows;
  }
};

// The work for the calls of one person, call by call.
struct Works {
  Work request, resend, wrong, superseded, resend_of_superseded;
};

class SameWorkTest : public ::testing::Test {
 protected:
  SameWorkTest() {
    for (const char* person : {"known", "disabled", "blocked"}) SignIn(person);
    Sql("UPDATE users SET status = 'disabled' WHERE id = (SELECT user_id FROM subjects WHERE "
        "identifier = 'disabled@example.com')");
    Sql("UPDATE subjects SET failures = 20, blocked_until = now() + interval '1 hour' WHERE "
        "identifier = 'blocked@example.com'");
  }

  support::AuthClient& client() { return deployment_.client(0); }
  void Sql(const std::string& sql) { deployment_.database().Query(sql); }
  static std::string Email(const std::string& person) { return person + "@example.com"; }
  void SignIn(const std::string& person) {
    const auto asked = client().RequestOtp(Email(person));
    EXPECT_TRUE(client().VerifyOtp(asked.reply.handle(), asked.reply.development_code()).ok());
  }

  // Only loads and writes: statements of the delivery and the health check may run at any time.
  std::vector<std::string> StatementsSinceTheLast() {
    std::ifstream log(cluster_->LogFile());
    log.seekg(log_read_);
    std::stringstream text;
    text << log.rdbuf();
    log_read_ += static_cast<std::streamoff>(text.str().size());
    std::vector<std::string> names;
    for (absl::string_view line : absl::StrSplit(text.str(), '\n')) {
      const size_t at = line.find("execute ");
      if (at == absl::string_view::npos) continue;
      const absl::string_view name = line.substr(at + 8, line.find(':', at) - at - 8);
      if (absl::StartsWith(name, "load_")) names.emplace_back(name);
      if (absl::StartsWith(name, "write_")) names.emplace_back(name.substr(0, name.rfind('_')));
    }
    return names;
  }

  template <class Call>
  Work WorkOf(Call call) {
    Sql("TRUNCATE work");
    StatementsSinceTheLast();
    call();
    Work work{.statements = StatementsSinceTheLast(), .rows = {}};
    work.rows = deployment_.database().Value(
        "SELECT string_agg(kind, ' ' ORDER BY kind) FROM (SELECT CASE WHEN relation IN "
        "('signup_otps', 'otp_sessions') THEN 'codes' ELSE relation END AS kind FROM work WHERE "
        "transaction IN (SELECT transaction FROM work WHERE relation = 'subjects')) AS kinds");
    return work;
  }

  // The work for the calls of `person`, with or without request ids.
  Works WorksOf(const std::string& person, bool with_ids) {
    int calls = 0;
    const auto options = [&] {
      return support::CallOptions{
          .request_id =
              with_ids ? absl::StrCat("7f1d3c2e-9a4b-4c5d-8e6f-", ++calls + 100'000'000'000) : ""};
    };
    const auto first = client().RequestOtp(Email(person));
    support::Answer<v1::RequestOtpResponse> asked;
    support::Answer<v1::ResendOtpResponse> resent;
    Works works;
    works.request = WorkOf([&] { asked = client().RequestOtp(Email(person), options()); });
    works.resend = WorkOf([&] { resent = client().ResendOtp(asked.reply.handle(), options()); });
    EXPECT_TRUE(asked.ok() && resent.ok()) << asked.message << resent.message;
    works.wrong = WorkOf([&] {
      client().VerifyOtp(asked.reply.handle(), support::WrongCode(resent.reply.development_code()),
                         options());
    });
    works.superseded = WorkOf([&] {
      client().VerifyOtp(first.reply.handle(), first.reply.development_code(), options());
    });
    works.resend_of_superseded =
        WorkOf([&] { client().ResendOtp(first.reply.handle(), options()); });
    return works;
  }

  const std::unique_ptr<support::PgCluster> cluster_ =
      *support::PgCluster::Start({.settings = {{"log_statement", "all"}}});
  Deployment deployment_{
      {.servers = 1,
       .flags = {"--limits.resend_cooldown=0s", "--limits.sends=30/15m"},
       .prepare = [](const support::TestDatabase& database) { database.Query(kNoteWrites); }},
      *cluster_};
  std::streamoff log_read_ = 0;
};

TEST_F(SameWorkTest, C5_AskingAndGuessingCostTheSameForEverybody) {
  const Work send{{"load_subjects", "write_subjects"}, "audit_events codes outbox subjects"};
  for (const char* person : {"unknown", "known", "disabled", "blocked"}) {
    SCOPED_TRACE(person);
    const Works works = WorksOf(person, false);
    EXPECT_EQ(works.request, send);
    EXPECT_EQ(works.resend, send);
    EXPECT_EQ(works.superseded, (Work{{"load_subjects", "load_accounts"}, ""}));
    EXPECT_EQ(works.resend_of_superseded, (Work{{"load_subjects"}, ""}));
    if (person == absl::string_view("blocked"))
      continue;  // unknown identifiers may be blocked, too
    EXPECT_EQ(works.wrong, (Work{{"load_subjects", "load_accounts", "write_subjects"},
                                 "audit_events codes subjects"}));
  }
}

TEST_F(SameWorkTest, C5_SoItIsWithRequestIds) {
  const Works unknown = WorksOf("unknown", true);
  EXPECT_THAT(unknown.request.statements,
              ElementsAre("load_subjects", "load_requests", "write_subjects"));
  EXPECT_EQ(unknown.request.rows, "audit_events codes outbox requests subjects");
  for (const char* person : {"known", "disabled", "blocked"}) {
    SCOPED_TRACE(person);
    const Works works = WorksOf(person, true);
    EXPECT_EQ(works.request, unknown.request);
    EXPECT_EQ(works.resend, unknown.resend);
    EXPECT_EQ(works.superseded, unknown.superseded);
    EXPECT_EQ(works.resend_of_superseded, unknown.resend_of_superseded);
    if (person == absl::string_view("blocked")) continue;
    EXPECT_EQ(works.wrong, unknown.wrong);
  }
}

// A blocked guess is not evaluated, for known and unknown identifiers.
TEST_F(SameWorkTest, C5_BlockedGuessesCostTheSameForKnownAndUnknown) {
  const auto asked = client().RequestOtp(Email("stranger"));
  Sql("UPDATE subjects SET failures = 20, blocked_until = now() + interval '1 hour' WHERE "
      "identifier = 'stranger@example.com'");
  const Works unknown = WorksOf("stranger", false);
  const Works known = WorksOf("blocked", false);
  EXPECT_EQ(unknown.wrong, (Work{{"load_subjects", "load_accounts"}, ""}));
  EXPECT_EQ(known.wrong, unknown.wrong);
  EXPECT_EQ(known.request, unknown.request);
  EXPECT_EQ(known.resend, unknown.resend);
}

}  // namespace
}  // namespace otpgate::e2e
