#include "server/domain/account_rules.h"

#include <gtest/gtest.h>

#include <functional>

#include "tests/support/sample_values.h"

namespace otpgate::domain {
namespace {

using support::kNow;
const UserId kUser{std::string(24, 'u')};

struct BearerCase {
  const char* name;
  std::function<void(CheckBearer&, storage::AccountViewState&)> spoil;
  bool active = false;
  bool untimely = false;
};
class BearerTest : public ::testing::TestWithParam<BearerCase> {};

TEST_P(BearerTest, ComparesTokenSessionAndAccount) {
  CheckBearer command{.account = {kUser, SessionId{std::string(24, 's')}},
                      .user_type = storage::UserType::kLive,
                      .token_version = 3,
                      .expires_at = support::kNow + absl::Minutes(1)};
  storage::AccountViewState state;
  state.account = storage::Account{kUser, storage::UserType::kLive, false, 3, support::kNow};
  state.session = storage::RecordedSession{.generation = 0,
                                           .revoked = false,
                                           .key_id = "r1",
                                           .token_version = 3,
                                           .created_at = support::kNow,
                                           .absolute_expires_at = support::kNow + absl::Hours(1),
                                           .amr = "sms"};
  GetParam().spoil(command, state);
  const BearerReply reply = AccountRules::Answer(command, support::kNow, state);
  EXPECT_EQ(reply.active, GetParam().active);
  EXPECT_EQ(reply.untimely, GetParam().untimely);
}

INSTANTIATE_TEST_SUITE_P(Causes, BearerTest,
                         ::testing::Values(
                             BearerCase{"Good", [](CheckBearer&, storage::AccountViewState&) {},
                                        true},
                             BearerCase{"NoAccount",
                                        [](CheckBearer&, storage::AccountViewState& s) {
                                          s.account.reset();
                                        }},
                             BearerCase{"NoSession",
                                        [](CheckBearer&, storage::AccountViewState& s) {
                                          s.session.reset();
                                        }},
                             BearerCase{"Disabled",
                                        [](CheckBearer&, storage::AccountViewState& s) {
                                          s.account->disabled = true;
                                        }},
                             BearerCase{"OtherType",
                                        [](CheckBearer& c, storage::AccountViewState&) {
                                          c.user_type = storage::UserType::kDemo;
                                        }},
                             BearerCase{"TokenVersion",
                                        [](CheckBearer& c, storage::AccountViewState&) {
                                          c.token_version = 2;
                                        }},
                             BearerCase{"ForcedOut",
                                        [](CheckBearer&, storage::AccountViewState& s) {
                                          s.account->token_version = 4;
                                        }},
                             BearerCase{"SessionVersion",
                                        [](CheckBearer&, storage::AccountViewState& s) {
                                          s.session->token_version = 2;
                                        }},
                             BearerCase{"Revoked",
                                        [](CheckBearer&, storage::AccountViewState& s) {
                                          s.session->revoked = true;
                                        }},
                             BearerCase{"SessionIdle",
                                        [](CheckBearer&, storage::AccountViewState& s) {
                                          s.session->idle_expires_at = support::kNow;
                                        }},
                             BearerCase{"SessionEnded",
                                        [](CheckBearer&, storage::AccountViewState& s) {
                                          s.session->absolute_expires_at = support::kNow;
                                        }},
                             BearerCase{"BeforeTheGlobalSignOut",
                                        [](CheckBearer&, storage::AccountViewState& s) {
                                          s.not_before = support::kNow + absl::Microseconds(1);
                                        }},
                             BearerCase{"AtTheGlobalSignOut",
                                        [](CheckBearer&, storage::AccountViewState& s) {
                                          s.not_before = support::kNow;
                                        },
                                        true},
                             BearerCase{"TokenExpired",
                                        [](CheckBearer& c, storage::AccountViewState&) {
                                          c.expires_at = support::kNow;
                                        },
                                        false, true},
                             BearerCase{"TokenNotYetValid",
                                        [](CheckBearer& c, storage::AccountViewState&) {
                                          c.valid_from = support::kNow + absl::Minutes(1) +
                                                         absl::Microseconds(1);
                                        },
                                        false, true},
                             BearerCase{"TokenOfAMomentAhead",
                                        [](CheckBearer& c, storage::AccountViewState&) {
                                          c.valid_from = support::kNow + absl::Minutes(1);
                                        },
                                        true}),
                         [](const auto& c) { return c.param.name; });

}  // namespace
}  // namespace otpgate::domain
