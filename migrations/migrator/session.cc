#include "migrations/migrator/session.h"

#include <pqxx/pqxx>
#include <utility>

#include "absl/strings/str_cat.h"
#include "migrations/migrator/connection_string.h"
#include "migrations/migrator/pg_error.h"
#include "server/runtime/status_macros.h"

namespace otpgate::migrator {
namespace {

// Whatever the role or the database set for ordinary work does not hold for migrations. Names
// without a schema mean `public` alone.
constexpr char kSetup[] = R"sql(
  SET search_path = public;
  SET client_min_messages = error;
  SET statement_timeout = 0;
  SET idle_in_transaction_session_timeout = 0;
  SET lock_timeout = '5s';
  SET default_transaction_isolation = 'read committed';
  SET default_transaction_read_only = off;
  SET enable_hashjoin = on;
  SET enable_mergejoin = on;
  SET enable_seqscan = on;
)sql";

Rows ToRows(const pqxx::result& result) {
  Rows rows;
  rows.reserve(result.size());
  for (const pqxx::row& from : result) {
    Row& row = rows.emplace_back();
    for (const pqxx::field& field : from) row.emplace_back(field.c_str(), field.size());
  }
  return rows;
}

}  // namespace

struct Session::Impl {
  Impl(const std::string& text, AnswerWatch* answers)
      : connection(text), channel(connection), line(answers, connection.sock()) {}
  pqxx::connection connection;
  // Sends what it is told and nothing else: BEGIN and COMMIT are ours.
  pqxx::nontransaction channel;
  AnswerWatch::Line line;
};

Session::Session(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Session::~Session() = default;

absl::StatusOr<std::unique_ptr<Session>> Session::Connect(absl::string_view connection_string,
                                                          AnswerWatch* answers) {
  OTPGATE_ASSIGN_OR_RETURN(const ConnectionString parsed, ParseConnectionString(connection_string));
  std::unique_ptr<Session> session;
  try {
    session.reset(new Session(std::make_unique<Impl>(parsed.text, answers)));
  } catch (...) {
    const absl::Status why =
        StatusOfCurrentException(absl::StrCat("cannot connect to ", parsed.display));
    return absl::UnavailableError(why.message());
  }
  OTPGATE_RETURN_IF_ERROR(session->Run("session settings", kSetup));
  return session;
}

absl::StatusOr<Rows> Session::Query(absl::string_view what, const std::string& sql,
                                    const std::vector<std::string>& params) {
  // libpqxx would reconnect.
  if (!impl_->connection.is_open()) {
    return absl::UnavailableError(absl::StrCat(what, ": connection lost"));
  }
  try {
    const AnswerWatch::Waiting waiting(impl_->line);
    if (params.empty()) return ToRows(impl_->channel.exec(sql));
    return ToRows(impl_->channel.exec_params(sql, pqxx::prepare::make_dynamic_params(params)));
  } catch (...) {
    return StatusOfCurrentException(what);
  }
}

absl::Status Session::Run(absl::string_view what, const std::string& sql,
                          const std::vector<std::string>& params) {
  return Query(what, sql, params).status();
}

absl::Status Transaction::Begin() {
  OTPGATE_RETURN_IF_ERROR(session_.Run("BEGIN", "BEGIN"));
  open_ = true;
  OTPGATE_ASSIGN_OR_RETURN(const Rows rows, session_.Query("BEGIN", "SELECT pg_current_xact_id()"));
  id_ = rows.at(0).at(0);
  return absl::OkStatus();
}

absl::Status Transaction::RunForeign(absl::string_view what, const std::string& sql) {
  OTPGATE_RETURN_IF_ERROR(session_.Run(what, sql));
  OTPGATE_ASSIGN_OR_RETURN(const Rows rows,
                           session_.Query(what, "SELECT pg_current_xact_id_if_assigned()"));
  if (rows.at(0).at(0) == id_) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(what,
                   " ended its transaction, so it may be half done and is not recorded: take the "
                   "transaction commands out of the file and see to the schema by hand"));
}

absl::Status Transaction::Commit() {
  open_ = false;
  absl::Status done = session_.Run("COMMIT", "COMMIT");
  if (absl::IsUnavailable(done)) return absl::UnknownError(done.message());
  return done;
}

Transaction::~Transaction() {
  if (open_) session_.Run("ROLLBACK", "ROLLBACK").IgnoreError();
}

}  // namespace otpgate::migrator
