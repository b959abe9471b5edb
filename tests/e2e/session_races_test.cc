// Refreshes that race each other, and the end of their session, on two servers. The order of events
// decides who was first, never the time.
#include <atomic>
#include <functional>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/e2e/admin_program.h"
#include "tests/e2e/sessions_fixture.h"
#include "tests/support/contend.h"
#include "tests/support/trials.h"

namespace otpgate::e2e {
namespace {

enum class Ids { kNone, kOne, kMany };

class RefreshRaceTest : public SessionsFixture, public ::testing::WithParamInterface<Ids> {
 protected:
  // Makes every committed change of a session insert a row.
  void CountChanges() {
    Sql("CREATE TABLE changes (generation integer)");
    Sql("GRANT INSERT ON changes TO otpgate_app");
    Sql("CREATE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql AS "
        "'BEGIN INSERT INTO public.changes VALUES (NEW.generation); RETURN NULL; END'");
    Sql("CREATE TRIGGER note_change AFTER UPDATE ON sessions FOR EACH ROW "
        "EXECUTE FUNCTION note_change()");
  }
  // A refresh, repeated after CONFLICT, as that error advises.
  std::string Refresh(int i, const std::string& token, const support::CallOptions& options) {
    support::Answer<v1::RefreshTokenResponse> answer;
    for (int round = 0; round < 20; ++round) {
      answer = client(i + round).RefreshToken(token, options);
      if (answer.reason != "CONFLICT") break;
    }
    EXPECT_TRUE(answer.ok()) << answer.reason << ' ' << answer.message;
    return answer.reply.refresh_token();
  }
};

TEST_P(RefreshRaceTest, F2_G3_OneTokenHasOneSuccessorByOneChange) {
  constexpr int kContenders = 64;
  CountChanges();
  for (int64_t trial = 1; trial <= support::Trials(8); ++trial) {
    const Tokens first = SignIn(NextPerson());
    std::vector<support::CallOptions> options(kContenders);
    const support::CallOptions one = NextRequestId();
    for (support::CallOptions& each : options) {
      if (GetParam() != Ids::kNone) each = GetParam() == Ids::kOne ? one : NextRequestId();
    }
    std::vector<std::string> successors(kContenders);
    support::Contend(kContenders,
                     [&](int i) { successors[i] = Refresh(i, first.refresh_token(), options[i]); });
    ASSERT_EQ(std::set<std::string>(successors.begin(), successors.end()).size(), 1u);
    ASSERT_EQ(Value("SELECT count(*) || ' ' || max(generation) FROM changes"),
              absl::StrCat(trial, " 1"));
    EXPECT_TRUE(IsActive(successors[0]));
  }
  EXPECT_EQ(Value("SELECT count(*) FROM sessions WHERE revoked_at IS NOT NULL"), "0");
}

std::string NameOfIds(const ::testing::TestParamInfo<Ids>& test) {
  const char* const names[] = {"WithoutId", "WithOneId", "WithManyIds"};
  return names[static_cast<int>(test.param)];
}

INSTANTIATE_TEST_SUITE_P(All, RefreshRaceTest, ::testing::Values(Ids::kNone, Ids::kOne, Ids::kMany),
                         NameOfIds);

using Tokens = v1::VerifyOtpResponse;

// A way to end sessions; `run` returns after the acknowledgement.
struct Ending {
  const char* name;
  int devices;  // number of sessions of the account; it ends all
  std::function<void(support::AuthClient& client, const AdminProgram& admin, const Tokens& one)>
      run;
};

void PrintTo(const Ending& ending, std::ostream* out) { *out << ending.name; }

support::CallOptions BearerOf(const Tokens& tokens) {
  return {.authorization = "Bearer " + tokens.access_token()};
}

const Ending kEndings[] = {
    {"DisabledByAdmin", 4,
     [](support::AuthClient&, const AdminProgram& admin, const Tokens& one) {
       admin.Run({"users", "disable", one.user().id(), "--yes"});
     }},
    {"ForcedLogout", 4,
     [](support::AuthClient&, const AdminProgram& admin, const Tokens& one) {
       admin.Run({"force-logout", "--user", one.user().id()});
     }},
    {"ForcedLogoutOfAll", 4,
     [](support::AuthClient&, const AdminProgram& admin, const Tokens&) {
       admin.Run({"force-logout", "--all", "--yes"});
     }},
    {"RevokedByAdmin", 1,
     [](support::AuthClient&, const AdminProgram& admin, const Tokens& one) {
       admin.Run({"sessions", "revoke", one.user().id(), one.session_id()});
     }},
    {"RevokeAllSessions", 4,
     [](support::AuthClient& client, const AdminProgram&, const Tokens& one) {
       EXPECT_TRUE(client.RevokeAllSessions(BearerOf(one)).ok());
     }},
    {"RevokeSession", 1,
     [](support::AuthClient& client, const AdminProgram&, const Tokens& one) {
       EXPECT_TRUE(client.RevokeSession(one.session_id(), BearerOf(one)).ok());
     }},
    {"RevokeToken", 1,
     [](support::AuthClient& client, const AdminProgram&, const Tokens& one) {
       EXPECT_TRUE(client.RevokeToken(one.refresh_token()).ok());
     }},
};

class EndRacesRefreshTest : public SessionsFixture, public ::testing::WithParamInterface<Ending> {
 protected:
  // Refreshes and introspects a session, on alternating servers, until some rounds after the end
  // was acknowledged.
  void Live(int server, std::string refresh, std::string access) {
    int rounds_after = 0;
    for (int round = 0; rounds_after < 4 && round < kRoundsMax; ++round) {
      const bool over = acknowledged_;  // read before the calls of this round
      const auto next = client(server + round).RefreshToken(refresh);
      if (next.ok()) {
        refresh = next.reply.refresh_token();
        access = next.reply.access_token();
        ++refreshes_;
      }
      for (const std::string& token : {refresh, access}) {
        const bool active = IsActive(token, server + round + 1);
        ASSERT_FALSE(over && active) << "introspected";
      }
      ASSERT_FALSE(over && next.ok()) << "refreshed";
      rounds_after += over;
    }
  }

  static constexpr int kRoundsMax = 10'000;

  std::atomic<bool> acknowledged_ = false;
  std::atomic<int> refreshes_ = 0;
};

TEST_P(EndRacesRefreshTest, F8_NothingIsGoodAfterTheAcknowledgement) {
  const AdminProgram admin(deployment_);
  const int devices = GetParam().devices;
  for (int64_t trial = 0; trial < support::Trials(3); ++trial) {
    const std::string person = NextPerson();
    std::vector<Tokens> signed_in;
    for (int i = 0; i < devices; ++i) signed_in.push_back(SignIn(person));
    acknowledged_ = false;
    refreshes_ = 0;
    support::Contend(devices + 1, [&](int i) {
      if (i < devices) {
        return Live(i, signed_in[i].refresh_token(), signed_in[i].access_token());
      }
      while (refreshes_ < devices && !HasFailure()) std::this_thread::yield();
      GetParam().run(client(static_cast<int>(trial)), admin, signed_in[0]);
      acknowledged_ = true;
    });
    if (HasFailure()) return;
  }
}

INSTANTIATE_TEST_SUITE_P(All, EndRacesRefreshTest, ::testing::ValuesIn(kEndings),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace otpgate::e2e
