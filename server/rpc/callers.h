#ifndef OTPGATE_SERVER_RPC_CALLERS_H_
#define OTPGATE_SERVER_RPC_CALLERS_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace otpgate::rpc {

// One [[clients]] table of the configuration: a service that may call this one.
struct CallerEntry {
  std::string id = {};  // 1 to 64 of [a-z0-9._-]
  // HmacSha256(key: id, data: secret), 32 raw bytes; empty: no secret.
  std::string secret_mac = {};
  // "otpgate.v1.AuthService/VerifyOtp", "otpgate.v1.AuthService/*" or "*".
  std::vector<std::string> methods = {};
  bool may_forward_client_ip = false;
  // A subject alternative name in its certificate: a URI if it contains "://", else a DNS name.
  // Empty: no certificate identifies it.
  std::string san = {};
};

// The subject alternative names of a verified certificate, in the notation of openssl:
// "URI:spiffe://example.com/gateway", "DNS:gateway.example.com".
using CertificateNames = std::vector<std::string>;

// A known calling service. Immutable.
class Caller {
 public:
  explicit Caller(const CallerEntry& entry);

  const std::string& id() const { return id_; }
  bool may_forward_client_ip() const { return may_forward_client_ip_; }
  // `method` is "package.Service/Method".
  bool MayCall(absl::string_view method) const;

 private:
  std::string id_;
  bool may_forward_client_ip_;
  bool all_methods_ = false;
  absl::flat_hash_set<std::string> methods_;   // "package.Service/Method"
  absl::flat_hash_set<std::string> services_;  // "package.Service"
};

// Who may call, and how callers prove who they are: by a certificate whose name is the `san` of one
// entry, or with the header
//
//   x-otpgate-client-authorization: Basic base64(id ":" secret)
//
// This is the Basic scheme of RFC 7617 under a name of our own, because `authorization` carries the
// token of the end user. A secret is random (`openssl rand -base64 32`) and has at least 32
// characters; therefore one HMAC, keyed with the id, is enough to store it:
//
//   printf %s "$secret" | openssl dgst -sha256 -hmac "$id"
//
// Names are compared byte for byte, with their type. If a call has both a certificate and a secret,
// both must belong to the same caller. A certificate that names two callers is refused. Names of no
// caller are ignored: in a service mesh all services have certificates.
//
// Immutable, so thread-safe. Callers are valid as long as this object.
class Callers {
 public:
  // How a call without credentials is treated.
  enum class WithoutCredentials {
    kRefused,
    kDevelopment,  // comes from the built-in caller "development", which may do everything
  };

  static constexpr size_t kMinSecretBytes = 32;

  // INVALID_ARGUMENT, naming the entry and never its MAC: a malformed id, MAC or method, neither
  // MAC nor san, an id or san that appears twice, an id that is built in.
  static absl::StatusOr<Callers> Create(const std::vector<CallerEntry>& entries,
                                        WithoutCredentials without_credentials);

  // The caller with this header value (empty: no header) and these names (empty: no certificate);
  // null: unknown. Takes the same time for unknown ids and for wrong secrets.
  const Caller* Authenticate(absl::string_view authorization,
                             const CertificateNames& names = {}) const;

  // The caller of methods that are open to anyone.
  const Caller& anonymous() const { return *anonymous_; }

 private:
  struct Known {
    std::string secret_mac;
    std::unique_ptr<const Caller> caller;
  };

  Callers() = default;

  absl::Status Add(const CallerEntry& entry);
  const Caller* BySecret(absl::string_view authorization) const;

  absl::flat_hash_map<std::string, Known> known_;
  absl::flat_hash_map<std::string, const Caller*> by_name_;  // as in CertificateNames
  std::unique_ptr<const Caller> without_credentials_;        // null: refused
  std::unique_ptr<const Caller> anonymous_;
};

}  // namespace otpgate::rpc

#endif  // OTPGATE_SERVER_RPC_CALLERS_H_
