#include "clients/gateway/http/test_client.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/check.h"

namespace otpgate::gateway {
namespace {

constexpr timeval kPatience = {20, 0};

int Connect(int family, const sockaddr* address, socklen_t size) {
  const int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  const int on = 1;
  OTPGATE_CHECK(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == 0);
  OTPGATE_CHECK(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience) == 0);
  OTPGATE_CHECK(setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof kPatience) == 0);
  if (connect(fd, address, size) == 0) return fd;
  close(fd);
  return -1;
}

int ConnectToLoopback(int port, bool ipv6) {
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  v4.sin_port = htons(static_cast<uint16_t>(port));
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_addr = in6addr_loopback;
  v6.sin6_port = v4.sin_port;
  return ipv6 ? Connect(AF_INET6, reinterpret_cast<const sockaddr*>(&v6), sizeof v6)
              : Connect(AF_INET, reinterpret_cast<const sockaddr*>(&v4), sizeof v4);
}

std::shared_ptr<SSL> NewSsl(int fd, const ClientTls& tls) {
  const std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
  // At security level 0 the client itself offers every version.
  OTPGATE_CHECK(SSL_CTX_set_cipher_list(context.get(), "DEFAULT:@SECLEVEL=0") == 1);
  SSL_CTX_set_min_proto_version(context.get(), TLS1_VERSION);
  SSL_CTX_set_max_proto_version(context.get(), tls.max_version);
  std::shared_ptr<SSL> ssl(SSL_new(context.get()), SSL_free);
  SSL_set_fd(ssl.get(), fd);
  if (!tls.alpn.empty()) {
    SSL_set_alpn_protos(ssl.get(), reinterpret_cast<const unsigned char*>(tls.alpn.data()),
                        static_cast<unsigned>(tls.alpn.size()));
  }
  return ssl;
}

// The value of Content-Length in a head; 0: there is none.
size_t ContentLength(absl::string_view head) {
  constexpr absl::string_view kName = "\r\nContent-Length: ";
  const size_t at = head.find(kName);
  if (at == head.npos) return 0;
  const size_t begin = at + kName.size();
  size_t length = 0;
  OTPGATE_CHECK(absl::SimpleAtoi(head.substr(begin, head.find('\r', begin) - begin), &length));
  return length;
}

int StatusIn(absl::string_view head) {
  int status = 0;
  const bool ok =
      absl::StartsWith(head, "HTTP/1.1 ") && absl::SimpleAtoi(head.substr(9, 3), &status);
  return ok ? status : -1;
}

}  // namespace

bool ReceivedResponse::Has(absl::string_view line) const {
  return absl::StrContains(head, absl::StrCat("\r\n", line, "\r\n"));
}

TestClient::TestClient(int port, bool ipv6) : fd_(ConnectToLoopback(port, ipv6)) {}

TestClient::TestClient(TestClient&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      ssl_(std::move(other.ssl_)),
      received_(std::move(other.received_)) {}

TestClient::~TestClient() {
  if (fd_ >= 0) close(fd_);
}

bool TestClient::StartTls(const ClientTls& tls) {
  ssl_ = NewSsl(fd_, tls);
  return SSL_connect(ssl_.get()) == 1;
}

std::string TestClient::alpn() const {
  const unsigned char* name = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(ssl_.get(), &name, &size);
  return std::string(reinterpret_cast<const char*>(name), size);
}

std::string TestClient::certificate() const {
  const std::unique_ptr<X509, decltype(&X509_free)> own(SSL_get1_peer_certificate(ssl_.get()),
                                                        X509_free);
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  OTPGATE_CHECK(own != nullptr && X509_digest(own.get(), EVP_sha256(), digest, &size) == 1);
  return absl::BytesToHexString({reinterpret_cast<const char*>(digest), size});
}

bool TestClient::Send(absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ssl_ ? SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()))
                              : send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(sent);
  }
  return true;
}

void TestClient::FinishSending() { shutdown(fd_, SHUT_WR); }

bool TestClient::ReceiveMore() {
  char buffer[16 << 10];
  const ssize_t got =
      ssl_ ? SSL_read(ssl_.get(), buffer, sizeof buffer) : recv(fd_, buffer, sizeof buffer, 0);
  OTPGATE_CHECK(got > 0 || errno != EAGAIN);  // the server does not answer
  if (got <= 0) return false;
  received_.append(buffer, got);
  return true;
}

ReceivedResponse TestClient::Receive(bool head_only) {
  size_t end = 0;
  while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
    if (!ReceiveMore()) return {};
  }
  ReceivedResponse response;
  response.head = received_.substr(0, end + 4);
  received_.erase(0, end + 4);
  response.status = StatusIn(response.head);
  const size_t size = head_only ? 0 : ContentLength(response.head);
  while (received_.size() < size) {
    if (!ReceiveMore()) return {};
  }
  response.body = received_.substr(0, size);
  received_.erase(0, size);
  return response;
}

ReceivedResponse TestClient::Ask(absl::string_view request) {
  return Send(request) ? Receive() : ReceivedResponse();
}

bool TestClient::SeesEnd() {
  errno = 0;
  return received_.empty() && !ReceiveMore();
}

}  // namespace otpgate::gateway
