#include "clients/gateway/http/head_fields.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "clients/gateway/http/grammar.h"

namespace otpgate::gateway {
namespace {

bool IsDigits(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), absl::ascii_isdigit);
}

// Takes an IP literal or a name off `text`. False: there is none; a name may be empty.
bool TakeHostName(absl::string_view& text) {
  if (!absl::StartsWith(text, "[")) {
    text.remove_prefix(std::find_if_not(text.begin(), text.end(),
                                        [](char c) { return IsUnreserved(c) || c == '%'; }) -
                       text.begin());
    return true;
  }
  const size_t end = text.find(']');
  if (end == text.npos || end == 1) return false;
  const absl::string_view literal = text.substr(1, end - 1);
  text.remove_prefix(end + 1);
  return std::all_of(literal.begin(), literal.end(),
                     [](char c) { return absl::ascii_isxdigit(c) || IsOneOf(c, ":."); });
}

// uri-host [ ":" port ] of RFC 9110, 7.2.
bool IsHost(absl::string_view text) {
  if (!TakeHostName(text)) return false;
  return text.empty() || (text.front() == ':' && IsDigits(text.substr(1)));
}

// Unless chunked comes last, and only there, nobody knows where the body ends (RFC 9112, 6.1, 6.3).
std::optional<Refusal> CheckCodings(absl::string_view codings) {
  const std::vector<absl::string_view> names = absl::StrSplit(codings, ',');
  const auto is_chunked = [](absl::string_view name) {
    return absl::EqualsIgnoreCase(TrimWhiteSpace(name), "chunked");
  };
  if (std::find_if(names.begin(), names.end(), is_chunked) != names.end() - 1) {
    return Refusal{400, "chunked is not the last transfer encoding"};
  }
  if (names.size() > 1) return Refusal{501, "only the transfer encoding chunked is known"};
  return std::nullopt;
}

}  // namespace

std::optional<Refusal> HeadFields::Add(absl::string_view line) {
  if (IsOneOf(line.front(), " \t")) return Refusal{400, "folded header"};
  const size_t colon = line.find(':');
  if (colon == line.npos) return Refusal{400, "header without a colon"};
  if (!IsToken(line.substr(0, colon))) return Refusal{400, "malformed header name"};
  ++count_;
  Note(line.substr(0, colon), TrimWhiteSpace(line.substr(colon + 1)));
  return std::nullopt;
}

void HeadFields::Note(absl::string_view name, absl::string_view value) {
  const auto note = [&](absl::string_view wanted, Single& single) {
    if (!absl::EqualsIgnoreCase(name, wanted)) return;
    ++single.count;
    single.value = value;
  };
  note("host", host_);
  note("content-length", content_length_);
  note("transfer-encoding", transfer_encoding_);
  note("expect", expect_);
  if (absl::EqualsIgnoreCase(name, "connection")) NoteConnection(value);
}

void HeadFields::NoteConnection(absl::string_view value) {
  for (absl::string_view option : absl::StrSplit(value, ',')) {
    option = TrimWhiteSpace(option);
    close_ |= absl::EqualsIgnoreCase(option, "close");
    keep_alive_ |= absl::EqualsIgnoreCase(option, "keep-alive");
    bad_option_ |= !option.empty() && !IsToken(option);
  }
}

std::optional<Refusal> HeadFields::CheckHost() const {
  if (host_.count > 1) return Refusal{400, "more than one Host"};
  if (http11_ && host_.count == 0) return Refusal{400, "no Host"};
  if (!IsHost(host_.value)) return Refusal{400, "malformed Host"};
  return std::nullopt;
}

std::optional<Refusal> HeadFields::CheckFraming() const {
  if (content_length_.count + transfer_encoding_.count > 1) {
    return Refusal{400, "more than one Content-Length or Transfer-Encoding"};
  }
  if (content_length_.count == 1 &&
      (content_length_.value.empty() || !IsDigits(content_length_.value))) {
    return Refusal{400, "malformed Content-Length"};
  }
  if (transfer_encoding_.count == 0) return std::nullopt;
  if (!http11_) return Refusal{400, "Transfer-Encoding with HTTP/1.0"};
  return CheckCodings(transfer_encoding_.value);
}

// A client of HTTP/1.0 cannot mean it (RFC 9110, 10.1.1).
std::optional<Refusal> HeadFields::CheckExpect() const {
  if (!http11_ || expect_.count == 0) return std::nullopt;
  if (expect_.count == 1 && absl::EqualsIgnoreCase(expect_.value, "100-continue")) {
    return std::nullopt;
  }
  return Refusal{417, "only the expectation 100-continue is known"};
}

CheckedHead HeadFields::Conclude(const HeadLimits& limits) const {
  if (count_ > limits.max_headers) return Refusal{431, "too many headers"};
  if (bad_option_) return Refusal{400, "malformed Connection"};
  for (const auto& refusal : {CheckHost(), CheckFraming(), CheckExpect()}) {
    if (refusal) return *refusal;
  }
  HeadFacts facts;
  facts.http11 = http11_;
  facts.keep_alive = !close_ && (http11_ || keep_alive_);
  facts.expect_continue = http11_ && expect_.count == 1;
  facts.chunked = transfer_encoding_.count == 1;
  // Digits that are too many for the number are too many for the limit.
  if (content_length_.count == 1 &&
      (!absl::SimpleAtoi(content_length_.value, &facts.content_length) ||
       facts.content_length > limits.max_body)) {
    return Refusal{413, "the body is too long"};
  }
  return facts;
}

}  // namespace otpgate::gateway
