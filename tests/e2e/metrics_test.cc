// The metrics of a server, compared with the calls that it got.
#include <gmock/gmock.h>

#include <cmath>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/e2e/caller_files.h"
#include "tests/e2e/deployment.h"
#include "tests/support/grpc_call.h"
#include "tests/support/http_get.h"
#include "tests/support/metrics_page.h"
#include "tests/support/rpc_server.h"

namespace otpgate::e2e {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kPerson[] = "canary.person@example.com";
constexpr char kPhone[] = "+14155550123";
constexpr char kAddress[] = "203.0.113.77";
constexpr char kRequestId[] = "7f1d3c2e-9a4b-4c5d-8e6f-100000000001";

class MetricsTest : public ::testing::Test {
 protected:
  void ExpectSample(const std::string& name, double value) const { page_.Expect(name, value); }
  void ExpectHandled(const std::string& method, const std::string& code, double count) {
    ExpectSample(
        absl::StrCat("grpc_server_handled_total{grpc_code=\"", code, "\",grpc_method=\"", method,
                     "\",grpc_service=\"otpgate.v1.AuthService\",grpc_type=\"unary\"}"),
        count);
  }
  void ExpectStarted(const std::string& method, double count) {
    ExpectSample(absl::StrCat("grpc_server_started_total{grpc_method=\"", method,
                              "\",grpc_service=\"otpgate.v1.AuthService\",grpc_type=\"unary\"}"),
                 count);
  }
  void ExpectEvent(const std::string& flow, const std::string& event, double count) {
    ExpectSample(
        absl::StrCat("otpgate_otp_events_total{event=\"", event, "\",flow=\"", flow, "\"}"), count);
  }

  support::AuthClient& client() { return deployment_.client(0); }
  static support::CallOptions As() {
    return {.client_ip = kAddress, .caller = CallerFiles::HeaderOf("gateway")};
  }

  const CallerFiles callers_{{{"gateway", true}}};
  Deployment deployment_{Deployment::Options{
      .servers = 1,
      .flags = {"--metrics.address=127.0.0.1:0", "--sessions.refresh_grace=0s",
                "--database.health_interval=100ms", "--cleanup.interval=1s", callers_.Flag()}}};
  const support::MetricsPage page_{deployment_.server(0)};
};

TEST_F(MetricsTest, CountsWhatWasDone) {
  const auto asked = client().RequestOtp(kPerson, As());
  ASSERT_TRUE(asked.ok()) << asked.message;
  const std::string code = asked.reply.development_code();
  EXPECT_FALSE(client().VerifyOtp(asked.reply.handle(), support::WrongCode(code), As()).ok());
  EXPECT_EQ(client().ResendOtp(asked.reply.handle(), As()).reason, "RESEND_COOLDOWN");
  const auto verified = client().VerifyOtp(asked.reply.handle(), code, As());
  ASSERT_TRUE(verified.ok()) << verified.message;
  support::CallOptions signed_in = As();
  signed_in.authorization = absl::StrCat("Bearer ", verified.reply.access_token());
  EXPECT_TRUE(client().ListSessions(signed_in).ok());
  const std::string token = verified.reply.refresh_token();
  EXPECT_TRUE(client().RefreshToken(token, As()).ok());
  EXPECT_EQ(client().RefreshToken(token, As()).reason, "TOKEN_INVALID");  // a replay
  EXPECT_EQ(client().RefreshToken("guessed", As()).reason, "TOKEN_INVALID");

  ExpectStarted("VerifyOtp", 2);
  ExpectHandled("RequestOtp", "OK", 1);
  ExpectHandled("VerifyOtp", "OK", 1);
  ExpectHandled("VerifyOtp", "FailedPrecondition", 1);
  ExpectHandled("ResendOtp", "ResourceExhausted", 1);
  ExpectHandled("RefreshToken", "OK", 1);
  ExpectHandled("RefreshToken", "Unauthenticated", 2);
  ExpectSample("otpgate_refusals_total{reason=\"OTP_INVALID\"}", 1);
  ExpectEvent("signup", "created", 1);
  ExpectEvent("signup", "verification_failed", 1);
  ExpectEvent("signup", "verified", 1);
  ExpectEvent("login", "resend_refused", 1);
  ExpectSample("otpgate_limits_hit_total{quota=\"resend_cooldown\"}", 1);
  ExpectSample("otpgate_refresh_total{outcome=\"rotated\"}", 1);
  ExpectSample("otpgate_refresh_total{outcome=\"reuse\"}", 1);
  ExpectSample("otpgate_refresh_total{outcome=\"unknown\"}", 1);
  ExpectSample("otpgate_outbox_messages_total{outcome=\"sent\"}", 1);
  ExpectSample("otpgate_queue_depth{engine=\"subjects\"}", 0);
  // A request, a wrong guess, a refused resend and a right guess: one batch each.
  ExpectSample("otpgate_batch_commands_sum{engine=\"subjects\"}", 4);
  ExpectSample("otpgate_batch_commands_count{engine=\"sessions\"}", 2);
  ExpectSample("otpgate_batch_commands_count{engine=\"accounts\"}", 1);
  ExpectSample("otpgate_queue_wait_seconds_count{engine=\"accounts\"}", 1);
  ExpectSample("otpgate_batch_commands_count{engine=\"session_lists\"}", 1);
  ExpectSample("otpgate_conflicts_total{engine=\"subjects\"}", 0);

  const auto samples = page_.Samples();
  EXPECT_EQ(samples.at("otpgate_statement_seconds_count{statement=\"load_subjects\"}"), 4);
  EXPECT_EQ(samples.at("otpgate_statement_seconds_count{statement=\"write_subjects\"}"), 3);
  EXPECT_GE(samples.at("otpgate_statement_seconds_count{statement=\"COMMIT\"}"), 1);
  page_.ExpectAbove("otpgate_statement_seconds_count{statement=\"ping\"}", 0);
  // The database runs on the clock of this machine.
  EXPECT_LT(std::abs(samples.at("otpgate_database_clock_offset_seconds")), 5);
}

TEST_F(MetricsTest, J2_CleanupIsCounted) {
  ASSERT_TRUE(client().RequestOtp(kPerson, As()).ok());
  ExpectSample("otpgate_cleanup_removed_rows_total{kind=\"signup_otps\"}", 0);
  deployment_.database().Query("UPDATE signup_otps SET expires_at = now() - interval '2 days'");
  ExpectSample("otpgate_cleanup_removed_rows_total{kind=\"signup_otps\"}", 1);
  ExpectSample("otpgate_cleanup_removed_rows_total{kind=\"subjects\"}", 0);
  ExpectSample("otpgate_cleanup_held_rows{kind=\"signup_otps\"}", 0);
  page_.ExpectAbove("otpgate_cleanup_last_complete_timestamp_seconds", 1.7e9);
  const auto samples = page_.Samples();
  EXPECT_GE(samples.at("otpgate_cleanup_rounds_total{outcome=\"complete\"}"), 1);
  EXPECT_EQ(samples.at("otpgate_cleanup_rounds_total{outcome=\"failed\"}"), 0);
  EXPECT_GE(samples.at("otpgate_statement_seconds_count{statement=\"clean_signup_otps\"}"), 1);
  EXPECT_GE(samples.at("otpgate_statement_seconds_count{statement=\"take_lease\"}"), 1);
}

// Sends canaries in everything that a caller can choose; neither they nor the label "other" appear.
TEST_F(MetricsTest, N1_NoTextOfACallerIsOnThePage) {
  support::CallOptions options = As();
  options.request_id = kRequestId;
  const auto asked = client().RequestOtp(kPerson, options);
  ASSERT_TRUE(asked.ok()) << asked.message;
  ASSERT_TRUE(client().RequestOtp(kPhone, As()).ok());
  const std::string code = asked.reply.development_code();
  const auto verified = client().VerifyOtp(asked.reply.handle(), code, As());
  ASSERT_TRUE(verified.ok()) << verified.message;
  support::CallOptions bearer = As();
  bearer.authorization = "Bearer " + verified.reply.access_token();
  EXPECT_TRUE(client().GetCurrentUser(bearer).ok());
  EXPECT_TRUE(client().ListSessions(bearer).ok());
  EXPECT_FALSE(client().RefreshToken("canary-token-that-is-none", As()).ok());
  EXPECT_FALSE(client().RequestOtp("canary-no-identifier", As()).ok());
  support::CallOptions stranger = As();
  stranger.caller = CallerFiles::HeaderOf("canary-caller");
  EXPECT_EQ(client().RequestOtp(kPerson, stranger).reason, "UNAUTHENTICATED");
  const auto channel = support::NewChannel(deployment_.server(0).port());
  for (const char* method : {"canary.Service/Method", "otpgate.v1.AuthService/CanaryMethod"}) {
    grpc::ClientContext context;
    v1::GetJwksResponse none;
    EXPECT_EQ(
        support::CallMethod(channel, method, context, v1::GetJwksRequest(), &none).error_code(),
        grpc::StatusCode::UNIMPLEMENTED);
  }
  ExpectHandled("RequestOtp", "Unauthenticated", 1);
  support::HttpGet(page_.port(), "/metrics/canary-path");

  page_.ExpectAbove("otpgate_cleanup_rounds_total{outcome=\"complete\"}", 0);
  const std::string page = page_.Text();
  for (const std::string& canary :
       {std::string("anary"), std::string("example.com"), std::string(kPhone).substr(1),
        std::string(kAddress), std::string(kRequestId), std::string("gateway"), code,
        asked.reply.handle(), verified.reply.access_token(), verified.reply.refresh_token(),
        verified.reply.session_id(), verified.reply.user().id()}) {
    ASSERT_FALSE(canary.empty());
    EXPECT_THAT(page, Not(HasSubstr(canary)));
  }
  // All label values of the server itself are in its vocabulary.
  for (const auto& [name, value] : support::MetricsPage::SamplesOf(page)) {
    EXPECT_TRUE(value == 0 || !absl::StrContains(name, "\"other\"")) << name;
  }
}

}  // namespace
}  // namespace otpgate::e2e
