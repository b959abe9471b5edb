#ifndef OTPGATE_STORAGE_POSTGRES_ROW_READER_H_
#define OTPGATE_STORAGE_POSTGRES_ROW_READER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "storage/types.h"

namespace pqxx {
class row;
}

namespace otpgate::storage::postgres {

// Reads the fields of one row from left to right. Statements return bytea as hex (the server's
// default bytea_output) and times as timestamptz_send(t), so nothing depends on DateStyle or
// TimeZone. NULL reads as empty, zero, false or nullopt. Throws std::invalid_argument for a field
// that is not in the expected form: use it in StoreConnection::ReadRow, which catches it.
class RowReader {
 public:
  explicit RowReader(const pqxx::row& row) : row_(row) {}

  bool NextIsNull() const;
  void Skip(int columns) { column_ += columns; }

  std::string Text();
  std::string Bytes();
  // Bytes of an Id; throws unless they have its length or are empty.
  std::string IdBytes();
  int64_t Int64();
  int Int() { return static_cast<int>(Int64()); }
  std::optional<int> OptionalInt();
  bool Bool();
  absl::Time Time();
  std::optional<absl::Time> OptionalTime();
  // bigint[]: microseconds since 1970.
  std::vector<absl::Time> UnixTimes();
  UserType NextUserType();
  Purpose NextPurpose();
  RevokedReason NextRevokedReason();

 private:
  absl::string_view Next();

  const pqxx::row& row_;
  int column_ = 0;
};

// Parse one value in the server's text form; throw like RowReader.
std::string FromHex(absl::string_view text);
absl::Time TimeFromHex(absl::string_view text);
std::vector<absl::Time> UnixTimesFromArray(absl::string_view text);

}  // namespace otpgate::storage::postgres

#endif  // OTPGATE_STORAGE_POSTGRES_ROW_READER_H_
