#include "tests/support/pg_cluster.h"

#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/check.h"
#include "base/status_macros.h"
#include "migrations/migrator/connection.h"
#include "migrations/migrator/migrator.h"
#include "migrations/migrator/source.h"

namespace otpgate::support {
namespace {

constexpr char kInitDb[] = OTPGATE_PG_BINDIR "/initdb";

constexpr int kRecoveryTries = 20;

const char* UserOf(PgRole role) {
  switch (role) {
    case PgRole::kSuperuser:
      return "postgres";
    case PgRole::kOwner:
    case PgRole::kMigrator:
      return "otpgate_migrator";
    case PgRole::kApp:
      return "otpgate_app";
    case PgRole::kCleanup:
      return "otpgate_cleanup";
    case PgRole::kReadonly:
      return "otpgate_readonly";
  }
  std::abort();
}

std::string Common(const std::string& database, PgRole role, int port) {
  return absl::StrCat("dbname=", database, " user=", UserOf(role), " port=", port,
                      role == PgRole::kOwner ? " options='-c role=otpgate_owner'" : "");
}

absl::StatusOr<std::string> NewFolder() {
  const char* parent = std::getenv("TMPDIR");
  std::string path = absl::StrCat(parent != nullptr ? parent : "/tmp", "/otpgate_pg_XXXXXX");
  if (mkdtemp(path.data()) == nullptr) return absl::ErrnoToStatus(errno, path);
  return path;
}

absl::Status MigrateUp(const std::string& database) {
  OTPGATE_ASSIGN_OR_RETURN(std::unique_ptr<pg::Connection> connection, migrator::Connect(database));
  OTPGATE_ASSIGN_OR_RETURN(std::vector<migrator::Migration> files, migrator::EmbeddedMigrations());
  return migrator::Migrator(std::move(connection), std::move(files), absl::ZeroDuration()).Up();
}

absl::Status WriteFile(const std::string& path, const std::string& text) {
  std::ofstream out(path, std::ios::trunc);
  out << text << std::flush;
  return out ? absl::OkStatus() : absl::InternalError(absl::StrCat(path, ": cannot be written"));
}

}  // namespace

PgCluster::PgCluster(std::string folder, PgClusterOptions options)
    : folder_(std::move(folder)), options_(std::move(options)), process_(folder_) {}

PgCluster::~PgCluster() = default;

absl::StatusOr<std::unique_ptr<PgCluster>> PgCluster::Start(const PgClusterOptions& options) {
  OTPGATE_ASSIGN_OR_RETURN(std::string folder, NewFolder());
  std::unique_ptr<PgCluster> cluster(new PgCluster(std::move(folder), options));
  OTPGATE_RETURN_IF_ERROR(cluster->Init());
  OTPGATE_RETURN_IF_ERROR(cluster->Configure());
  OTPGATE_RETURN_IF_ERROR(cluster->Launch());
  return cluster;
}

absl::StatusOr<std::unique_ptr<PgCluster>> PgCluster::Follow(const PgCluster& primary,
                                                             int proxy_port) {
  OTPGATE_ASSIGN_OR_RETURN(std::string folder, NewFolder());
  std::unique_ptr<PgCluster> standby(new PgCluster(std::move(folder), primary.options_));
  OTPGATE_RETURN_IF_ERROR(GiveToPgUser(standby->folder_));
  const std::string from = proxy_port == 0
                               ? primary.Socket("postgres", PgRole::kSuperuser)
                               : primary.Via(proxy_port, "postgres", PgRole::kSuperuser);
  OTPGATE_RETURN_IF_ERROR(
      RunPgTool({PgTool("pg_basebackup"), "--pgdata", standby->DataFolder(), "--dbname", from,
                 "--write-recovery-conf", "--checkpoint=fast", "--no-sync"},
                standby->LogFile()));
  OTPGATE_RETURN_IF_ERROR(standby->Configure());
  OTPGATE_RETURN_IF_ERROR(standby->Launch());
  return standby;
}

absl::Status PgCluster::Promote() {
  return RunPgTool({PgTool("pg_ctl"), "promote", "--wait", "--pgdata", DataFolder()}, LogFile());
}

absl::Status PgCluster::Init() {
  OTPGATE_RETURN_IF_ERROR(GiveToPgUser(folder_));  // 0700, from mkdtemp
  OTPGATE_RETURN_IF_ERROR(
      RunPgTool({kInitDb, "--pgdata", DataFolder(), "--username", "postgres", "--auth", "trust",
                 "--encoding", "UTF8", "--locale", "C", "--no-sync", "--no-instructions"},
                LogFile()));
  // Every user of this machine can reach the port. A superuser can run programs, so it has no
  // password.
  return WriteFile(DataFolder() + "/pg_hba.conf",
                   "local all all trust\n"
                   "local replication postgres trust\n"
                   "host all postgres 127.0.0.1/32 scram-sha-256\n"
                   "host all all 127.0.0.1/32 trust\n");
}

absl::Status PgCluster::Configure() {
  std::vector<std::pair<std::string, std::string>> settings = {
      {"listen_addresses", "127.0.0.1"},
      {"port", absl::StrCat(Port())},
      {"unix_socket_directories", folder_},
      {"max_connections", "200"},
      {"shared_buffers", "64MB"},
      {"recovery_init_sync_method", "syncfs"},  // one call instead of one per file
      {"fsync", options_.fsync ? "on" : "off"},
      {"log_line_prefix", "%m [%p] %u@%d "},
  };
  settings.insert(settings.end(), options_.settings.begin(), options_.settings.end());
  std::string text;
  for (const auto& [name, value] : settings) absl::StrAppend(&text, name, " = '", value, "'\n");
  return WriteFile(DataFolder() + "/postgresql.conf", text);
}

absl::Status PgCluster::Restart(const std::vector<std::pair<std::string, std::string>>& settings) {
  options_.settings.insert(options_.settings.end(), settings.begin(), settings.end());
  Stop();
  OTPGATE_RETURN_IF_ERROR(Configure());
  return Launch();
}

void PgCluster::KillPostmaster() { process_.End(SIGKILL); }

void PgCluster::Stop() { process_.End(SIGINT); }

// Retries, as after a crash the shared memory stays in use until the last orphaned process ends.
absl::Status PgCluster::Launch() {
  absl::Status last;
  for (int i = 0; i < kRecoveryTries; ++i) {
    last = process_.Launch();
    if (!absl::IsUnavailable(last)) return last;
    absl::SleepFor(absl::Milliseconds(100));
  }
  return last;
}

std::string PgCluster::SocketPath() const { return absl::StrCat(folder_, "/.s.PGSQL.", Port()); }

std::string PgCluster::Socket(const std::string& database, PgRole role) const {
  return absl::StrCat("host=", folder_, " ", Common(database, role, Port()));
}

std::string PgCluster::Tcp(const std::string& database, PgRole role) const {
  return Via(Port(), database, role);
}

std::string PgCluster::Via(int port, const std::string& database, PgRole role) const {
  return absl::StrCat("host=127.0.0.1 ", Common(database, role, port));
}

absl::Status PgCluster::Admin(const std::string& sql) {
  OTPGATE_ASSIGN_OR_RETURN(const std::unique_ptr<pg::Connection> connection,
                           migrator::Connect(Socket("postgres", PgRole::kSuperuser)));
  return connection->Run(sql, sql);
}

std::string PgCluster::NewName() {
  absl::MutexLock lock(&mu_);
  return absl::StrCat("test_", ++databases_made_);
}

absl::Status PgCluster::EnsureTemplate() {
  absl::MutexLock lock(&mu_);
  if (template_made_) return absl::OkStatus();
  OTPGATE_RETURN_IF_ERROR(Admin("CREATE DATABASE test_template"));
  OTPGATE_RETURN_IF_ERROR(MigrateUp(Socket("test_template", PgRole::kSuperuser)));
  template_made_ = true;
  return absl::OkStatus();
}

absl::StatusOr<std::string> PgCluster::CreateDatabase() {
  OTPGATE_RETURN_IF_ERROR(EnsureTemplate());
  const std::string name = NewName();
  OTPGATE_RETURN_IF_ERROR(Admin(absl::StrCat("CREATE DATABASE ", name, " TEMPLATE test_template")));
  // The copy lacks the settings and privileges of the database itself.
  OTPGATE_RETURN_IF_ERROR(MigrateUp(Socket(name, PgRole::kSuperuser)));
  return name;
}

absl::StatusOr<std::string> PgCluster::CreateEmptyDatabase() {
  const std::string name = NewName();
  OTPGATE_RETURN_IF_ERROR(Admin(absl::StrCat("CREATE DATABASE ", name)));
  return name;
}

absl::Status PgCluster::DropDatabase(const std::string& name) {
  OTPGATE_CHECK(absl::StartsWith(name, "test_"));
  return Admin(absl::StrCat("DROP DATABASE ", name, " WITH (FORCE)"));
}

PgCluster& SharedPgCluster() {
  static const std::unique_ptr<PgCluster> cluster = [] {
    absl::StatusOr<std::unique_ptr<PgCluster>> started = PgCluster::Start();
    if (started.ok()) return *std::move(started);
    std::fprintf(stderr, "no PostgreSQL for this test: %s\n", started.status().ToString().c_str());
    std::exit(1);
  }();
  return *cluster;
}

}  // namespace otpgate::support
