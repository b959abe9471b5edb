#include "storage/postgres/array_param.h"

#include <limits>

namespace otpgate::storage::postgres {
namespace {

// Header: number of dimensions, has-null flag, element type, length, lower bound; 4 bytes each.
constexpr size_t kHasNullAt = 4;
constexpr size_t kLengthAt = 12;
constexpr size_t kHeaderBytes = 20;

constexpr int64_t kInfinity = std::numeric_limits<int64_t>::max();
constexpr int64_t kMinusInfinity = std::numeric_limits<int64_t>::min();

constexpr absl::Time PgEpoch() { return absl::FromUnixSeconds(946'684'800); }  // 2000-01-01

void PutBigEndian(uint64_t value, size_t width, char* out) {
  for (size_t i = 0; i < width; ++i) out[i] = static_cast<char>(value >> (8 * (width - 1 - i)));
}

}  // namespace

ArrayParam::ArrayParam(uint32_t element_type) : wire_(kHeaderBytes, '\0') {
  PutBigEndian(1, 4, wire_.data());
  PutBigEndian(element_type, 4, wire_.data() + 8);
  PutBigEndian(1, 4, wire_.data() + 16);
}

void ArrayParam::AddNull() {
  wire_.append(4, '\xff');
  has_null_ = true;
  ++size_;
}

void ArrayParam::AddElement(absl::string_view bytes) {
  const size_t at = wire_.size();
  wire_.resize(at + 4);
  PutBigEndian(bytes.size(), 4, wire_.data() + at);
  wire_.append(bytes.data(), bytes.size());
  ++size_;
}

void ArrayParam::AddElement(uint64_t value, size_t width) {
  const size_t at = wire_.size();
  wire_.resize(at + 4 + width);
  PutBigEndian(width, 4, wire_.data() + at);
  PutBigEndian(value, width, wire_.data() + at + 4);
  ++size_;
}

void ArrayParam::Clear() {
  wire_.resize(kHeaderBytes);
  size_ = 0;
  has_null_ = false;
}

absl::string_view ArrayParam::bytes() {
  PutBigEndian(has_null_ ? 1 : 0, 4, wire_.data() + kHasNullAt);
  PutBigEndian(static_cast<uint64_t>(size_), 4, wire_.data() + kLengthAt);
  return wire_;
}

void TimeArray::Add(absl::Time time) { AddElement(static_cast<uint64_t>(ToPgMicros(time)), 8); }

int64_t ToPgMicros(absl::Time time) {
  if (time == absl::InfiniteFuture()) return kInfinity;
  if (time == absl::InfinitePast()) return kMinusInfinity;
  return absl::ToInt64Microseconds(time - PgEpoch());
}

absl::Time FromPgMicros(int64_t micros) {
  if (micros == kInfinity) return absl::InfiniteFuture();
  if (micros == kMinusInfinity) return absl::InfinitePast();
  return PgEpoch() + absl::Microseconds(micros);
}

}  // namespace otpgate::storage::postgres
