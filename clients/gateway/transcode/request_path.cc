#include "clients/gateway/transcode/request_path.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_split.h"
#include "base/status_macros.h"
#include "clients/gateway/transcode/percent.h"

namespace otpgate::gateway {
namespace {

absl::StatusOr<std::string> DecodeSegment(absl::string_view raw) {
  if (raw.empty()) return absl::NotFoundError("has an empty segment");
  std::optional<std::string> decoded = PercentDecode(raw);
  if (!decoded) return absl::InvalidArgumentError("has an invalid percent escape");
  if (!IsCleanText(*decoded)) {
    return absl::InvalidArgumentError("must be UTF-8 without control characters");
  }
  if (*decoded == "." || *decoded == "..") {
    return absl::InvalidArgumentError("must not have a segment \".\" or \"..\"");
  }
  return *std::move(decoded);
}

}  // namespace

absl::StatusOr<RequestPath> ParseRequestPath(absl::string_view path) {
  if (path.empty() || path[0] != '/') return absl::NotFoundError("does not begin with a slash");
  RequestPath parsed;
  for (absl::string_view raw : absl::StrSplit(path.substr(1), '/')) {
    OTPGATE_ASSIGN_OR_RETURN(std::string segment, DecodeSegment(raw));
    parsed.raw.emplace_back(raw);
    parsed.segments.push_back(std::move(segment));
  }
  return parsed;
}

std::optional<PathWithVerb> SplitVerb(const RequestPath& path) {
  const absl::string_view last = path.raw.back();
  const size_t colon = last.rfind(':');
  if (colon == absl::string_view::npos || colon == 0 || colon + 1 == last.size()) {
    return std::nullopt;
  }
  // Both halves decode, because an escape holds no colon and the whole segment decoded.
  PathWithVerb split{path, PercentDecode(last.substr(colon + 1)).value_or("")};
  split.path.raw.back() = std::string(last.substr(0, colon));
  split.path.segments.back() = PercentDecode(split.path.raw.back()).value_or("");
  return split;
}

}  // namespace otpgate::gateway
