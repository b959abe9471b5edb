#include "server/rpc/callers.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/crypto/hmac.h"

namespace otpgate::rpc {
namespace {

constexpr size_t kMaxIdBytes = 64;
constexpr absl::string_view kDevelopment = "development";
constexpr absl::string_view kAnonymous = "anonymous";

bool IsValidId(absl::string_view id) {
  return !id.empty() && id.size() <= kMaxIdBytes && std::all_of(id.begin(), id.end(), [](char c) {
    return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '.' || c == '_' || c == '-';
  });
}

bool IsValidMethod(absl::string_view method) {
  if (method == "*") return true;
  const size_t slash = method.find('/');
  return slash != absl::string_view::npos && slash > 0 && slash + 1 < method.size() &&
         method.find('/', slash + 1) == absl::string_view::npos;
}

absl::Status Check(const CallerEntry& entry) {
  if (!IsValidId(entry.id)) {
    return absl::InvalidArgumentError(absl::StrCat("client \"", absl::CHexEscape(entry.id),
                                                   "\": id must be 1 to 64 of [a-z0-9._-]"));
  }
  if (entry.id == kDevelopment || entry.id == kAnonymous) {
    return absl::InvalidArgumentError(absl::StrCat("client \"", entry.id, "\": id is built in"));
  }
  const bool only_san = entry.secret_mac.empty() && !entry.san.empty();
  if (!only_san && entry.secret_mac.size() != crypto::kSha256Bytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("client \"", entry.id, "\": MAC of the secret must have 32 bytes"));
  }
  for (const std::string& method : entry.methods) {
    if (!IsValidMethod(method)) {
      return absl::InvalidArgumentError(absl::StrCat("client \"", entry.id, "\": method \"",
                                                     absl::CHexEscape(method),
                                                     "\" must be package.Service/Method"));
    }
  }
  return absl::OkStatus();
}

std::string NameOf(absl::string_view san) {
  return absl::StrCat(absl::StrContains(san, "://") ? "URI:" : "DNS:", san);
}

std::unique_ptr<const Caller> BuiltIn(absl::string_view id, bool may_do_everything) {
  CallerEntry entry;
  entry.id = std::string(id);
  if (may_do_everything) entry.methods = {"*"};
  entry.may_forward_client_ip = may_do_everything;
  return std::make_unique<const Caller>(entry);
}

struct Credentials {
  std::string id;
  std::string secret;
};

// RFC 7617, 2. Malformed text gives empty credentials, which belong to no caller.
Credentials ParseBasic(absl::string_view authorization) {
  constexpr absl::string_view kScheme = "basic ";
  std::string text;
  if (!absl::StartsWithIgnoreCase(authorization, kScheme) ||
      !absl::Base64Unescape(authorization.substr(kScheme.size()), &text)) {
    return {};
  }
  const size_t colon = text.find(':');
  if (colon == std::string::npos) return {};
  return {text.substr(0, colon), text.substr(colon + 1)};
}

}  // namespace

Caller::Caller(const CallerEntry& entry)
    : id_(entry.id), may_forward_client_ip_(entry.may_forward_client_ip) {
  for (absl::string_view method : entry.methods) {
    if (method == "*") {
      all_methods_ = true;
    } else if (absl::ConsumeSuffix(&method, "/*")) {
      services_.emplace(method);
    } else {
      methods_.emplace(method);
    }
  }
}

bool Caller::MayCall(absl::string_view method) const {
  return all_methods_ || methods_.contains(method) ||
         services_.contains(method.substr(0, method.find('/')));
}

absl::Status Callers::Add(const CallerEntry& entry) {
  if (absl::Status status = Check(entry); !status.ok()) return status;
  Known known{entry.secret_mac, std::make_unique<const Caller>(entry)};
  const auto [added, is_new] = known_.emplace(entry.id, std::move(known));
  if (!is_new) {
    return absl::InvalidArgumentError(absl::StrCat("client \"", entry.id, "\": id twice"));
  }
  const Caller* caller = added->second.caller.get();
  if (!entry.san.empty() && !by_name_.emplace(NameOf(entry.san), caller).second) {
    return absl::InvalidArgumentError(
        absl::StrCat("client \"", entry.id, "\": san of another client"));
  }
  return absl::OkStatus();
}

absl::StatusOr<Callers> Callers::Create(const std::vector<CallerEntry>& entries,
                                        WithoutCredentials without_credentials) {
  Callers callers;
  for (const CallerEntry& entry : entries) {
    if (absl::Status status = callers.Add(entry); !status.ok()) return status;
  }
  if (without_credentials == WithoutCredentials::kDevelopment)
    callers.without_credentials_ = BuiltIn(kDevelopment, true);
  callers.anonymous_ = BuiltIn(kAnonymous, false);
  return callers;
}

const Caller* Callers::Authenticate(absl::string_view authorization,
                                    const CertificateNames& names) const {
  const Caller* named = nullptr;
  for (const std::string& name : names) {
    const auto found = by_name_.find(name);
    if (found == by_name_.end()) continue;
    if (named != nullptr && named != found->second) return nullptr;
    named = found->second;
  }
  if (authorization.empty()) return named != nullptr ? named : without_credentials_.get();
  const Caller* proven = BySecret(authorization);
  return named == nullptr || named == proven ? proven : nullptr;
}

const Caller* Callers::BySecret(absl::string_view authorization) const {
  const Credentials credentials = ParseBasic(authorization);
  if (credentials.id.empty() || credentials.secret.size() < kMinSecretBytes) return nullptr;
  const auto found = known_.find(credentials.id);
  const std::string mac = crypto::HmacSha256(credentials.id, credentials.secret);
  const std::string nobody(crypto::kSha256Bytes, '\0');
  const bool has_secret = found != known_.end() && !found->second.secret_mac.empty();
  const bool right =
      crypto::ConstantTimeEquals(mac, has_secret ? found->second.secret_mac : nobody);
  return right && has_secret ? found->second.caller.get() : nullptr;
}

}  // namespace otpgate::rpc
