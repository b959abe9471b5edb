#include "server/domain/events.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

namespace otpgate::domain {
namespace {

using ::testing::ElementsAre;

// "NAME flow step". Dashboards, alerts and old audit rows depend on these names.
TEST(EventsTest, NamesAndLabelsAreTheOnesThatAreKnown) {
  std::vector<std::string> all;
  for (const EventFacts& facts : kEvents) {
    all.push_back(absl::StrCat(facts.name, " ", NameOf(facts.flow), " ", NameOf(facts.step)));
  }
  EXPECT_THAT(all, ElementsAre("SIGNUP_OTP_CREATED signup created",                            //
                               "SIGNUP_OTP_RESENT signup resent",                              //
                               "SIGNUP_OTP_VERIFIED signup verified",                          //
                               "SIGNUP_OTP_VERIFICATION_FAILED signup verification_failed",    //
                               "LOGIN_OTP_CREATED login created",                              //
                               "LOGIN_OTP_RESENT login resent",                                //
                               "LOGIN_OTP_VERIFIED login verified",                            //
                               "LOGIN_OTP_VERIFICATION_FAILED login verification_failed",      //
                               "VERIFY_PHONE_OTP_CREATED verify_phone created",                //
                               "VERIFY_PHONE_OTP_RESENT verify_phone resent",                  //
                               "VERIFY_PHONE_OTP_VERIFIED verify_phone verified",              //
                               "VERIFY_PHONE_OTP_VERIFICATION_FAILED verify_phone "            //
                               "verification_failed",                                          //
                               "VERIFY_EMAIL_OTP_CREATED verify_email created",                //
                               "VERIFY_EMAIL_OTP_RESENT verify_email resent",                  //
                               "VERIFY_EMAIL_OTP_VERIFIED verify_email verified",              //
                               "VERIFY_EMAIL_OTP_VERIFICATION_FAILED verify_email "            //
                               "verification_failed",                                          //
                               "VERIFICATION_OTP_CREATED verification created",                //
                               "VERIFICATION_OTP_RESENT verification resent",                  //
                               "VERIFICATION_OTP_VERIFIED verification verified",              //
                               "VERIFICATION_OTP_VERIFICATION_FAILED verification "            //
                               "verification_failed",                                          //
                               "OTP_KEY_UNKNOWN  key_unknown",                                 //
                               "OTP_REQUEST_REFUSED  request_refused",                         //
                               "OTP_RESEND_REFUSED  resend_refused",                           //
                               "OTP_VERIFICATION_REFUSED  verification_refused",               //
                               "OTP_DELETED  ", "SUBJECT_UNLOCKED  ",                          //
                               "TOKEN_REFRESHED  ", "TOKEN_REUSE  ", "TOKEN_FROM_FUTURE  ",    //
                               "SESSION_REVOKED  ", "SESSIONS_REVOKED  ",                      //
                               "ALL_SESSIONS_REVOKED  ", "USER_DISABLED  ", "USER_ENABLED  ",  //
                               "SIGNING_KEY_ADDED  ",                                          //
                               "SIGNING_KEY_RETIRED  ",                                        //
                               "SIGNING_KEY_DESTROYED  ",                                      //
                               "PEPPER_KEY_ADDED  ",                                           //
                               "PEPPER_KEY_RETIRED  ",                                         //
                               "PEPPER_KEY_DESTROYED  ",                                       //
                               "HANDLE_KEY_ADDED  ",                                           //
                               "HANDLE_KEY_RETIRED  ",                                         //
                               "HANDLE_KEY_DESTROYED  ",                                       //
                               "REFRESH_KEY_ADDED  ",                                          //
                               "REFRESH_KEY_RETIRED  ",                                        //
                               "REFRESH_KEY_DESTROYED  ",                                      //
                               "MASTER_KEY_ADDED  ",                                           //
                               "ADMIN_LOOKED  ", "IDENTIFIERS_REVEALED  "));
}

TEST(EventsTest, EveryEventIsFoundByItsEnumerator) {
  std::set<absl::string_view> names;
  for (size_t i = 0; i < std::size(kEvents); ++i) {
    const auto event = static_cast<Event>(i);
    EXPECT_EQ(FactsOf(event).event, event);
    EXPECT_TRUE(names.insert(NameOf(event)).second) << NameOf(event);
  }
}

TEST(EventsTest, EveryStepOfACodeHasAnEvent) {
  for (const storage::CodeTable table :
       {storage::CodeTable::kSignupOtps, storage::CodeTable::kOtpSessions}) {
    for (const storage::Purpose purpose : storage::kPurposes) {
      storage::Code code;
      code.table = table;
      code.purpose = purpose;
      for (const OtpStep step : {OtpStep::kCreated, OtpStep::kResent, OtpStep::kVerified,
                                 OtpStep::kVerificationFailed}) {
        const EventFacts& facts = FactsOf(OtpEvent(code, step));
        EXPECT_EQ(facts.step, step);
        EXPECT_EQ(NameOf(facts.flow),
                  table == storage::CodeTable::kSignupOtps ? "signup" : NameOf(purpose));
      }
    }
  }
}

TEST(EventsTest, EveryLabelHasAName) {
  std::vector<absl::string_view> outcomes;
  for (const auto& outcome : kRefreshOutcomes) {
    EXPECT_EQ(NameOf(outcome.label), outcome.name);
    outcomes.push_back(outcome.name);
  }
  EXPECT_THAT(outcomes, ElementsAre("rotated", "repeated", "reuse", "from_future", "superseded",
                                    "refused", "unknown", "failed"));
  EXPECT_EQ(std::size(kRefreshOutcomes), static_cast<size_t>(RefreshOutcome::kFailed) + 1);
  EXPECT_EQ(std::size(kOtpSteps), static_cast<size_t>(OtpStep::kVerificationRefused));
  EXPECT_EQ(std::size(kOtpFlows), static_cast<size_t>(OtpFlow::kVerification));
}

}  // namespace
}  // namespace otpgate::domain
