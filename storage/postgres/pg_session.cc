#include "storage/postgres/pg_session.h"

#include <utility>

#include "storage/postgres/connection_string.h"

namespace otpgate {

PgSession::PgSession(PgOptions options, std::vector<const Statement*> early)
    : options_(std::move(options)), early_(std::move(early)) {}

PgSession::~PgSession() { Drop(); }

absl::Status PgSession::Connect() {
  if (connection_ != nullptr && connection_->is_open()) return absl::OkStatus();
  Drop();
  try {
    connection_ = std::make_unique<pqxx::connection>(WithDefaults(options_));
    channel_ = std::make_unique<pqxx::nontransaction>(*connection_);
    for (const Statement* statement : early_) Prepare(*statement);
    return absl::OkStatus();
  } catch (...) {
    return Failed("connect", OnLoss::kNothingHappened);
  }
}

absl::Status PgSession::Run(const Statement& statement, const Params& params, ReadRow read,
                            OnLoss on_loss) {
  // libpqxx would reconnect in the middle of a transaction; this session does not.
  if (in_transaction_ && !connection_->is_open()) {
    Drop();
    return absl::UnavailableError(statement.name + ": connection lost");
  }
  if (absl::Status connected = Connect(); !connected.ok()) return connected;
  try {
    const pqxx::result result = Send(statement, params);
    for (const auto& line : result) {
      RowReader row(line);
      read(row);
    }
    return absl::OkStatus();
  } catch (...) {
    return Failed(statement.name, on_loss);
  }
}

pqxx::result PgSession::Send(const Statement& statement, const Params& params) {
  wire_.clear();
  for (absl::string_view param : params) wire_.emplace_back(param.data(), param.size());
  const auto dynamic = pqxx::prepare::make_dynamic_params(wire_);
  if (!options_.prepared_statements) return channel_->exec_params(statement.sql, dynamic);
  Prepare(statement);
  return channel_->exec_prepared(statement.name, dynamic);
}

absl::Status PgSession::Begin() {
  if (absl::Status connected = Connect(); !connected.ok()) return connected;
  absl::Status begun = Command("BEGIN", OnLoss::kNothingHappened);
  in_transaction_ = begun.ok();
  return begun;
}

absl::Status PgSession::Commit() {
  if (!in_transaction_ || !connection_->is_open()) {
    Drop();
    return absl::UnavailableError("COMMIT: connection lost");  // it was not sent
  }
  in_transaction_ = false;
  return Command("COMMIT", OnLoss::kInDoubt);
}

void PgSession::Rollback() {
  if (!in_transaction_) return;
  in_transaction_ = false;
  if (connection_ == nullptr || !connection_->is_open()) return Drop();
  Command("ROLLBACK", OnLoss::kNothingHappened).IgnoreError();
}

void PgSession::Drop() {
  in_transaction_ = false;
  prepared_.clear();
  channel_.reset();
  connection_.reset();
}

absl::Status PgSession::Command(const char* sql, OnLoss on_loss) {
  try {
    channel_->exec(sql);
    return absl::OkStatus();
  } catch (...) {
    return Failed(sql, on_loss);
  }
}

void PgSession::Prepare(const Statement& statement) {
  if (!options_.prepared_statements || prepared_.contains(statement.name)) return;
  connection_->prepare(statement.name, statement.sql);
  connection_->prepare_now(statement.name);
  prepared_.insert(statement.name);
}

absl::Status PgSession::Failed(absl::string_view statement, OnLoss on_loss) {
  PgFailure failure = FailureOfCurrentException(statement, on_loss);
  if (failure.drop_connection || connection_ == nullptr) {
    Drop();
  } else {
    Rollback();
  }
  return failure.status;
}

}  // namespace otpgate
