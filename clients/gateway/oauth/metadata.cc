#include "clients/gateway/oauth/metadata.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "clients/gateway/http/grammar.h"

namespace otpgate::gateway {
namespace {

using nlohmann::ordered_json;

constexpr absl::string_view kHttps = "https://";
constexpr absl::string_view kHttp = "http://";

// "auth.example.com", "127.0.0.1" or "[::1]".
bool IsIssuerHost(absl::string_view host) {
  const bool bracketed = absl::ConsumePrefix(&host, "[");
  if (bracketed && !absl::ConsumeSuffix(&host, "]")) return false;
  return !host.empty() && std::all_of(host.begin(), host.end(), [bracketed](char c) {
    return bracketed ? absl::ascii_isxdigit(c) || c == ':' || c == '.'
                     : absl::ascii_isalnum(c) || c == '-' || c == '.';
  });
}

bool IsLoopbackHost(absl::string_view host) {
  return host == "localhost" || host == "[::1]" ||
         (absl::StartsWith(host, "127.") && host.find_first_not_of("0123456789.") == host.npos);
}

// Takes ":8080" off the end; false: it is no port.
bool ConsumePort(absl::string_view& authority) {
  const size_t colon = authority.rfind(':');
  if (colon == authority.npos || absl::EndsWith(authority, "]")) return true;
  int port = 0;
  const absl::string_view digits = authority.substr(colon + 1);
  authority.remove_suffix(authority.size() - colon);
  return std::all_of(digits.begin(), digits.end(), absl::ascii_isdigit) &&
         absl::SimpleAtoi(digits, &port) && port > 0 && port <= 65535;
}

// "" or "/a/b": no segment is empty or has only dots.
bool IsIssuerPath(absl::string_view path) {
  if (path.empty()) return true;
  const std::vector<absl::string_view> segments = absl::StrSplit(path.substr(1), '/');
  return std::all_of(segments.begin(), segments.end(), [](absl::string_view segment) {
    return segment.find_first_not_of('.') != segment.npos &&
           std::all_of(segment.begin(), segment.end(), IsUnreserved);
  });
}

absl::string_view WithoutScheme(absl::string_view issuer) {
  if (!absl::ConsumePrefix(&issuer, kHttps)) absl::ConsumePrefix(&issuer, kHttp);
  return issuer;
}

ordered_json MetadataOf(absl::string_view issuer) {
  const auto url = [issuer](const char* path) { return absl::StrCat(issuer, path); };
  const ordered_json methods = ordered_json::array({"client_secret_basic", "none"});
  return {{"issuer", std::string(issuer)},
          {"jwks_uri", url("/.well-known/jwks.json")},
          {"token_endpoint", url("/oauth2/token")},
          {"introspection_endpoint", url("/oauth2/introspect")},
          {"revocation_endpoint", url("/oauth2/revoke")},
          {"grant_types_supported", ordered_json::array({"refresh_token"})},
          {"response_types_supported", ordered_json::array()},
          {"token_endpoint_auth_methods_supported", methods},
          {"introspection_endpoint_auth_methods_supported",
           ordered_json::array({"client_secret_basic"})},
          {"revocation_endpoint_auth_methods_supported", methods}};
}

}  // namespace

absl::Status CheckIssuer(absl::string_view issuer) {
  const absl::string_view path = IssuerPath(issuer);
  absl::string_view host = WithoutScheme(issuer);
  host.remove_suffix(path.size());
  const bool well_formed = ConsumePort(host) && IsIssuerHost(host) && IsIssuerPath(path);
  const bool safe =
      absl::StartsWith(issuer, kHttps) || (absl::StartsWith(issuer, kHttp) && IsLoopbackHost(host));
  if (well_formed && safe) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "the issuer must be an https URL (or http on a loopback host) without query, fragment and "
      "slash at its end; an example is https://auth.example.com");
}

absl::string_view IssuerPath(absl::string_view issuer) {
  const absl::string_view rest = WithoutScheme(issuer);
  return rest.substr(std::min(rest.find('/'), rest.size()));
}

std::string ServerMetadata(absl::string_view issuer) { return MetadataOf(issuer).dump(); }

std::string OpenIdMetadata(absl::string_view issuer) {
  ordered_json metadata = MetadataOf(issuer);
  metadata["subject_types_supported"] = ordered_json::array({"public"});
  return metadata.dump();
}

}  // namespace otpgate::gateway
