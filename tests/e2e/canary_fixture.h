#ifndef OTPGATE_TESTS_E2E_CANARY_FIXTURE_H_
#define OTPGATE_TESTS_E2E_CANARY_FIXTURE_H_

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/check.h"
#include "otpgate/v1/options.pb.h"
#include "tests/e2e/caller_files.h"
#include "tests/e2e/deployment.h"
#include "tests/support/canaries.h"
#include "tests/support/status_matchers.h"

namespace otpgate::e2e {

// Two servers and a database with the most verbose logs, and all their secrets: keys, the password
// of the database, the secret of the caller "gateway". Searches for these in logs, files and the
// database.
class CanaryFixture : public ::testing::Test {
 protected:
  // Codes have ten digits: six would be found by chance in what a database writes.
  CanaryFixture() {
    auto cluster = support::PgCluster::Start();
    OTPGATE_CHECK(cluster.ok());
    cluster_ = *std::move(cluster);
    deployment_ = std::make_unique<Deployment>(
        Deployment::Options{
            .servers = 2,
            .flags = {"--otp.digits=10", "--log.level=debug", "--database.health_interval=100ms",
                      "--database.password_file=" + folder_.Write("password", kPassword),
                      callers_.Flag()},
            .prepare = [this](const support::TestDatabase& database) { Prepare(database); },
            .connection = [](const support::TestDatabase& database,
                             int) { return database.Tcp(support::PgRole::kApp); }},
        *cluster_);
    secrets_.Add(kPassword);
    for (const char* use : {"pepper", "handle", "refresh", "master"}) KeepKey(use);
    secrets_.Add(CallerFiles::SecretOf("gateway"));
    secrets_.Add(As().caller);
  }

  // Makes the database require a password, and log everything except parameters and the rows of
  // errors, as production requires.
  void Prepare(const support::TestDatabase& database) {
    database.Query(absl::StrCat("ALTER ROLE otpgate_app PASSWORD '", kPassword, "'"));
    const std::string hba = cluster_->DataFolder() + "/pg_hba.conf";
    const std::string rules = ReadFile(hba);
    std::ofstream(hba) << "host all otpgate_app 127.0.0.1/32 scram-sha-256\n" << rules;
    ASSERT_OK(cluster_->Restart({{"log_statement", "all"},
                                 {"log_min_duration_statement", "0"},
                                 {"log_connections", "on"},
                                 {"log_error_verbosity", "terse"},
                                 {"log_parameter_max_length", "0"},
                                 {"log_parameter_max_length_on_error", "0"}}));
  }

  // Searches for the key as in its file, and for its bytes.
  void KeepKey(const std::string& use) {
    const std::string file = ReadFile(deployment_->keys().Path(use));
    const std::vector<std::string> words =
        absl::StrSplit(file, absl::ByAnyChar(" \n"), absl::SkipEmpty());
    const std::string& text = words.back();
    std::string bytes;
    ASSERT_TRUE(absl::Base64Unescape(text, &bytes));
    ASSERT_EQ(bytes.size(), 32u);
    secrets_.Add(text);
    secrets_.Add(bytes);
  }

  // Searches for the fields of an answer that the API marks as secret or personal.
  void KeepMarked(const google::protobuf::Message& answer) {
    std::vector<const google::protobuf::FieldDescriptor*> fields;
    const google::protobuf::Reflection& get = *answer.GetReflection();
    get.ListFields(answer, &fields);
    for (const auto* field : fields) {
      if (field->is_repeated()) continue;
      if (field->message_type() != nullptr) KeepMarked(get.GetMessage(answer, field));
      const bool secret = field->options().GetExtension(v1::secret);
      const bool personal = field->options().GetExtension(v1::personal);
      if (!secret && !personal) continue;
      (secret ? secrets_ : personal_).Add(get.GetString(answer, field));
      kept_.insert(field->full_name());
    }
  }

  // The names of all fields of answers that are marked as secret.
  static std::set<std::string> SecretsOfAnswers() {
    std::set<std::string> names;
    const auto& service = *v1::RequestOtpRequest::descriptor()->file()->service(0);
    for (int i = 0; i < service.method_count(); ++i) {
      const auto& answer = *service.method(i)->output_type();
      for (int j = 0; j < answer.field_count(); ++j) {
        if (answer.field(j)->options().GetExtension(v1::secret)) {
          names.insert(answer.field(j)->full_name());
        }
      }
    }
    return names;
  }

  support::AuthClient& client(int i) { return deployment_->client(i); }
  static support::CallOptions As(support::CallOptions options = {}) {
    options.caller = CallerFiles::HeaderOf("gateway");
    return options;
  }
  support::CallOptions Bearer(const std::string& access) const {
    return As({.authorization = "Bearer " + access});
  }
  // The reason of a refusal, whose whole text is searched later.
  template <class Reply>
  std::string Refusal(const support::Answer<Reply>& answer) {
    std::ofstream(folder_.Path("refusals"), std::ios::app) << answer.message << "\n"
                                                           << answer.status_bytes << "\n";
    return answer.reason;
  }

  static std::string ReadFile(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  }

  std::string Dump() const {
    std::string path = cluster_->DataFolder() + "/../dump";
    EXPECT_OK(support::RunPgTool(
        {support::PgTool("pg_dump"), "-d",
         deployment_->database().Socket(support::PgRole::kSuperuser), "-f", path},
        cluster_->LogFile()));
    return path;
  }

  // A folder with the logs, command lines, environments and refusals of the servers.
  std::string ServersFolder() const {
    std::string folder = folder_.Path("servers");
    std::filesystem::create_directories(folder);
    for (int i = 0; i < deployment_->servers(); ++i) {
      support::ServerProcess& server = deployment_->server(i);
      const std::string proc = absl::StrCat("/proc/", server.pid(), "/");
      std::ofstream(absl::StrCat(folder, "/log", i)) << server.Log();
      std::ofstream(absl::StrCat(folder, "/cmdline", i)) << ReadFile(proc + "cmdline");
      std::ofstream(absl::StrCat(folder, "/environ", i)) << ReadFile(proc + "environ");
    }
    std::ofstream(folder + "/refusals") << ReadFile(folder_.Path("refusals"));
    return folder;
  }

  static std::vector<std::string> Search(const support::Canaries& canaries,
                                         const std::vector<std::string>& places) {
    auto files = canaries.FilesWith(places);
    EXPECT_OK(files);
    return *std::move(files);
  }
  void ExpectCleanLogs() const {
    const std::vector<std::string> logs = {cluster_->LogFile(), ServersFolder()};
    EXPECT_THAT(Search(secrets_, logs), ::testing::IsEmpty());
    EXPECT_THAT(Search(personal_, logs), ::testing::IsEmpty());
  }

  static constexpr char kPassword[] = "canary-password-of-the-database";

  const support::TempFolder folder_;
  const CallerFiles callers_{{{"gateway", true}}};
  std::unique_ptr<support::PgCluster> cluster_;
  std::unique_ptr<Deployment> deployment_;
  support::Canaries secrets_;
  std::set<std::string> kept_;  // names of the fields to search for
  support::Canaries personal_;  // may be in the database, but in no log
};

}  // namespace otpgate::e2e

#endif  // OTPGATE_TESTS_E2E_CANARY_FIXTURE_H_
