#include "clients/gateway/oauth/form.h"

#include <iterator>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_split.h"
#include "clients/gateway/transcode/percent.h"

namespace otpgate::gateway {
namespace {

std::optional<std::string> DecodeFormPart(absl::string_view raw) {
  std::optional<std::string> part = PercentDecode(raw, {.plus_is_space = true});
  return part && IsCleanText(*part) ? std::move(part) : std::nullopt;
}

}  // namespace

absl::StatusOr<OAuthForm> ParseForm(absl::string_view body) {
  OAuthForm form;
  for (absl::string_view parameter : absl::StrSplit(body, '&', absl::SkipEmpty())) {
    if (form.size() == kMaxFormParameters) {
      return absl::InvalidArgumentError("there are too many parameters");
    }
    const std::pair<absl::string_view, absl::string_view> raw =
        absl::StrSplit(parameter, absl::MaxSplits('=', 1));
    std::optional<std::string> name = DecodeFormPart(raw.first);
    std::optional<std::string> value = DecodeFormPart(raw.second);
    if (!name || !value) {
      return absl::InvalidArgumentError("a parameter is not clean text in percent-encoding");
    }
    if (!form.emplace(*std::move(name), *std::move(value)).second) {
      return absl::InvalidArgumentError("a parameter comes twice");
    }
  }
  for (auto next = form.begin(); next != form.end();) {
    next = next->second.empty() ? form.erase(next) : std::next(next);
  }
  return form;
}

std::string ValueOf(const OAuthForm& form, const std::string& name) {
  const auto found = form.find(name);
  return found == form.end() ? "" : found->second;
}

}  // namespace otpgate::gateway
