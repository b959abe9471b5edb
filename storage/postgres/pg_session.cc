#include "storage/postgres/pg_session.h"

#include <poll.h>

#include <pqxx/pqxx>
#include <string>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "server/runtime/clock.h"
#include "storage/postgres/connection_string.h"

namespace otpgate {

struct PgSession::Link {
  explicit Link(const PgOptions& options)
      : connection(WithDefaults(options)),
        named(options.prepared_statements),
        line(options.answers, connection.sock()) {}

  void Prepare(const Statement& statement) {
    if (prepared.contains(statement.name)) return;
    connection.prepare(statement.name, statement.sql);
    connection.prepare_now(statement.name);
    prepared.insert(statement.name);
  }

  pqxx::result Send(const Statement& statement, const Params& params) {
    const AnswerWatch::Waiting waiting(line);
    wire.clear();
    for (absl::string_view param : params) wire.emplace_back(param.data(), param.size());
    const auto dynamic = pqxx::prepare::make_dynamic_params(wire);
    if (!named) return channel.exec_params(statement.sql, dynamic);
    Prepare(statement);
    return channel.exec_prepared(statement.name, dynamic);
  }

  // A nontransaction sends what it is told and nothing else: BEGIN and COMMIT are ours, and no
  // statement is repeated behind our back.
  pqxx::connection connection;
  pqxx::nontransaction channel{connection};
  const bool named;
  absl::flat_hash_set<std::string> prepared;  // names
  std::vector<pqxx::binarystring> wire;
  AnswerWatch::Line line;
};

// Tells how long a statement took, also one that failed. Without an observer no clock is read.
class PgSession::Timed {
 public:
  Timed(const PgOptions& options, absl::string_view name) : options_(options), name_(name) {
    if (options_.on_statement) begin_ = SystemClock().Steady();
  }
  ~Timed() {
    if (options_.on_statement) options_.on_statement(name_, SystemClock().Steady() - begin_);
  }
  Timed(const Timed&) = delete;
  Timed& operator=(const Timed&) = delete;

 private:
  const PgOptions& options_;
  const absl::string_view name_;
  absl::Duration begin_;
};

PgSession::PgSession(PgOptions options, std::vector<const Statement*> early)
    : options_(std::move(options)), early_(std::move(early)) {}

PgSession::~PgSession() = default;

bool PgSession::IsOpen() const { return link_ != nullptr && link_->connection.is_open(); }

// libpq notices the end of a session only when it talks. The last word of a server that ends one,
// and its going, are there to be seen before that.
bool PgSession::HungUp() const {
  pollfd idle{link_->connection.sock(), POLLIN | POLLRDHUP, 0};
  return poll(&idle, 1, 0) != 0 && (idle.revents & ~POLLIN) != 0;
}

absl::Status PgSession::Connect() {
  if (IsOpen() && (in_transaction_ || !HungUp())) return absl::OkStatus();
  Drop();
  try {
    link_ = std::make_unique<Link>(options_);
  } catch (const std::exception& error) {
    return absl::UnavailableError("connect: " + WhyNotConnected(error.what()));
  }
  absl::string_view step;
  try {
    if (!options_.prepared_statements) return absl::OkStatus();
    for (const Statement* statement : early_) {
      step = statement->name;
      const AnswerWatch::Waiting waiting(link_->line);
      link_->Prepare(*statement);
    }
    return absl::OkStatus();
  } catch (...) {
    absl::Status failed = Failed(step, OnLoss::kNothingHappened);
    Drop();
    return failed;
  }
}

absl::Status PgSession::Run(const Statement& statement, const Params& params, ReadRow read,
                            OnLoss on_loss) {
  // libpqxx would reconnect in the middle of a transaction; this session does not.
  if (in_transaction_ && !IsOpen()) {
    Drop();
    return absl::UnavailableError(statement.name + ": connection lost");
  }
  if (absl::Status connected = Connect(); !connected.ok()) return connected;
  pqxx::result result;
  try {
    const Timed timed(options_, statement.name);
    result = link_->Send(statement, params);
  } catch (...) {
    return Failed(statement.name, on_loss);
  }
  try {
    for (const auto& line : result) {
      RowReader row(line);
      read(row);
    }
    return absl::OkStatus();
  } catch (const std::exception&) {
    Rollback();
    return on_loss == OnLoss::kInDoubt ? absl::UnknownError(statement.name + ": unexpected answer")
                                       : absl::DataLossError(statement.name + ": unexpected row");
  }
}

absl::Status PgSession::Begin() {
  if (absl::Status connected = Connect(); !connected.ok()) return connected;
  absl::Status begun = Command("BEGIN", OnLoss::kNothingHappened);
  in_transaction_ = begun.ok();
  return begun;
}

absl::Status PgSession::Commit() {
  if (!in_transaction_ || !IsOpen()) {
    Drop();
    return absl::UnavailableError("COMMIT: connection lost");  // it was not sent
  }
  in_transaction_ = false;
  return Command("COMMIT", OnLoss::kInDoubt);
}

void PgSession::Rollback() {
  if (!in_transaction_) return;
  in_transaction_ = false;
  if (!IsOpen()) return Drop();
  Command("ROLLBACK", OnLoss::kNothingHappened).IgnoreError();
}

void PgSession::Drop() {
  in_transaction_ = false;
  link_.reset();
}

absl::Status PgSession::Command(const char* sql, OnLoss on_loss) {
  try {
    const AnswerWatch::Waiting waiting(link_->line);
    const Timed timed(options_, sql);
    link_->channel.exec(sql);
    return absl::OkStatus();
  } catch (...) {
    return Failed(sql, on_loss);
  }
}

absl::Status PgSession::Failed(absl::string_view statement, OnLoss on_loss) {
  PgFailure failure = FailureOfCurrentException(statement, on_loss);
  if (failure.drop_connection) {
    Drop();
  } else {
    Rollback();
  }
  return failure.status;
}

}  // namespace otpgate
