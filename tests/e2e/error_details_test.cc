// Every refusal has the details that errors.proto documents, and no others.
#include <gmock/gmock.h>
#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>

#include <map>
#include <set>
#include <string>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "otpgate/v1/errors.pb.h"
#include "tests/e2e/caller_files.h"
#include "tests/e2e/deployment.h"
#include "tests/support/metrics_page.h"
#include "tests/support/rpc_server.h"
#include "tests/support/tcp_proxy.h"

namespace otpgate::e2e {
namespace {

using absl::StatusCode;
using Details = std::multiset<std::string>;

constexpr char kInfo[] = "google.rpc.ErrorInfo";
constexpr char kRetry[] = "google.rpc.RetryInfo";
constexpr char kQuota[] = "google.rpc.QuotaFailure";
constexpr char kBadRequest[] = "google.rpc.BadRequest";

struct Face {
  StatusCode code;
  Details details;
};

// What is documented. DEADLINE_EXCEEDED is missing: the caller does not wait for the answer then.
const std::map<std::string, Face> kFaces = {
    {"INVALID_REQUEST", {StatusCode::kInvalidArgument, {kInfo, kBadRequest}}},
    {"OTP_INVALID", {StatusCode::kFailedPrecondition, {kInfo}}},
    {"ACCOUNT_DISABLED", {StatusCode::kFailedPrecondition, {kInfo}}},
    {"IDENTIFIER_TAKEN", {StatusCode::kFailedPrecondition, {kInfo}}},
    {"SEND_LIMIT", {StatusCode::kResourceExhausted, {kInfo, kRetry, kQuota}}},
    {"RESEND_COOLDOWN", {StatusCode::kResourceExhausted, {kInfo, kRetry, kQuota}}},
    {"CLIENT_LIMIT", {StatusCode::kResourceExhausted, {kInfo, kRetry, kQuota}}},
    {"OVERLOADED", {StatusCode::kResourceExhausted, {kInfo, kRetry}}},
    {"REQUEST_ID_REUSED", {StatusCode::kFailedPrecondition, {kInfo}}},
    {"REQUEST_SUPERSEDED", {StatusCode::kFailedPrecondition, {kInfo}}},
    {"UNAUTHENTICATED", {StatusCode::kUnauthenticated, {kInfo}}},
    {"PERMISSION_DENIED", {StatusCode::kPermissionDenied, {kInfo}}},
    {"CONFLICT", {StatusCode::kAborted, {kInfo, kRetry}}},
    {"UNAVAILABLE", {StatusCode::kUnavailable, {kInfo, kRetry}}},
    {"OUTCOME_UNKNOWN", {StatusCode::kUnknown, {kInfo}}},
    {"INTERNAL", {StatusCode::kInternal, {kInfo}}},
    {"TOKEN_INVALID", {StatusCode::kUnauthenticated, {kInfo}}},
};

class ErrorDetailsTest : public ::testing::Test {
 protected:
  support::AuthClient& client() { return deployment_.client(0); }
  void Sql(const std::string& sql) { deployment_.database().Query(sql); }
  support::Answer<v1::RequestOtpResponse> Ask(const support::CodeRequest& request,
                                              const support::CallOptions& options = {}) {
    auto asked = client().RequestOtp(request, options);
    EXPECT_TRUE(asked.ok()) << asked.message;
    return asked;
  }
  support::Answer<v1::VerifyOtpResponse> SignIn(const std::string& person) {
    const auto asked = Ask({.identifier = person});
    auto verified = client().VerifyOtp(asked.reply.handle(), asked.reply.development_code());
    EXPECT_TRUE(verified.ok()) << verified.message;
    return verified;
  }

  // Returns the metadata of ErrorInfo.
  template <class Reply>
  std::map<std::string, std::string> Expect(const support::Answer<Reply>& answer,
                                            const std::string& reason) {
    SCOPED_TRACE(reason);
    seen_.insert(reason);
    google::rpc::Status status;
    EXPECT_TRUE(status.ParseFromString(answer.status_bytes));
    EXPECT_EQ(answer.code, kFaces.at(reason).code);
    EXPECT_EQ(status.code(), static_cast<int>(answer.code));
    EXPECT_EQ(status.message(), answer.message);
    Details types;
    google::rpc::ErrorInfo info;
    for (const google::protobuf::Any& detail : status.details()) {
      types.insert(detail.type_url().substr(detail.type_url().rfind('/') + 1));
      google::rpc::QuotaFailure quota;
      google::rpc::BadRequest bad;
      if (detail.UnpackTo(&quota)) ExpectNamesALimit(quota);
      if (detail.UnpackTo(&bad)) ExpectNamesFields(bad);
      detail.UnpackTo(&info);
    }
    EXPECT_EQ(types, kFaces.at(reason).details);
    EXPECT_EQ(info.reason(), reason);
    EXPECT_EQ(info.domain(), "otpgate");
    EXPECT_EQ(answer.retry_after > absl::ZeroDuration(), types.count(kRetry) > 0);
    return {info.metadata().begin(), info.metadata().end()};
  }
  static void ExpectNamesALimit(const google::rpc::QuotaFailure& quota) {
    ASSERT_EQ(quota.violations_size(), 1);
    EXPECT_NE(quota.violations(0).subject() + quota.violations(0).description(), "");
  }
  static void ExpectNamesFields(const google::rpc::BadRequest& bad) {
    EXPECT_GE(bad.field_violations_size(), 1);
    for (const auto& violation : bad.field_violations()) EXPECT_NE(violation.description(), "");
  }
  static std::map<std::string, std::string> Quota(const std::string& limit,
                                                  const std::string& seconds) {
    return {{"quota_limit", limit}, {"quota_window_seconds", seconds}};
  }
  template <class Reply>
  void ExpectNothingBesides(const support::Answer<Reply>& answer, const std::string& reason) {
    const auto besides = Expect(answer, reason);
    EXPECT_TRUE(besides.empty()) << reason << " " << besides.begin()->first;
  }

  void Codes();
  void Accounts();
  void RequestIds();
  void Limits();
  void Credentials();
  void Full();
  void FaultsOfTheDatabase();
  void LostCommit();

  support::TcpProxy proxy_{support::SharedPgCluster().SocketPath(), support::Framing::kPostgres};
  const CallerFiles callers_{{{"jwks-only", false, "otpgate.v1.AuthService/GetJwks"}}};
  Deployment deployment_{
      {.servers = 1,
       .flags = {callers_.Flag(), "--limits.ip_burst=1", "--limits.ip_interval=1h",
                 "--engine.workers=1", "--engine.queue_per_key=1", "--database.health_interval=1m",
                 "--secrets.reload_interval=1m", "--database.answer_timeout=1m",
                 "--metrics.address=127.0.0.1:0"},
       .prepare = {},
       .connection = [this](const support::TestDatabase& database, int) {
         return database.Via(proxy_.port(), support::PgRole::kApp);
       }}};
  std::set<std::string> seen_;
};

void ErrorDetailsTest::Codes() {
  const auto asked = Ask({.identifier = "codes@example.com"});
  const std::string& handle = asked.reply.handle();
  const std::string& code = asked.reply.development_code();
  ExpectNothingBesides(client().VerifyOtp("", "x"), "INVALID_REQUEST");
  const auto besides = Expect(client().VerifyOtp(handle, support::WrongCode(code)), "OTP_INVALID");
  EXPECT_EQ(besides, (std::map<std::string, std::string>{{"attempts_remaining", "4"}}));
  ExpectNothingBesides(client().VerifyOtp("A" + handle, code), "OTP_INVALID");
  ExpectNothingBesides(client().ResendOtp("A" + handle), "OTP_INVALID");
}

void ErrorDetailsTest::Accounts() {
  const support::CallOptions bearer{
      .authorization = "Bearer " + SignIn("owner@example.com").reply.access_token()};
  SignIn("taken@example.com");
  const auto attach =
      Ask({.identifier = "taken@example.com", .purpose = v1::PURPOSE_VERIFY_EMAIL}, bearer);
  ExpectNothingBesides(
      client().VerifyOtp(attach.reply.handle(), attach.reply.development_code(), bearer),
      "IDENTIFIER_TAKEN");
  Sql("UPDATE users SET status = 'disabled'");
  const auto asked = Ask({.identifier = "owner@example.com"});
  ExpectNothingBesides(client().VerifyOtp(asked.reply.handle(), asked.reply.development_code()),
                       "ACCOUNT_DISABLED");
}

void ErrorDetailsTest::RequestIds() {
  const support::CallOptions id{.request_id = "7f1d3c2e-9a4b-4c5d-8e6f-0123456789ab"};
  const auto asked = Ask({.identifier = "ids@example.com"});
  const std::string& handle = asked.reply.handle();
  const std::string& code = asked.reply.development_code();
  const auto verified = client().VerifyOtp(handle, code, id);
  ASSERT_TRUE(verified.ok()) << verified.message;
  ExpectNothingBesides(client().VerifyOtp(handle, support::WrongCode(code), id),
                       "REQUEST_ID_REUSED");
  ASSERT_TRUE(client().RevokeToken(verified.reply.refresh_token()).ok());
  ExpectNothingBesides(client().VerifyOtp(handle, code, id), "REQUEST_SUPERSEDED");
}

void ErrorDetailsTest::Limits() {
  const support::CallOptions from{.client_ip = "203.0.113.7"};
  const auto asked = Ask({.identifier = "limits@example.com"}, from);
  EXPECT_EQ(Expect(client().RequestOtp("limits@example.com", from), "CLIENT_LIMIT"),
            Quota("1", "3600"));
  EXPECT_EQ(Expect(client().ResendOtp(asked.reply.handle()), "RESEND_COOLDOWN"), Quota("1", "30"));
  for (int i = 0; i < 2; ++i) Ask({.identifier = "limits@example.com"});
  EXPECT_EQ(Expect(client().RequestOtp("limits@example.com"), "SEND_LIMIT"), Quota("3", "900"));
}

void ErrorDetailsTest::Credentials() {
  ExpectNothingBesides(client().GetCurrentUser({}), "UNAUTHENTICATED");
  ExpectNothingBesides(client().GetCurrentUser({.caller = CallerFiles::HeaderOf("nobody")}),
                       "UNAUTHENTICATED");
  ExpectNothingBesides(
      client().RequestOtp("a@example.com", {.caller = CallerFiles::HeaderOf("jwks-only")}),
      "PERMISSION_DENIED");
  ExpectNothingBesides(client().RefreshToken("none"), "TOKEN_INVALID");
}

// One call is in the database, one waits in the queue, and the queue is full.
void ErrorDetailsTest::Full() {
  const auto busy =
      proxy_.Add({.action = support::ProxyAction::kHold, .match = support::Holds("load_subjects")});
  std::thread call([&] { client().RequestOtp("full@example.com"); });
  EXPECT_TRUE(busy->WaitFired());
  std::thread next([&] { client().RequestOtp("full@example.com"); });
  support::MetricsPage(deployment_.server(0)).Expect("otpgate_queue_depth{engine=\"subjects\"}", 1);
  ExpectNothingBesides(client().RequestOtp("full@example.com"), "OVERLOADED");
  busy->Release();
  call.join();
  next.join();
}

void ErrorDetailsTest::FaultsOfTheDatabase() {
  Sql("ALTER TABLE outbox ADD CONSTRAINT outbox_none CHECK (false) NOT VALID");
  const auto besides = Expect(client().RequestOtp("faults@example.com"), "INTERNAL");
  ASSERT_EQ(besides.size(), 1u);
  EXPECT_EQ(besides.begin()->first, "request_id");
  // The log line is written after the answer was sent.
  EXPECT_TRUE(support::Eventually(
      [&] { return absl::StrContains(deployment_.server(0).Log(), besides.begin()->second); }));
  Sql("ALTER TABLE outbox DROP CONSTRAINT outbox_none");

  // Every write loses a conflict.
  Sql("CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$");
  Sql("CREATE TRIGGER lose BEFORE INSERT ON subjects FOR EACH ROW EXECUTE FUNCTION lose()");
  ExpectNothingBesides(client().RequestOtp("faults@example.com"), "CONFLICT");
  Sql("DROP TRIGGER lose ON subjects");

  Sql("ALTER TABLE subjects RENAME TO away");
  ExpectNothingBesides(client().RequestOtp("faults@example.com"), "UNAVAILABLE");
  Sql("ALTER TABLE away RENAME TO subjects");
}

// The COMMIT arrives, its answer is lost, and the database becomes unreachable. Repeats for another
// identifier if it was the COMMIT of another transaction, such as that of the dispatcher.
void ErrorDetailsTest::LostCommit() {
  support::Answer<v1::VerifyOtpResponse> verified;
  for (int i = 0; i < 10 && verified.reason.empty(); ++i) {
    const auto asked = Ask({.identifier = absl::StrCat("lost", i, "@example.com")});
    ASSERT_TRUE(support::Eventually([&] {
      return deployment_.database().Value("SELECT count(*) FROM outbox WHERE state = 'pending'") ==
             "0";
    }));
    proxy_.Refuse(true);
    const auto lost = proxy_.Add(
        {.action = support::ProxyAction::kForwardThenCut, .match = support::PgQuery("COMMIT")});
    verified = client().VerifyOtp(asked.reply.handle(), asked.reply.development_code());
    EXPECT_TRUE(lost->fired());
    proxy_.Refuse(false);
  }
  ExpectNothingBesides(verified, "OUTCOME_UNKNOWN");
}

TEST_F(ErrorDetailsTest, B11_EveryReasonHasItsDetails) {
  Codes();
  Accounts();
  RequestIds();
  Limits();
  Credentials();
  Full();
  FaultsOfTheDatabase();
  LostCommit();
  std::set<std::string> all;
  const auto& reasons = *v1::ErrorReason_descriptor();
  for (int i = 0; i < reasons.value_count(); ++i) {
    all.insert(reasons.value(i)->name().substr(std::string("ERROR_REASON_").size()));
  }
  all.erase("UNSPECIFIED");
  all.erase("DEADLINE_EXCEEDED");
  EXPECT_EQ(seen_, all);
}

}  // namespace
}  // namespace otpgate::e2e
