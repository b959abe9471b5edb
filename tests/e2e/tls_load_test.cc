// Certificates are replaced during many calls, over existing and over new connections.
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/auth_client.h"
#include "tests/support/certificates.h"
#include "tests/support/server_process.h"
#include "tests/support/tls_client.h"
#include "tests/support/trials.h"

namespace otpgate::e2e {
namespace {

constexpr char kServer[] = "DNS:localhost,IP:127.0.0.1";

TEST(TlsLoadTest, M1_NoCallFailsWhileCertificatesAreReplaced) {
  const support::CertificateAuthority authority;
  const support::CertifiedKey orders = authority.Issue("URI:spiffe://example.com/orders");
  support::MountedSecret secret(authority.Issue(kServer), authority.pem());
  support::ServerProcess server({"--use_database=false", "--listen.addresses=127.0.0.1:0",
                                 "--listen.tls_directory=" + secret.path(),
                                 "--listen.client_certificates=required"});
  server.AwaitServing();
  const int port = server.port();
  std::atomic<bool> stop = false;
  std::atomic<int64_t> standing = 0;
  std::atomic<int64_t> fresh = 0;
  const auto connect = [&] {
    return std::make_unique<support::AuthClient>(
        NewChannel(port, support::TlsClient{authority.pem(), orders}));
  };
  std::vector<std::thread> callers;
  callers.emplace_back([&] {
    const auto client = connect();
    for (; !stop; ++standing) EXPECT_EQ(client->GetJwks().code, absl::StatusCode::kOk);
  });
  for (int i = 0; i < 2; ++i) {
    callers.emplace_back([&] {
      for (; !stop; ++fresh) EXPECT_EQ(connect()->GetJwks().code, absl::StatusCode::kOk);
    });
  }
  for (int64_t round = 1; round <= support::Trials(4); ++round) {
    const int64_t then = fresh;
    secret.Replace(authority.Issue(kServer), authority.pem());
    EXPECT_TRUE(server.WaitForEvent("TLS_CERTIFICATE", static_cast<int>(round) + 1)) << round;
    while (fresh < then + 10 && !::testing::Test::HasFailure()) std::this_thread::yield();
  }
  stop = true;
  for (std::thread& caller : callers) caller.join();
  EXPECT_GT(standing, 0);
}

}  // namespace
}  // namespace otpgate::e2e
