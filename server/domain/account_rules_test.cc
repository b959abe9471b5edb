#include "server/domain/account_rules.h"

#include <gtest/gtest.h>

#include <functional>

#include "tests/support/sample_values.h"

namespace otpgate {
namespace {

using ::otpgate::testing::kNow;
const UserId kUser{std::string(24, 'u')};

struct BearerCase {
  const char* name;
  std::function<void(CheckBearer&, AccountViewState&)> spoil;
  bool active = false;
  bool untimely = false;
};
class BearerTest : public ::testing::TestWithParam<BearerCase> {};

TEST_P(BearerTest, ComparesTokenSessionAndAccount) {
  CheckBearer command{.account = {kUser, SessionId{std::string(24, 's')}},
                      .user_type = UserType::kLive,
                      .token_version = 3,
                      .expires_at = kNow + absl::Minutes(1)};
  AccountViewState state;
  state.account = Account{kUser, UserType::kLive, false, 3, kNow};
  state.session = RecordedSession{.generation = 0,
                                  .revoked = false,
                                  .key_id = "r1",
                                  .token_version = 3,
                                  .created_at = kNow,
                                  .absolute_expires_at = kNow + absl::Hours(1),
                                  .amr = "sms"};
  GetParam().spoil(command, state);
  const BearerReply reply = AccountRules::Answer(command, kNow, state);
  EXPECT_EQ(reply.active, GetParam().active);
  EXPECT_EQ(reply.untimely, GetParam().untimely);
}

INSTANTIATE_TEST_SUITE_P(
    Causes, BearerTest,
    ::testing::Values(
        BearerCase{"Good", [](CheckBearer&, AccountViewState&) {}, true},
        BearerCase{"NoAccount", [](CheckBearer&, AccountViewState& s) { s.account.reset(); }},
        BearerCase{"NoSession", [](CheckBearer&, AccountViewState& s) { s.session.reset(); }},
        BearerCase{"Disabled",
                   [](CheckBearer&, AccountViewState& s) { s.account->disabled = true; }},
        BearerCase{"OtherType",
                   [](CheckBearer& c, AccountViewState&) { c.user_type = UserType::kDemo; }},
        BearerCase{"TokenVersion", [](CheckBearer& c, AccountViewState&) { c.token_version = 2; }},
        BearerCase{"ForcedOut",
                   [](CheckBearer&, AccountViewState& s) { s.account->token_version = 4; }},
        BearerCase{"SessionVersion",
                   [](CheckBearer&, AccountViewState& s) { s.session->token_version = 2; }},
        BearerCase{"Revoked", [](CheckBearer&, AccountViewState& s) { s.session->revoked = true; }},
        BearerCase{"SessionIdle",
                   [](CheckBearer&, AccountViewState& s) { s.session->idle_expires_at = kNow; }},
        BearerCase{
            "SessionEnded",
            [](CheckBearer&, AccountViewState& s) { s.session->absolute_expires_at = kNow; }},
        BearerCase{
            "BeforeTheGlobalSignOut",
            [](CheckBearer&, AccountViewState& s) { s.not_before = kNow + absl::Microseconds(1); }},
        BearerCase{"AtTheGlobalSignOut",
                   [](CheckBearer&, AccountViewState& s) { s.not_before = kNow; }, true},
        BearerCase{"TokenExpired", [](CheckBearer& c, AccountViewState&) { c.expires_at = kNow; },
                   false, true},
        BearerCase{"TokenNotYetValid",
                   [](CheckBearer& c, AccountViewState&) {
                     c.valid_from = kNow + absl::Minutes(1) + absl::Microseconds(1);
                   },
                   false, true},
        BearerCase{
            "TokenOfAMomentAhead",
            [](CheckBearer& c, AccountViewState&) { c.valid_from = kNow + absl::Minutes(1); },
            true}),
    [](const auto& c) { return c.param.name; });

}  // namespace
}  // namespace otpgate
