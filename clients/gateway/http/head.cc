#include "clients/gateway/http/head.h"

#include "absl/strings/match.h"
#include "clients/gateway/http/grammar.h"
#include "clients/gateway/http/head_fields.h"

namespace otpgate::gateway {
namespace {

constexpr absl::string_view kLineEnd = "\r\n";

// Whether `c` may follow `before` in a head.
bool MayFollow(char before, char c) {
  if (c == '\n') return before == '\r';
  return before != '\r' && (c == '\r' || c == '\t' || !absl::ascii_iscntrl(c));
}

// Takes the first line off `text`, without its CRLF.
absl::string_view TakeLine(absl::string_view& text) {
  const size_t end = text.find(kLineEnd);
  const absl::string_view line = text.substr(0, end);
  text.remove_prefix(end + kLineEnd.size());
  return line;
}

bool PercentsAreTriplets(absl::string_view target) {
  for (size_t at = target.find('%'); at != target.npos; at = target.find('%', at + 1)) {
    if (at + 2 >= target.size() || !absl::ascii_isxdigit(target[at + 1]) ||
        !absl::ascii_isxdigit(target[at + 2])) {
      return false;
    }
  }
  return true;
}

bool IsTarget(absl::string_view method, absl::string_view target) {
  if (target == "*") return method == "OPTIONS";
  return absl::StartsWith(target, "/") && std::all_of(target.begin(), target.end(), IsTargetChar) &&
         PercentsAreTriplets(target);
}

// HTTP-version of RFC 9112, 2.3.
bool IsVersion(absl::string_view text) {
  return text.size() == 8 && absl::StartsWith(text, "HTTP/") && absl::ascii_isdigit(text[5]) &&
         text[6] == '.' && absl::ascii_isdigit(text[7]);
}

std::variant<bool, Refusal> CheckRequestLine(absl::string_view line, size_t max_target) {
  const size_t first = line.find(' ');
  const size_t last = line.rfind(' ');
  if (first == last) return Refusal{400, "malformed request line"};
  const absl::string_view method = line.substr(0, first);
  const absl::string_view target = line.substr(first + 1, last - first - 1);
  const absl::string_view version = line.substr(last + 1);
  if (!IsToken(method)) return Refusal{400, "malformed method"};
  if (!IsVersion(version)) return Refusal{400, "malformed HTTP version"};
  if (version != "HTTP/1.1" && version != "HTTP/1.0") {
    return Refusal{505, "only HTTP/1.1 and HTTP/1.0 are spoken"};
  }
  if (target.size() > max_target) return Refusal{414, "the target is too long"};
  if (!IsTarget(method, target)) return Refusal{400, "malformed request target"};
  return version == "HTTP/1.1";
}

}  // namespace

HeadEnd FindHeadEnd(absl::string_view bytes, size_t& scanned) {
  for (; scanned < bytes.size(); ++scanned) {
    const char before = scanned == 0 ? ' ' : bytes[scanned - 1];
    if (!MayFollow(before, bytes[scanned])) return {HeadEnd::State::kMalformed};
    if (bytes[scanned] != '\n') continue;
    if (scanned == 1) return {HeadEnd::State::kMalformed};
    if (bytes[scanned - 2] == '\n') return {HeadEnd::State::kFound, ++scanned};
  }
  return {};
}

CheckedHead CheckHead(absl::string_view head, const HeadLimits& limits) {
  size_t scanned = 0;
  const HeadEnd end = FindHeadEnd(head, scanned);
  if (end.state != HeadEnd::State::kFound || end.size != head.size()) {
    return Refusal{400, "malformed line ends or control characters"};
  }
  const auto line = CheckRequestLine(TakeLine(head), limits.max_target);
  if (const Refusal* refusal = std::get_if<Refusal>(&line)) return *refusal;
  HeadFields fields(std::get<bool>(line));
  for (absl::string_view field = TakeLine(head); !field.empty(); field = TakeLine(head)) {
    if (const auto refusal = fields.Add(field)) return *refusal;
  }
  return fields.Conclude(limits);
}

}  // namespace otpgate::gateway
