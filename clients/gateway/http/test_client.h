#ifndef OTPGATE_CLIENTS_GATEWAY_HTTP_TEST_CLIENT_H_
#define OTPGATE_CLIENTS_GATEWAY_HTTP_TEST_CLIENT_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "clients/gateway/http/stats.h"

struct ssl_st;  // SSL

namespace otpgate::gateway {

// A request that is answered 200.
inline constexpr char kGet[] = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n";

// What a client received.
struct ReceivedResponse {
  int status = 0;    // 0: the connection ended before a response
  std::string head;  // status line and headers, with the empty line
  std::string body;

  // Whether there is exactly this header line.
  bool Has(absl::string_view line) const;
};

// What a TLS client offers. It trusts every certificate.
struct ClientTls {
  std::string alpn = "\x08http/1.1";  // in wire form; empty: no ALPN
  int max_version = 0;                // as TLS1_1_VERSION; 0: the newest
};

// For tests: one connection, on which they send any bytes. Every wait ends after 20 s. Not
// thread-safe.
class TestClient {
 public:
  // Connects to a port of the loopback address of IPv4, or of IPv6.
  explicit TestClient(int port, bool ipv6 = false);
  ~TestClient();
  TestClient(TestClient&& other) noexcept;
  TestClient& operator=(TestClient&&) = delete;

  bool connected() const { return fd_ >= 0; }
  int fd() const { return fd_; }

  // Shakes hands. False: it failed.
  bool StartTls(const ClientTls& tls = {});
  std::string alpn() const;         // that was chosen
  std::string certificate() const;  // the fingerprint of the server's

  // False: the connection is broken.
  bool Send(absl::string_view bytes);
  // Tells the server that nothing more will come.
  void FinishSending();

  // The next response; `head_only` for those to HEAD and without a body.
  ReceivedResponse Receive(bool head_only = false);
  // Send and Receive.
  ReceivedResponse Ask(absl::string_view request);
  // Whether the server closes the connection, without another byte.
  bool SeesEnd();

 private:
  // Appends what comes next to received_. False: the end.
  bool ReceiveMore();

  int fd_ = -1;
  std::shared_ptr<ssl_st> ssl_;
  std::string received_;  // and not yet used
};

// How many requests the server refused with this status, one of kRejections.
inline uint64_t RejectedWith(const HttpStats& stats, int status) {
  for (size_t i = 0; i < kRejections.size(); ++i) {
    if (kRejections[i] == status) return stats.rejected[i];
  }
  return 0;
}

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_HTTP_TEST_CLIENT_H_
