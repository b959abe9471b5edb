#include "tests/bench/system_under_test.h"

#include <google/protobuf/empty.pb.h>
#include <google/protobuf/wrappers.pb.h>

#include <fstream>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "server/runtime/status_macros.h"
#include "tests/bench/batch_counts.h"
#include "tests/bench/cpu_time.h"
#include "tests/support/grpc_call.h"

namespace otpgate::bench {
namespace {

using migrator::Session;
using testing::PgRole;

constexpr size_t kLogBytes = 1 << 20;
constexpr absl::Duration kPatience = absl::Seconds(30);
constexpr absl::Duration kLook = absl::Milliseconds(2);

absl::StatusOr<int64_t> Ask(int port, const char* method) {
  grpc::ClientContext context;
  context.set_wait_for_ready(true);  // on a busy machine the first connection may come too late
  google::protobuf::Int64Value answer;
  const grpc::Status status = testing::CallMethod(testing::NewChannel(port), method, context,
                                                  google::protobuf::Empty(), &answer);
  if (!status.ok()) return absl::InternalError(absl::StrCat(method, ": ", status.error_message()));
  return answer.value();
}

}  // namespace

absl::StatusOr<std::unique_ptr<SystemUnderTest>> SystemUnderTest::Start(
    const std::string& server_program) {
  std::unique_ptr<SystemUnderTest> system(new SystemUnderTest);
  OTPGATE_RETURN_IF_ERROR(system->StartPostgres());
  OTPGATE_RETURN_IF_ERROR(system->StartServer(server_program, true));
  OTPGATE_RETURN_IF_ERROR(system->StartServer(server_program, false));
  return system;
}

absl::Status SystemUnderTest::StartPostgres() {
  // Production refuses bound parameters in the database's log.
  OTPGATE_ASSIGN_OR_RETURN(
      cluster_,
      testing::PgCluster::Start({.fsync = true,
                                 .settings = {{"shared_buffers", "128MB"},
                                              {"log_parameter_max_length", "0"},
                                              {"log_parameter_max_length_on_error", "0"}}}));
  OTPGATE_ASSIGN_OR_RETURN(database_, cluster_->CreateDatabase());
  OTPGATE_ASSIGN_OR_RETURN(monitor_,
                           Session::Connect(cluster_->Socket(database_, PgRole::kSuperuser)));
  OTPGATE_ASSIGN_OR_RETURN(const int64_t backend, Number("SELECT pg_backend_pid()"));
  monitor_backend_ = static_cast<pid_t>(backend);
  std::ifstream(cluster_->DataFolder() + "/postmaster.pid") >> postmaster_;
  return absl::OkStatus();
}

absl::Status SystemUnderTest::StartServer(const std::string& program, bool batching) {
  std::vector<std::string> flags = testing::DevelopmentFlags(
      cluster_->Socket(database_, PgRole::kApp), keys_, folder_.Path("messages.jsonl"));
  if (!batching) flags.push_back("--engine.batch=1");
  Server& server = ServerOf(batching);
  server.process = std::make_unique<testing::ServerProcess>(std::move(flags), program);
  if (!server.process->WaitForEvent("LISTENING") ||
      !server.process->WaitForEvent("DATABASE_AVAILABLE")) {
    return absl::InternalError(absl::StrCat("the server does not serve: ", server.process->Log()));
  }
  server.port = server.process->port();
  server.process->KeepOfLog(kLogBytes);
  server.load = std::make_unique<LoadGenerator>(server.port);
  return absl::OkStatus();
}

absl::StatusOr<CpuUsed> SystemUnderTest::Used(bool batching) {
  CpuUsed used;
  OTPGATE_ASSIGN_OR_RETURN(used.server, CpuTimeOf(ServerOf(batching).process->pid()));
  OTPGATE_ASSIGN_OR_RETURN(used.postgres, CpuTimeOfFamily(postmaster_, monitor_backend_));
  return used;
}

absl::StatusOr<std::pair<int64_t, int64_t>> SystemUnderTest::Batches(bool batching) {
  std::pair<int64_t, int64_t> counts;
  OTPGATE_ASSIGN_OR_RETURN(counts.first, Ask(ServerOf(batching).port, kBatches));
  OTPGATE_ASSIGN_OR_RETURN(counts.second, Ask(ServerOf(batching).port, kCommands));
  return counts;
}

absl::StatusOr<int64_t> SystemUnderTest::Number(const std::string& sql) {
  OTPGATE_ASSIGN_OR_RETURN(const migrator::Rows rows, monitor_->Query(sql, sql));
  int64_t number = 0;
  if (rows.size() != 1 || rows[0].size() != 1 || !absl::SimpleAtoi(rows[0][0], &number)) {
    return absl::InternalError(absl::StrCat(sql, ": one number expected"));
  }
  return number;
}

absl::StatusOr<RowCounts> SystemUnderTest::Count() {
  RowCounts counts;
  OTPGATE_ASSIGN_OR_RETURN(counts.subjects, Number("SELECT count(*) FROM subjects"));
  OTPGATE_ASSIGN_OR_RETURN(counts.sessions, Number("SELECT count(*) FROM sessions"));
  OTPGATE_ASSIGN_OR_RETURN(counts.rotations,
                           Number("SELECT coalesce(sum(generation), 0) FROM sessions"));
  OTPGATE_ASSIGN_OR_RETURN(counts.sent, Number("SELECT count(*) FROM outbox WHERE state = 'sent'"));
  OTPGATE_ASSIGN_OR_RETURN(counts.dropped,
                           Number("SELECT count(*) FROM outbox WHERE state = 'dropped'"));
  return counts;
}

absl::Status SystemUnderTest::AwaitDelivery() {
  const absl::Time give_up = absl::Now() + kPatience;
  while (absl::Now() < give_up) {
    OTPGATE_ASSIGN_OR_RETURN(const int64_t open,
                             Number("SELECT count(*) FROM outbox WHERE state = 'pending'"));
    if (open == 0) return absl::OkStatus();
    absl::SleepFor(kLook);
  }
  return absl::DeadlineExceededError("messages do not leave");
}

absl::StatusOr<std::string> SystemUnderTest::Setting(const std::string& name) {
  OTPGATE_ASSIGN_OR_RETURN(const std::unique_ptr<Session> session,
                           Session::Connect(cluster_->Socket(database_, PgRole::kApp)));
  OTPGATE_ASSIGN_OR_RETURN(const migrator::Rows rows, session->Query(name, "SHOW " + name));
  return rows.at(0).at(0);
}

}  // namespace otpgate::bench
