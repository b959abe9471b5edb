#include "tests/bench/system_under_test.h"

#include <google/protobuf/empty.pb.h>
#include <google/protobuf/wrappers.pb.h>

#include <algorithm>
#include <fstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/status_macros.h"
#include "migrations/migrator/connection.h"
#include "tests/bench/batch_counts.h"
#include "tests/bench/cpu_time.h"
#include "tests/support/grpc_call.h"

namespace otpgate::bench {
namespace {

using support::PgRole;

constexpr size_t kLogBytes = 1 << 20;
constexpr size_t kErrorLines = 5;  // lines

absl::StatusOr<int64_t> Ask(int port, const char* method) {
  grpc::ClientContext context;
  context.set_wait_for_ready(true);  // on a busy machine the server may not listen yet
  google::protobuf::Int64Value answer;
  const grpc::Status status = support::CallMethod(support::NewChannel(port), method, context,
                                                  google::protobuf::Empty(), &answer);
  if (!status.ok()) return absl::InternalError(absl::StrCat(method, ": ", status.error_message()));
  return answer.value();
}

}  // namespace

absl::StatusOr<std::unique_ptr<SystemUnderTest>> SystemUnderTest::Start(const Options& options) {
  std::unique_ptr<SystemUnderTest> system(new SystemUnderTest);
  OTPGATE_RETURN_IF_ERROR(system->StartPostgres(options));
  for (const Variant& variant : options.variants) {
    OTPGATE_RETURN_IF_ERROR(system->StartServer(options.server_program, variant));
  }
  return system;
}

absl::Status SystemUnderTest::StartPostgres(const Options& options) {
  // As in production, parameters of statements are not logged.
  support::PgClusterOptions cluster{.fsync = true,
                                    .settings = {{"shared_buffers", options.shared_buffers},
                                                 {"max_wal_size", "4GB"},
                                                 {"log_parameter_max_length", "0"},
                                                 {"log_parameter_max_length_on_error", "0"}}};
  cluster.settings.insert(cluster.settings.end(), options.settings.begin(), options.settings.end());
  OTPGATE_ASSIGN_OR_RETURN(cluster_, support::PgCluster::Start(cluster));
  std::ifstream(cluster_->DataFolder() + "/postmaster.pid") >> postmaster_;
  return absl::OkStatus();
}

absl::StatusOr<DatabaseUnderTest*> SystemUnderTest::DatabaseOf(int64_t rows) {
  for (const auto& database : databases_) {
    if (database->rows() == rows) return database.get();
  }
  OTPGATE_ASSIGN_OR_RETURN(auto database, DatabaseUnderTest::Create(*cluster_, rows));
  databases_.push_back(std::move(database));
  return databases_.back().get();
}

absl::Status SystemUnderTest::StartServer(const std::string& program, const Variant& variant) {
  Server server;
  OTPGATE_ASSIGN_OR_RETURN(server.database, DatabaseOf(variant.rows));
  const std::string messages = absl::StrCat("messages", servers_.size(), ".jsonl");
  std::vector<std::string> flags =
      support::DevelopmentFlags(cluster_->Socket(server.database->name(), support::PgRole::kApp),
                                keys_, folder_.Path(messages));
  flags.push_back("--limits.resend_cooldown=0s");
  flags.push_back("--cleanup.enabled=false");
  if (!variant.batching) flags.push_back("--engine.batch=1");
  flags.insert(flags.end(), variant.flags.begin(), variant.flags.end());
  server.process = std::make_unique<support::ServerProcess>(std::move(flags), program);
  if (!server.process->WaitForEvent("LISTENING") ||
      !server.process->WaitForEvent("DATABASE_AVAILABLE")) {
    return absl::InternalError(absl::StrCat("the server does not serve: ", server.process->Log()));
  }
  server.port = server.process->port();
  server.process->KeepOfLog(kLogBytes);
  server.transport = std::make_unique<GrpcTransport>(server.port);
  servers_.push_back(std::move(server));
  return absl::OkStatus();
}

absl::Status SystemUnderTest::WithServerErrors(absl::Status status, size_t server) const {
  if (status.ok()) return status;
  const std::string log = servers_[server].process->Log();
  std::vector<absl::string_view> lines = absl::StrSplit(log, '\n');
  const auto is_harmless = [](absl::string_view line) {
    return !absl::StrContains(line, R"("level":"warning")") &&
           !absl::StrContains(line, R"("level":"error")");
  };
  lines.erase(std::remove_if(lines.begin(), lines.end(), is_harmless), lines.end());
  if (lines.size() > kErrorLines) lines.erase(lines.begin(), lines.end() - kErrorLines);
  return {status.code(), absl::StrCat(status.message(), "\n", absl::StrJoin(lines, "\n"))};
}

absl::StatusOr<CpuUsed> SystemUnderTest::Used(size_t server) {
  CpuUsed used;
  OTPGATE_ASSIGN_OR_RETURN(used.server, CpuTimeOf(servers_[server].process->pid()));
  OTPGATE_ASSIGN_OR_RETURN(used.postgres,
                           CpuTimeOfFamily(postmaster_, servers_[server].database->backend()));
  return used;
}

absl::StatusOr<std::pair<int64_t, int64_t>> SystemUnderTest::Batches(size_t server) {
  std::pair<int64_t, int64_t> counts;
  OTPGATE_ASSIGN_OR_RETURN(counts.first, Ask(port(server), kBatches));
  OTPGATE_ASSIGN_OR_RETURN(counts.second, Ask(port(server), kCommands));
  return counts;
}

absl::StatusOr<std::string> SystemUnderTest::Setting(const std::string& name) {
  OTPGATE_ASSIGN_OR_RETURN(
      const auto connection,
      migrator::Connect(cluster_->Socket(databases_[0]->name(), support::PgRole::kApp)));
  OTPGATE_ASSIGN_OR_RETURN(const pg::Rows rows, connection->Query(name, "SHOW " + name));
  return rows.at(0).at(0);
}

}  // namespace otpgate::bench
