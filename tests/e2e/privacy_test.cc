// Marked secrets go through real servers; afterwards everything that is left behind is searched.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "tests/e2e/deployment.h"
#include "tests/support/program.h"
#include "tests/support/rpc_server.h"

namespace otpgate::testing {
namespace {

std::string ReadFile(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

// Ten digits are unique among everything that a database writes; six are not.
constexpr char kLongCodes[] = "--otp.digits=10";

class PrivacyTest : public ::testing::Test {
 protected:
  PrivacyTest() {
    // As much in the log as there can be; parameters never, as production demands.
    auto cluster = PgCluster::Start({.settings = {{"log_statement", "all"},
                                                  {"log_min_duration_statement", "0"},
                                                  {"log_connections", "on"},
                                                  {"log_parameter_max_length", "0"},
                                                  {"log_parameter_max_length_on_error", "0"}}});
    OTPGATE_CHECK(cluster.ok());
    cluster_ = *std::move(cluster);
    deployment_ = std::make_unique<Deployment>(
        Deployment::Options{.servers = 2, .flags = {kLongCodes, "--log.level=debug"}}, *cluster_);
    for (const char* use : {"pepper", "handle", "refresh", "master"}) {
      const std::string text = ReadFile(deployment_->keys().Path(use));
      Keep(std::string(absl::StripAsciiWhitespace(text.substr(text.find(' ') + 1))));
    }
  }

  AuthClient& client(int i) { return deployment_->client(i); }

  // A secret that was used.
  void Keep(const std::string& secret) {
    ASSERT_GE(secret.size(), 10u);
    secrets_.push_back(secret);
  }
  // What may be in the database, but in no log.
  void KeepPersonal(const std::string& text) { personal_.push_back(text); }

  // Everything a sign-in is made of, and every way it can fail.
  void UseEverything(const CodeRequest& person, int number) {
    KeepPersonal(person.identifier);
    const std::string id = absl::StrCat("7f1d3c2e-9a4b-4c5d-8e6f-", 100'000'000'000 + number);
    KeepPersonal(id);
    KeepPersonal(absl::StrReplaceAll(id, {{"-", ""}}));
    const CallOptions options{.request_id = id, .client_ip = absl::StrCat("203.0.113.", number)};
    const auto asked = client(0).RequestOtp(person, options);
    ASSERT_TRUE(asked.ok()) << asked.message;
    const std::string& code = asked.reply.development_code();
    const std::string& handle = asked.reply.handle();
    Keep(code);
    Keep(handle);
    EXPECT_EQ(client(1).VerifyOtp(handle, WrongCode(code)).reason, "OTP_INVALID");
    Keep(WrongCode(code));
    EXPECT_EQ(client(0).ResendOtp(handle, options).reason, "RESEND_COOLDOWN");
    EXPECT_EQ(client(0).VerifyOtp(handle, code + "1", options).reason, "INVALID_REQUEST");
    EXPECT_EQ(client(0).VerifyOtp(handle.substr(1) + "A", code).reason, "OTP_INVALID");
    const auto verified = client(1).VerifyOtp(handle, code, options);
    ASSERT_TRUE(verified.ok()) << verified.message;
    UseTokens(verified.reply.access_token(), verified.reply.refresh_token(), options);
  }

  void UseTokens(const std::string& access, const std::string& refresh,
                 const CallOptions& options) {
    Keep(access);
    Keep(refresh);
    const CallOptions bearer{.authorization = "Bearer " + access};
    EXPECT_TRUE(client(0).GetCurrentUser(bearer).ok());
    EXPECT_FALSE(client(0).GetCurrentUser({.authorization = "Bearer x" + access}).ok());
    EXPECT_FALSE(client(0).GetCurrentUser({.authorization = "Basic " + access}).ok());
    const auto next = client(0).RefreshToken(refresh, options);
    ASSERT_TRUE(next.ok()) << next.message;
    Keep(next.reply.access_token());
    Keep(next.reply.refresh_token());
    EXPECT_EQ(client(1).RefreshToken("x" + refresh).reason, "TOKEN_INVALID");
    EXPECT_TRUE(client(1).IntrospectToken(access).ok());
    EXPECT_TRUE(client(1).ListSessions(bearer).ok());
    EXPECT_TRUE(client(1).RevokeToken(next.reply.refresh_token()).ok());
  }

  // The texts, and how they look in dumps and binary files.
  std::string PatternsOf(const std::vector<std::string>& texts) const {
    std::vector<std::string> patterns;
    for (const std::string& text : texts) {
      patterns.push_back(text);
      patterns.push_back(absl::BytesToHexString(text));
      std::string base64 = absl::Base64Escape(text);
      // The last characters depend on what follows.
      patterns.push_back(base64.substr(0, text.size() / 3 * 4));
    }
    return folder_.Write("patterns", absl::StrJoin(patterns, "\n"));
  }

  // Files and folders that hold one of the texts.
  std::vector<std::string> Search(const std::vector<std::string>& texts,
                                  const std::vector<std::string>& places) const {
    std::vector<std::string> argv = {
        "/usr/bin/grep",   "--recursive",          "--text",
        "--fixed-strings", "--files-with-matches", absl::StrCat("--file=", PatternsOf(texts))};
    argv.insert(argv.end(), places.begin(), places.end());
    const ProgramResult result = RunProgram(argv);
    // A file of the database may vanish while it is read.
    EXPECT_LE(result.exit_code, 2) << result.err;
    return absl::StrSplit(result.out, '\n', absl::SkipEmpty());
  }

  std::string Dump() const {
    const std::string path = cluster_->DataFolder() + "/../dump";
    EXPECT_TRUE(RunPgTool({PgTool("pg_dump"), "-d",
                           deployment_->database().Socket(PgRole::kSuperuser), "-f", path},
                          cluster_->LogFile())
                    .ok());
    return path;
  }

  // The logs and command lines of the servers.
  std::string ServersFolder() const {
    const std::string folder = folder_.Path("servers");
    std::filesystem::create_directories(folder);
    for (int i = 0; i < deployment_->servers(); ++i) {
      ServerProcess& server = deployment_->server(i);
      const std::string proc = absl::StrCat("/proc/", server.pid(), "/");
      std::ofstream(absl::StrCat(folder, "/log", i)) << server.Log();
      std::ofstream(absl::StrCat(folder, "/cmdline", i)) << ReadFile(proc + "cmdline");
      std::ofstream(absl::StrCat(folder, "/environ", i)) << ReadFile(proc + "environ");
    }
    return folder;
  }

  const TempFolder folder_;
  std::unique_ptr<PgCluster> cluster_;
  std::unique_ptr<Deployment> deployment_;
  std::vector<std::string> secrets_;
  std::vector<std::string> personal_;
};

TEST_F(PrivacyTest, A4_A5_N1_NoSecretIsLeftBehind) {
  int number = 0;
  for (const char* identifier : {"+14155550123", "canary.person@example.com"}) {
    for (const v1::UserType type : {v1::USER_TYPE_LIVE, v1::USER_TYPE_DEMO}) {
      UseEverything({.identifier = identifier, .user_type = type}, ++number);
      UseEverything({.identifier = identifier, .user_type = type}, ++number);  // known by now
    }
  }
  ASSERT_GT(secrets_.size(), 40u);
  ASSERT_TRUE(Eventually([&] {
    return deployment_->database().Value("SELECT count(*) FROM outbox WHERE state = 'pending'") ==
           "0";
  }));
  EXPECT_EQ(deployment_->database().Value("SELECT count(*) FROM outbox WHERE sealed IS NOT NULL"),
            "0");
  // A code that was entered before its message left makes the message pointless.
  EXPECT_EQ(deployment_->database().Value(
                "SELECT count(*) FROM outbox WHERE state = 'sent' OR reason = 'consumed'"),
            absl::StrCat(number));

  const std::vector<std::string> data = {cluster_->DataFolder(), cluster_->LogFile(), Dump()};
  EXPECT_EQ(Search(secrets_, data), std::vector<std::string>());
  deployment_->database().Query("CHECKPOINT");
  EXPECT_EQ(Search(secrets_, data), std::vector<std::string>());

  const std::vector<std::string> logs = {cluster_->LogFile(), ServersFolder()};
  EXPECT_EQ(Search(secrets_, logs), std::vector<std::string>());
  EXPECT_EQ(Search(personal_, logs), std::vector<std::string>());
}

// The search itself can find what is there.
TEST_F(PrivacyTest, WhatIsLeftBehindIsFound) {
  const std::string code = "4815162342";
  deployment_->database().Query(
      absl::StrCat("INSERT INTO limits VALUES ('", code, "', 1, 0, now(), now())"));
  deployment_->database().Query("CHECKPOINT");
  EXPECT_GE(Search({code}, {cluster_->DataFolder()}).size(), 2u) << "the table and the WAL";
  EXPECT_EQ(Search({code}, {cluster_->LogFile()}).size(), 1u);
  EXPECT_EQ(Search({code}, {Dump()}).size(), 1u);
  EXPECT_EQ(Search({"event"}, {ServersFolder()}).size(), 2u);
  deployment_->database().Query(
      absl::StrCat("UPDATE limits SET bucket = encode('", code, "', 'base64')"));
  EXPECT_EQ(Search({code}, {Dump()}).size(), 1u);
}

// Whatever a caller writes, a line of the log stays one JSON object.
TEST_F(PrivacyTest, N3_CallersCannotWriteIntoTheLog) {
  const std::string payloads[] = {"a\nb",
                                  "{\"event\":\"FORGED\"}\n{\"event\":\"FORGED\"}",
                                  "\x1b[31mred\x1b[0m",
                                  "\",\"event\":\"FORGED\",\"x\":\"",
                                  "\xe2\x80\xa8line",
                                  std::string(5000, 'x')};
  for (const std::string& payload : payloads) {
    const CallOptions options{.request_id = payload};
    client(0).RequestOtp(payload + "@example.com", options);
    client(0).RequestOtp(payload);
    client(0).ResendOtp(payload, options);
    client(0).VerifyOtp(payload, payload, options);
    client(0).RefreshToken(payload, options);
    client(0).RevokeToken(payload);
  }
  for (const std::string& header : {payloads[3], payloads[5]}) {
    client(0).GetCurrentUser({.client_ip = header, .authorization = header, .caller = header});
  }
  ASSERT_TRUE(client(0).RequestOtp("last@example.com").ok());
  const std::string log = deployment_->server(0).Log();
  EXPECT_EQ(log.find("FORGED"), std::string::npos);
  for (absl::string_view line : absl::StrSplit(log, '\n', absl::SkipEmpty())) {
    const auto json = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
    EXPECT_TRUE(json.is_object() && json.contains("event")) << line;
    for (const char c : line) EXPECT_TRUE(c >= ' ' && c <= '~') << line;
  }
}

}  // namespace
}  // namespace otpgate::testing
