#include "clients/gateway/call_headers.h"

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/crypto/hmac.h"
#include "clients/gateway/basic_credentials.h"

namespace otpgate::gateway {
namespace {

constexpr std::array<const char*, 9> kSingle = {
    "authorization", "content-type", "idempotency-key", "origin",      "accept-language",
    "traceparent",   "x-request-id", "sec-fetch-site",  kSessionHeader};

bool IsPrintable(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

bool IsLowerHex(absl::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

// 00-<32 hex>-<16 hex>-<2 hex>; all-zero ids are invalid.
bool IsTraceparent(absl::string_view text) {
  if (text.size() != 55 || text[2] != '-' || text[35] != '-' || text[52] != '-') return false;
  const absl::string_view trace = text.substr(3, 32);
  const absl::string_view parent = text.substr(36, 16);
  return text.substr(0, 2) == "00" && IsLowerHex(trace) && IsLowerHex(parent) &&
         IsLowerHex(text.substr(53)) && trace.find_first_not_of('0') != trace.npos &&
         parent.find_first_not_of('0') != parent.npos;
}

void Forward(const HttpRequest& request, const char* name, Metadata& out) {
  const std::string* value = request.Find(name);
  if (value != nullptr && IsPrintable(*value)) out.emplace_back(name, *value);
}

bool IsUuid(absl::string_view text) {
  if (text.size() != 36) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !absl::ascii_isxdigit(text[i])) return false;
  }
  return text.find_first_not_of("0-") != text.npos;
}

std::string HashedUuid(absl::string_view key) {
  std::string bytes = crypto::Sha256(absl::StrCat("otpgate idempotency key\n", key)).substr(0, 16);
  bytes[6] = static_cast<char>((bytes[6] & 0x0F) | 0x80);
  bytes[8] = static_cast<char>((bytes[8] & 0x3F) | 0x80);
  const std::string hex = absl::BytesToHexString(bytes);
  return absl::StrCat(hex.substr(0, 8), "-", hex.substr(8, 4), "-", hex.substr(12, 4), "-",
                      hex.substr(16, 4), "-", hex.substr(20));
}

}  // namespace

Metadata ForwardedHeaders(const HttpRequest& request) {
  Metadata out;
  if (!CallerOf(request)) Forward(request, "authorization", out);
  Forward(request, "accept-language", out);
  const std::string* trace = request.Find("traceparent");
  if (trace != nullptr && IsTraceparent(*trace)) {
    Forward(request, "traceparent", out);
    Forward(request, "tracestate", out);
  }
  return out;
}

std::optional<std::string> CallerOf(const HttpRequest& request) {
  const std::string* authorization = request.Find("authorization");
  if (authorization == nullptr || !IsBasic(*authorization)) return std::nullopt;
  const std::optional<BasicCredentials> credentials = ParseBasic(*authorization);
  return credentials ? CallerAuthorization(*credentials) : "Basic";
}

const char* RepeatedHeader(const HttpRequest& request) {
  const auto* found = std::find_if(kSingle.begin(), kSingle.end(),
                                   [&](const char* name) { return request.Count(name) > 1; });
  return found == kSingle.end() ? nullptr : *found;
}

bool IsEncoded(const HttpRequest& request) {
  if (request.body.empty()) return false;
  const std::optional<std::string> codings = request.FindList("content-encoding");
  return codings && !absl::EqualsIgnoreCase(*codings, "identity");
}

std::optional<std::string> GivenRequestId(const HttpRequest& request) {
  const std::string* id = request.Find("x-request-id");
  if (id == nullptr || id->empty() || id->size() > 128) return std::nullopt;
  const bool plain = std::all_of(id->begin(), id->end(), [](char c) {
    return absl::ascii_isalnum(c) || c == '.' || c == '_' || c == '-';
  });
  return plain ? std::optional(*id) : std::nullopt;
}

std::optional<std::string> RequestIdOf(absl::string_view key) {
  if (key.size() >= 2 && key.front() == '"' && key.back() == '"') {
    key = key.substr(1, key.size() - 2);
  }
  if (key.empty() || key.size() > 255 || !IsPrintable(key)) return std::nullopt;
  return IsUuid(key) ? std::string(key) : HashedUuid(key);
}

}  // namespace otpgate::gateway
