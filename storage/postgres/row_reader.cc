#include "storage/postgres/row_reader.h"

#include <pqxx/row>
#include <stdexcept>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "storage/postgres/array_param.h"

namespace otpgate::storage::postgres {
namespace {

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  throw std::invalid_argument("hex digit expected");
}

int64_t ToInt64(absl::string_view text) {
  int64_t value = 0;
  if (!absl::SimpleAtoi(text, &value)) throw std::invalid_argument("integer expected");
  return value;
}

}  // namespace

std::string FromHex(absl::string_view text) {
  if (!absl::ConsumePrefix(&text, "\\x") || text.size() % 2 != 0) {
    throw std::invalid_argument("hex bytea expected");
  }
  std::string bytes(text.size() / 2, '\0');
  for (size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<char>(HexDigit(text[2 * i]) << 4 | HexDigit(text[2 * i + 1]));
  }
  return bytes;
}

absl::Time TimeFromHex(absl::string_view text) {
  if (!absl::ConsumePrefix(&text, "\\x") || text.size() != 16) {
    throw std::invalid_argument("timestamptz_send expected");
  }
  uint64_t micros = 0;
  for (char c : text) micros = micros << 4 | static_cast<uint64_t>(HexDigit(c));
  return FromPgMicros(static_cast<int64_t>(micros));
}

std::vector<absl::Time> UnixTimesFromArray(absl::string_view text) {
  if (!absl::ConsumePrefix(&text, "{") || !absl::ConsumeSuffix(&text, "}")) {
    throw std::invalid_argument("array expected");
  }
  std::vector<absl::Time> times;
  if (text.empty()) return times;
  for (absl::string_view item : absl::StrSplit(text, ',')) {
    times.push_back(absl::FromUnixMicros(ToInt64(item)));
  }
  return times;
}

bool RowReader::NextIsNull() const { return row_[column_].is_null(); }

absl::string_view RowReader::Next() {
  const pqxx::field field = row_[column_++];
  return absl::string_view(field.c_str(), field.size());  // the result outlives both
}

std::string RowReader::Text() { return std::string(Next()); }

std::string RowReader::Bytes() {
  const absl::string_view text = Next();
  return text.empty() ? std::string() : FromHex(text);
}

std::string RowReader::IdBytes() {
  std::string bytes = Bytes();
  if (!bytes.empty() && bytes.size() != Id<void>::kBytes)
    throw std::invalid_argument("id expected");
  return bytes;
}

int64_t RowReader::Int64() {
  const absl::string_view text = Next();
  return text.empty() ? 0 : ToInt64(text);
}

std::optional<int> RowReader::OptionalInt() {
  const absl::string_view text = Next();
  if (text.empty()) return std::nullopt;
  return static_cast<int>(ToInt64(text));
}

bool RowReader::Bool() { return Next() == "t"; }

absl::Time RowReader::Time() { return TimeFromHex(Next()); }

std::optional<absl::Time> RowReader::OptionalTime() {
  const absl::string_view text = Next();
  if (text.empty()) return std::nullopt;
  return TimeFromHex(text);
}

std::vector<absl::Time> RowReader::UnixTimes() {
  const absl::string_view text = Next();
  if (text.empty()) return {};
  return UnixTimesFromArray(text);
}

UserType RowReader::NextUserType() {
  if (const std::optional<UserType> type = UserTypeFrom(Next())) return *type;
  throw std::invalid_argument("user_type expected");
}

Purpose RowReader::NextPurpose() {
  if (const std::optional<Purpose> purpose = PurposeFrom(Next())) return *purpose;
  throw std::invalid_argument("purpose expected");
}

RevokedReason RowReader::NextRevokedReason() {
  if (const std::optional<RevokedReason> reason = RevokedReasonFrom(Next())) return *reason;
  throw std::invalid_argument("revoked_reason expected");
}

}  // namespace otpgate::storage::postgres
