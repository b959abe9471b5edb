#ifndef OTPGATE_CLIENTS_GATEWAY_HTTP_HEAD_FIELDS_H_
#define OTPGATE_CLIENTS_GATEWAY_HTTP_HEAD_FIELDS_H_

#include <cstddef>
#include <optional>

#include "absl/strings/string_view.h"
#include "clients/gateway/http/head.h"

namespace otpgate::gateway {

// The headers of CheckHead: takes them one by one, then tells what they mean together. Not
// thread-safe; the texts of the headers outlive it.
class HeadFields {
 public:
  explicit HeadFields(bool http11) : http11_(http11) {}

  // Takes a header line without control characters but tabs. A refusal if the line by itself is not
  // well-formed.
  std::optional<Refusal> Add(absl::string_view line);

  CheckedHead Conclude(const HeadLimits& limits) const;

 private:
  // A header that must not be repeated.
  struct Single {
    size_t count = 0;
    absl::string_view value;  // the last
  };

  void Note(absl::string_view name, absl::string_view value);
  void NoteConnection(absl::string_view value);
  std::optional<Refusal> CheckHost() const;
  std::optional<Refusal> CheckFraming() const;
  std::optional<Refusal> CheckExpect() const;

  const bool http11_;
  size_t count_ = 0;
  Single host_, content_length_, transfer_encoding_, expect_;
  bool close_ = false;
  bool keep_alive_ = false;
  bool bad_option_ = false;  // of Connection
};

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_HTTP_HEAD_FIELDS_H_
