#ifndef OTPGATE_STORAGE_POSTGRES_ARRAY_PARAM_H_
#define OTPGATE_STORAGE_POSTGRES_ARRAY_PARAM_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

// One-dimensional arrays as statement parameters, in the binary format of PostgreSQL's array_recv
// (src/backend/utils/adt/arrayfuncs.c): nothing is escaped, formatted as text or parsed. The SQL
// casts the parameter to an array of kElementType; the server refuses a wrong cast. Not
// thread-safe.
namespace otpgate::storage::postgres {

class ArrayParam {
 public:
  void AddNull();
  void Clear();
  int size() const { return size_; }
  bool empty() const { return size_ == 0; }

  // The parameter's bytes; valid until the next change.
  absl::string_view bytes();

 protected:
  explicit ArrayParam(uint32_t element_type);

  void AddElement(absl::string_view bytes);
  void AddElement(uint64_t value, size_t width);  // big-endian

 private:
  int size_ = 0;
  bool has_null_ = false;
  std::string wire_;
};

// text[]. The server refuses NUL and invalid UTF-8 (SQLSTATE 22021).
class TextArray : public ArrayParam {
 public:
  static constexpr absl::string_view kElementType = "text";

  TextArray() : ArrayParam(25) {}
  void Add(absl::string_view text) { AddElement(text); }
};

// bytea[]
class BytesArray : public ArrayParam {
 public:
  static constexpr absl::string_view kElementType = "bytea";

  BytesArray() : ArrayParam(17) {}
  void Add(absl::string_view bytes) { AddElement(bytes); }
  // For an id, where empty means none: NULL.
  void AddUnlessEmpty(absl::string_view bytes) { bytes.empty() ? AddNull() : Add(bytes); }
};

// bigint[]
class Int64Array : public ArrayParam {
 public:
  static constexpr absl::string_view kElementType = "bigint";

  Int64Array() : ArrayParam(20) {}
  void Add(int64_t value) { AddElement(static_cast<uint64_t>(value), 8); }
};

// integer[]
class Int32Array : public ArrayParam {
 public:
  static constexpr absl::string_view kElementType = "integer";

  Int32Array() : ArrayParam(23) {}
  void Add(int32_t value) { AddElement(static_cast<uint32_t>(value), 4); }
  void Add(std::optional<int> value) { value ? Add(*value) : AddNull(); }
};

// boolean[]
class BoolArray : public ArrayParam {
 public:
  static constexpr absl::string_view kElementType = "boolean";

  BoolArray() : ArrayParam(16) {}
  void Add(bool value) { AddElement(value ? 1 : 0, 1); }
};

// timestamptz[]: whole microseconds since 2000-01-01; infinities stay infinite.
class TimeArray : public ArrayParam {
 public:
  static constexpr absl::string_view kElementType = "timestamptz";

  TimeArray() : ArrayParam(1184) {}
  void Add(absl::Time time);
  void Add(const std::optional<absl::Time>& time) { time ? Add(*time) : AddNull(); }
};

// The wire value of a timestamptz and back.
int64_t ToPgMicros(absl::Time time);
absl::Time FromPgMicros(int64_t micros);

}  // namespace otpgate::storage::postgres

#endif  // OTPGATE_STORAGE_POSTGRES_ARRAY_PARAM_H_
