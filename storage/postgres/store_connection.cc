#include "storage/postgres/store_connection.h"

#include <pqxx/result>
#include <pqxx/row>
#include <utility>

#include "base/status_macros.h"

namespace otpgate::storage::postgres {

StoreConnection::StoreConnection(pg::ConnectionOptions options, std::vector<const Statement*> early)
    : options_(std::move(options)), early_(std::move(early)) {}

absl::Status StoreConnection::Connect() {
  if (IsOpen() && (in_transaction_ || !connection_->IsClosedByServer())) return absl::OkStatus();
  Drop();
  OTPGATE_ASSIGN_OR_RETURN(connection_, pg::Connection::Open(options_));
  for (const Statement* statement : early_) {
    absl::Status prepared = connection_->Prepare(statement->name, statement->sql);
    if (prepared.ok()) continue;
    Drop();
    return prepared;
  }
  return absl::OkStatus();
}

absl::Status StoreConnection::Run(const Statement& statement, const Params& params, ReadRow read,
                                  pg::OnLoss on_loss) {
  if (in_transaction_ && !IsOpen()) {
    Drop();
    return absl::UnavailableError(statement.name + ": connection lost");
  }
  OTPGATE_RETURN_IF_ERROR(Connect());
  const absl::StatusOr<pqxx::result> result =
      connection_->Execute(statement.name, statement.sql, params, on_loss);
  if (!result.ok()) return EndOnFailure(result.status());
  try {
    for (const auto& line : *result) {
      RowReader row(line);
      read(row);
    }
    return absl::OkStatus();
  } catch (const std::exception&) {
    Rollback();
    return on_loss == pg::OnLoss::kInDoubt
               ? absl::UnknownError(statement.name + ": unexpected answer")
               : absl::DataLossError(statement.name + ": unexpected row");
  }
}

absl::Status StoreConnection::Begin() {
  OTPGATE_RETURN_IF_ERROR(Connect());
  OTPGATE_RETURN_IF_ERROR(EndOnFailure(connection_->Command("BEGIN")));
  in_transaction_ = true;
  return absl::OkStatus();
}

absl::Status StoreConnection::Commit() {
  if (!in_transaction_ || !IsOpen()) {
    Drop();
    return absl::UnavailableError("COMMIT: connection lost");  // it was not sent
  }
  in_transaction_ = false;
  return EndOnFailure(connection_->Command("COMMIT", pg::OnLoss::kInDoubt));
}

void StoreConnection::Rollback() {
  if (!in_transaction_) return;
  in_transaction_ = false;
  if (!IsOpen()) return Drop();
  EndOnFailure(connection_->Command("ROLLBACK")).IgnoreError();
}

void StoreConnection::Drop() {
  in_transaction_ = false;
  connection_.reset();
}

absl::Status StoreConnection::EndOnFailure(absl::Status status) {
  if (absl::IsUnavailable(status) || absl::IsUnknown(status)) {
    Drop();
  } else if (!status.ok()) {
    Rollback();
  }
  return status;
}

}  // namespace otpgate::storage::postgres
