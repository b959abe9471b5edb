#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <memory>
#include <string>

#include "absl/synchronization/mutex.h"
#include "clients/gateway/http/fake_handler.h"
#include "clients/gateway/http/server.h"
#include "clients/gateway/http/test_client.h"
#include "tests/support/certificates.h"
#include "tests/support/status_matchers.h"

namespace otpgate::gateway {
namespace {

using support::StatusIs;

class FakeTlsSource final : public TlsSource {
 public:
  explicit FakeTlsSource(const support::CertifiedKey& pair) { Set(pair); }

  void Set(const support::CertifiedKey& pair) {
    const absl::MutexLock lock(&mu_);
    current_ = std::make_shared<TlsIdentity>(TlsIdentity{pair.chain, pair.key});
  }
  std::shared_ptr<const TlsIdentity> Current() const override {
    const absl::MutexLock lock(&mu_);
    return current_;
  }

 private:
  mutable absl::Mutex mu_;
  std::shared_ptr<const TlsIdentity> current_;
};

class TlsTest : public testing::Test {
 protected:
  TlsTest() : own_(authority_.Issue("IP:127.0.0.1")), source_(own_) { Start({}); }

  void Start(HttpServerOptions options) {
    options.address = "127.0.0.1:0";
    auto server = HttpServer::Start(options, &handler_, &source_);
    EXPECT_OK(server);
    server_ = *std::move(server);
  }

  const support::CertificateAuthority authority_;
  const support::CertifiedKey own_;
  FakeTlsSource source_;
  FakeHandler handler_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(TlsTest, ServesRequests) {
  TestClient client(server_->port());
  ASSERT_TRUE(client.StartTls());
  EXPECT_EQ(client.alpn(), "http/1.1");
  for (int i = 0; i < 2; ++i) EXPECT_EQ(client.Ask(kGet).body, "GET /a ");
  const std::string body(64 << 10, 'x');
  EXPECT_EQ(client.Ask("POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 65536\r\n\r\n" + body).body,
            "POST /b " + body);
  EXPECT_EQ(client.Ask("GET\r\n\r\n").status, 400);
  EXPECT_TRUE(client.SeesEnd());
}

TEST_F(TlsTest, TellsThatTheRequestIsSecure) {
  FakeHandler handler(FakeHandler::Mode::kKeep);
  const auto server = HttpServer::Start({.address = "127.0.0.1:0"}, &handler, &source_);
  ASSERT_OK(server);
  TestClient client((*server)->port());
  ASSERT_TRUE(client.StartTls() && client.Send(kGet));
  EXPECT_TRUE(handler.Take().request.secure);
}

TEST_F(TlsTest, SpeaksTls12And13Only) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TestClient client(server_->port());
    ASSERT_TRUE(client.StartTls({.max_version = version}));
    EXPECT_EQ(client.Ask(kGet).status, 200);
  }
  for (const int version : {TLS1_VERSION, TLS1_1_VERSION}) {
    TestClient client(server_->port());
    EXPECT_FALSE(client.StartTls({.max_version = version}));
  }
  EXPECT_EQ(server_->stats().handshake_failures, 2u);
}

TEST_F(TlsTest, ChoosesHttp11OrRefuses) {
  TestClient both(server_->port());
  ASSERT_TRUE(both.StartTls({.alpn = "\x02h2\x08http/1.1"}));
  EXPECT_EQ(both.alpn(), "http/1.1");
  TestClient none(server_->port());
  ASSERT_TRUE(none.StartTls({.alpn = ""}));
  EXPECT_EQ(none.Ask(kGet).status, 200);
  TestClient other(server_->port());
  EXPECT_FALSE(other.StartTls({.alpn = "\x02h2"}));
}

TEST_F(TlsTest, PlaintextIsRefused) {
  TestClient client(server_->port());
  EXPECT_EQ(client.Ask(kGet).status, 0);
  EXPECT_TRUE(handler_.targets().empty());
}

TEST_F(TlsTest, SilentClientsAreClosed) {
  Start({.handshake_timeout = absl::Milliseconds(40)});
  TestClient client(server_->port());
  EXPECT_TRUE(client.SeesEnd());
  EXPECT_EQ(server_->stats().handshake_failures, 1u);
}

TEST_F(TlsTest, NewConnectionsUseTheNewCertificate) {
  TestClient before(server_->port());
  ASSERT_TRUE(before.StartTls());
  source_.Set(authority_.Issue("IP:127.0.0.1"));
  TestClient after(server_->port());
  ASSERT_TRUE(after.StartTls());
  EXPECT_NE(before.certificate(), after.certificate());
  EXPECT_EQ(before.Ask(kGet).status, 200);
  EXPECT_EQ(after.Ask(kGet).status, 200);
}

TEST_F(TlsTest, ABadCertificateIsNotTakenOver) {
  TestClient before(server_->port());
  ASSERT_TRUE(before.StartTls());
  source_.Set({own_.chain, authority_.Issue("IP:127.0.0.1").key});
  for (int i = 0; i < 2; ++i) {
    TestClient after(server_->port());
    ASSERT_TRUE(after.StartTls());
    EXPECT_EQ(before.certificate(), after.certificate());
  }
  EXPECT_EQ(server_->stats().identities_refused, 1u);
}

TEST_F(TlsTest, DoesNotStartWithABadCertificate) {
  const support::CertifiedKey other = authority_.Issue("IP:127.0.0.1");
  for (const support::CertifiedKey& pair :
       {support::CertifiedKey{"", own_.key}, support::CertifiedKey{own_.chain, ""},
        support::CertifiedKey{own_.chain, other.key},
        support::CertifiedKey{own_.chain, support::Encrypted(own_.key)}}) {
    source_.Set(pair);
    EXPECT_THAT(HttpServer::Start({.address = "127.0.0.1:0"}, &handler_, &source_),
                StatusIs(absl::StatusCode::kInvalidArgument));
  }
}

TEST_F(TlsTest, IdleConnectionsAreDrained) {
  TestClient client(server_->port());
  ASSERT_TRUE(client.StartTls());
  EXPECT_EQ(client.Ask(kGet).status, 200);
  server_->Drain(absl::Seconds(20));
  EXPECT_TRUE(client.SeesEnd());
}

}  // namespace
}  // namespace otpgate::gateway
