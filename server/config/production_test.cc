// What production refuses, and the rules about combinations.
#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "base/text_file.h"
#include "server/config/load.h"
#include "server/config/rules.h"
#include "tests/support/status_matchers.h"

namespace otpgate::config {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Config Production() {
  Config config;
  config.environment = Environment::kProduction;
  config.enable_real_otp = true;
  config.database.postgres.connection_string = "dbname=otpgate";
  config.secrets = {"pepper", "handle", "refresh", "master"};
  config.delivery.sender = SenderKind::kFile;
  config.delivery.file_path = "/var/spool/otpgate";
  config.delivery.host = "login.example.com";
  config.callers = {{"gateway", "gateway.mac", {"*"}, true, ""}};
  return config;
}

void WithCertificates(Config& config) {
  config.listen.tls.directory = "/run/tls";
  config.listen.tls.client_certificates = rpc::ClientCertificates::kRequired;
}

struct RuleCase {
  const char* name;
  void (*change)(Config& config);
  const char* problem;  // begins with the key
};

class RuleTest : public ::testing::TestWithParam<RuleCase> {};

TEST_P(RuleTest, RefusesNamingTheKey) {
  Config config = Production();
  ASSERT_THAT(RuleProblems(config, {}), IsEmpty());
  GetParam().change(config);
  EXPECT_THAT(RuleProblems(config, {}),
              ::testing::Contains(::testing::StartsWith(GetParam().problem)));
}

INSTANTIATE_TEST_SUITE_P(
    Production, RuleTest,
    ::testing::Values(
        RuleCase{"Memory", [](Config& c) { c.use_database = false; }, "use_database must be true"},
        RuleCase{"NoLimits", [](Config& c) { c.otp.limits_enabled = false; },
                 "enable_rate_limit must be true"},
        RuleCase{"NoRealOtp", [](Config& c) { c.enable_real_otp = false; },
                 "enable_real_otp must be true"},
        RuleCase{"RevealedCodes", [](Config& c) { c.reveal_codes = true; },
                 "development.reveal_codes must be false"},
        RuleCase{"Console", [](Config& c) { c.delivery.sender = SenderKind::kConsole; },
                 "delivery.sender must not be console"},
        RuleCase{"Localhost", [](Config& c) { c.delivery.host = "localhost"; },
                 "delivery.host must not be localhost"},
        RuleCase{"M4_KeysRarelyLookedAt",
                 [](Config& c) { c.secrets.reload_interval = absl::Milliseconds(4001); },
                 "secrets.reload_interval must be at most 4s"},
        RuleCase{"NoClients", [](Config& c) { c.callers.clear(); }, "clients must name"}),
    [](const auto& test) { return std::string(test.param.name); });

INSTANTIATE_TEST_SUITE_P(
    Combinations, RuleTest,
    ::testing::Values(
        RuleCase{"Deadlines", [](Config& c) { c.listen.default_deadline = absl::Minutes(1); },
                 "listen.default_deadline"},
        RuleCase{"Queues", [](Config& c) { c.engine.queue.capacity = 10; }, "engine.queue_per_key"},
        RuleCase{"NoUrl", [](Config& c) { c.database.postgres.connection_string = ""; },
                 "database.url"},
        RuleCase{"NoPepper", [](Config& c) { c.secrets.pepper_file = ""; }, "secrets.pepper_file"},
        RuleCase{"NoHandleKey", [](Config& c) { c.secrets.handle_key_file = ""; },
                 "secrets.handle_key_file"},
        RuleCase{"NoRefreshKey", [](Config& c) { c.secrets.refresh_key_file = ""; },
                 "secrets.refresh_key_file"},
        RuleCase{"NoMasterKey", [](Config& c) { c.secrets.master_key_file = ""; },
                 "secrets.master_key_file"},
        RuleCase{"Waits", [](Config& c) { c.otp.longest_wait = absl::Seconds(1); },
                 "otp.first_wait"},
        RuleCase{"Failures", [](Config& c) { c.otp.disable_at_failures = 10; },
                 "otp.wait_from_failures"},
        RuleCase{"Sessions", [](Config& c) { c.otp.session.absolute = absl::Hours(1); },
                 "sessions.idle"},
        RuleCase{"Audiences",
                 [](Config& c) {
                   c.tokens.demo_audiences = {"x", "otpgate"};
                 },
                 "tokens.demo_audiences"},
        RuleCase{"ProofAudience",
                 [](Config& c) {
                   c.tokens.live_audiences = {"x", "verification:shop"};
                 },
                 "tokens.live_audiences"},
        RuleCase{"DemoProofAudience",
                 [](Config& c) { c.tokens.demo_audiences = {"verification:shop"}; },
                 "tokens.demo_audiences"},
        RuleCase{"NoFile", [](Config& c) { c.delivery.file_path = ""; }, "delivery.file_path"},
        RuleCase{"RealConsole", [](Config& c) { c.delivery.sender = SenderKind::kConsole; },
                 "enable_real_otp contradicts"},
        RuleCase{"ClientId", [](Config& c) { c.callers[0].id = "development"; }, "clients[0].id"},
        RuleCase{"ClientTwice", [](Config& c) { c.callers.push_back(c.callers[0]); },
                 "clients[1].id"},
        RuleCase{"ClientSecret", [](Config& c) { c.callers[0].secret_mac_file = ""; },
                 "clients[0].secret_mac_file"},
        RuleCase{"ClientSan",
                 [](Config& c) {
                   WithCertificates(c);
                   c.callers[0].san = "*.example.com";
                 },
                 "clients[0].san must be a URI"},
        RuleCase{"ClientSanTwice",
                 [](Config& c) {
                   WithCertificates(c);
                   c.callers[0].san = "orders.example.com";
                   c.callers.push_back(c.callers[0]);
                   c.callers[1].id = "other";
                 },
                 "clients[1].san must be different"},
        RuleCase{"ClientSanUnused", [](Config& c) { c.callers[0].san = "orders.example.com"; },
                 "clients[0].san must be used with listen.client_certificates"},
        RuleCase{"MetricsToOthers", [](Config& c) { c.metrics.address = "[::]:9464"; },
                 "metrics.address that other machines can reach needs metrics.plaintext_is_safe"},
        RuleCase{"PlaintextToOthers", [](Config& c) { c.listen.addresses.push_back("[::]:1"); },
                 "listen.addresses that other machines can reach need listen.tls_directory"},
        RuleCase{"CertificatesWithoutTls",
                 [](Config& c) {
                   c.listen.tls.client_certificates = rpc::ClientCertificates::kOptional;
                 },
                 "listen.client_certificates needs listen.tls_directory"},
        RuleCase{"ClientMethod", [](Config& c) { c.callers[0].methods = {"VerifyOtp"}; },
                 "clients[0].methods"},
        RuleCase{"ClientNoMethods", [](Config& c) { c.callers[0].methods.clear(); },
                 "clients[0].methods"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(ProductionTest, DefaultsAreRefusedWithEveryKeyAtOnce) {
  Config config;
  config.environment = Environment::kProduction;
  config.use_database = false;
  config.otp.limits_enabled = false;
  config.reveal_codes = true;
  config.secrets.reload_interval = absl::Minutes(1);
  EXPECT_THAT(
      RuleProblems(config, {}),
      ElementsAre("use_database must be true in production (OTPGATE_USE_DATABASE)",
                  "enable_rate_limit must be true in production (OTPGATE_ENABLE_RATE_LIMIT)",
                  "enable_real_otp must be true in production (OTPGATE_ENABLE_REAL_OTP)",
                  "development.reveal_codes must be false in production "
                  "(OTPGATE_DEVELOPMENT_REVEAL_CODES)",
                  "secrets.reload_interval must be at most 4s in production "
                  "(OTPGATE_SECRETS_RELOAD_INTERVAL)",
                  "delivery.sender must not be console in production (OTPGATE_DELIVERY_SENDER)",
                  "delivery.host must not be localhost in production (OTPGATE_DELIVERY_HOST)",
                  "clients must name at least one caller in production"));
}

TEST(ProductionTest, OlderSwitchesAreRefusedUnderTheirOwnNames) {
  const auto loaded = LoadConfig(CommandLine(),
                                 {{"OTPGATE_ENVIRONMENT", "production"},
                                  {"USE_DATABASE", "false"},
                                  {"ENABLE_RATE_LIMIT", "0"},
                                  {"ENABLE_REAL_OTP", "False"}},
                                 ReadTextFile);
  ASSERT_THAT(loaded, support::StatusIs(absl::StatusCode::kInvalidArgument));
  for (const char* key : {"use_database", "enable_rate_limit", "enable_real_otp"}) {
    EXPECT_THAT(std::string(loaded.status().message()), HasSubstr(std::string(key) + " must"));
  }
}

TEST(ProductionTest, OthersReachItOverTlsOrBySomethingThatEncrypts) {
  Config config = Production();
  config.listen.addresses = {"0.0.0.0:50051", "unix:/run/otpgate.sock"};
  EXPECT_EQ(RuleProblems(config, {}).size(), 1);
  config.listen.plaintext_is_safe = true;
  EXPECT_THAT(RuleProblems(config, {}), IsEmpty());
  config.listen.plaintext_is_safe = false;
  config.listen.tls.directory = "/run/tls";
  EXPECT_THAT(RuleProblems(config, {}), IsEmpty());
}

TEST(ProductionTest, ACertificateMayStandForTheSecret) {
  Config config = Production();
  WithCertificates(config);
  config.callers[0].secret_mac_file.clear();
  config.callers[0].san = "spiffe://example.com/gateway";
  EXPECT_THAT(RuleProblems(config, {}), IsEmpty());
}

TEST(ProductionTest, DevelopmentInMemoryNeedsNothing) {
  Config config;
  config.use_database = false;
  config.reveal_codes = true;
  EXPECT_THAT(RuleProblems(config, {}), IsEmpty());
}

TEST(ProductionTest, RulesAboutUnreadableKeysAreSkipped) {
  Config config = Production();
  config.database.postgres.connection_string = "";
  EXPECT_THAT(RuleProblems(config, {"database.url"}), IsEmpty());
  config.otp.limits_enabled = false;
  EXPECT_THAT(RuleProblems(config, {"database.url", "environment"}), IsEmpty());
}

}  // namespace
}  // namespace otpgate::config
