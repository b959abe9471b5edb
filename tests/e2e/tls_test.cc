// The server program with TLS: its configuration, callers with certificates, and certificates that
// are replaced during calls.
#include <gmock/gmock.h>
#include <grpcpp/security/auth_context.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "otpgate/v1/auth_service.pb.h"
#include "tests/support/auth_client.h"
#include "tests/support/certificates.h"
#include "tests/support/grpc_call.h"
#include "tests/support/program.h"
#include "tests/support/server_process.h"
#include "tests/support/tls_client.h"

namespace otpgate::e2e {
namespace {

using ::testing::HasSubstr;

// The outcome of one GetJwks call that does not wait for a connection.
struct Reached {
  bool ok = false;
  std::string server_certificate;  // PEM
};

Reached Reach(const std::shared_ptr<grpc::Channel>& channel) {
  grpc::ClientContext context;
  v1::GetJwksResponse keys;
  const grpc::Status status = support::CallMethod(channel, "otpgate.v1.AuthService/GetJwks",
                                                  context, v1::GetJwksRequest(), &keys);
  Reached reached{status.ok(), ""};
  if (!status.ok()) return reached;
  for (const auto& pem : context.auth_context()->FindPropertyValues("x509_pem_cert")) {
    reached.server_certificate = std::string(pem.data(), pem.size());
  }
  return reached;
}

class TlsTest : public ::testing::Test {
 protected:
  TlsTest()
      : own_(authority_.Issue(kServer)),
        orders_(authority_.Issue("URI:spiffe://example.com/orders")),
        billing_(authority_.Issue("DNS:billing.example.com")),
        secret_(own_, authority_.pem()) {}

  static constexpr char kServer[] = "DNS:localhost,IP:127.0.0.1";

  std::vector<std::string> Flags(const std::string& mode) const {
    return {"--use_database=false",
            "--listen.addresses=127.0.0.1:0,unix:" + folder_.Path("grpc.sock"),
            "--config=" + Config(), "--listen.tls_directory=" + secret_.path(),
            "--listen.client_certificates=" + mode};
  }

  std::string Config() const {
    std::string text;
    for (const char* client : {"id = \"orders\"\nsan = \"spiffe://example.com/orders\"",
                               "id = \"billing\"\nsan = \"billing.example.com\""}) {
      absl::StrAppend(&text, "[[clients]]\n", client, "\nmethods = [\"*\"]\n");
    }
    return folder_.Write("otpgate.toml", text);
  }

  void Start(const std::string& mode = "optional") {
    server_ = std::make_unique<support::ServerProcess>(Flags(mode));
    server_->AwaitServing();
  }

  std::shared_ptr<grpc::Channel> Channel(const support::CertifiedKey& shown = {}) const {
    return NewChannel(server_->port(), support::TlsClient{authority_.pem(), shown});
  }

  // The caller that the server identifies by a certificate, according to its log.
  std::string CallerOf(const support::CertifiedKey& shown, int lines) const {
    support::AuthClient client(Channel(shown));
    EXPECT_TRUE(client.RequestOtp("test@example.com").ok());
    EXPECT_TRUE(server_->WaitForEvent("RPC", lines));
    std::string caller;
    for (absl::string_view line : absl::StrSplit(server_->Log(), '\n')) {
      if (line.find("RequestOtp") == absl::string_view::npos) continue;
      caller = nlohmann::json::parse(line.begin(), line.end()).at("caller").get<std::string>();
    }
    return caller;
  }

  const support::CertificateAuthority authority_;
  const support::CertifiedKey own_;
  const support::CertifiedKey orders_;
  const support::CertifiedKey billing_;
  support::MountedSecret secret_;
  const support::TempFolder folder_;
  std::unique_ptr<support::ServerProcess> server_;
};

TEST_F(TlsTest, M1_CallersAreWhoTheirCertificatesSay) {
  Start();
  EXPECT_EQ(CallerOf(orders_, 1), "orders");
  EXPECT_EQ(CallerOf(billing_, 2), "billing");
  // As without a certificate: a development server has a caller for that.
  EXPECT_EQ(CallerOf(authority_.Issue("DNS:other.example.com"), 3), "development");
}

TEST_F(TlsTest, M1_OnlyTrustedConnectionsAreTaken) {
  const support::CertificateAuthority stranger;
  Start("required");
  EXPECT_TRUE(Reach(Channel(orders_)).ok);
  EXPECT_FALSE(Reach(Channel()).ok);
  EXPECT_FALSE(Reach(Channel(stranger.Issue("URI:spiffe://example.com/orders"))).ok);
  EXPECT_FALSE(Reach(support::NewChannel(server_->port())).ok);
  const support::TlsClient distrustful{stranger.pem(), orders_};
  EXPECT_FALSE(Reach(NewChannel(server_->port(), distrustful)).ok);
  const auto socket =
      grpc::CreateChannel("unix:" + folder_.Path("grpc.sock"), grpc::InsecureChannelCredentials());
  EXPECT_TRUE(Reach(socket).ok);
}

TEST_F(TlsTest, TheLogTellsAndStaysJson) {
  Start();
  EXPECT_FALSE(Reach(support::NewChannel(server_->port())).ok);
  ASSERT_TRUE(server_->WaitForEvent("GRPC"));
  server_->Signal(SIGTERM);
  EXPECT_EQ(server_->Wait(), 0);
  ASSERT_TRUE(server_->WaitForEvent("STOPPED"));
  EXPECT_THAT(server_->Log(), HasSubstr("\"client_certificates\":\"optional\""));
  std::vector<bool> tls;
  for (absl::string_view line : absl::StrSplit(server_->Log(), '\n', absl::SkipEmpty())) {
    const auto json = nlohmann::json::parse(line.begin(), line.end(), nullptr, false);
    ASSERT_FALSE(json.is_discarded()) << line;
    if (json.at("event") == "LISTENING") tls.push_back(json.at("tls"));
  }
  EXPECT_EQ(tls, (std::vector<bool>{true, false}));
}

TEST_F(TlsTest, M1_AnExchangedCertificateIsServedAndNoConnectionIsLost) {
  Start();
  const auto before = Channel();
  EXPECT_EQ(Reach(before).server_certificate, own_.chain);
  const support::CertifiedKey next = authority_.Issue(kServer);
  secret_.Replace(next, authority_.pem());
  ASSERT_TRUE(server_->WaitForEvent("TLS_CERTIFICATE", 2));
  EXPECT_EQ(Reach(Channel()).server_certificate, next.chain);
  EXPECT_EQ(Reach(before).server_certificate, own_.chain) << "this is another connection";
}

TEST_F(TlsTest, M1_AnExchangedAuthorityIsTheOneThatCounts) {
  const support::CertificateAuthority other;
  Start("required");
  const auto before = Channel(orders_);
  EXPECT_TRUE(Reach(before).ok);
  secret_.Replace(authority_.Issue(kServer), other.pem());
  ASSERT_TRUE(server_->WaitForEvent("TLS_CERTIFICATE", 2));
  EXPECT_FALSE(Reach(Channel(orders_)).ok);
  EXPECT_TRUE(Reach(Channel(other.Issue("URI:spiffe://example.com/orders"))).ok);
  EXPECT_TRUE(Reach(before).ok);
}

TEST_F(TlsTest, FilesThatDoNotFitChangeNothing) {
  Start();
  const support::CertifiedKey next = authority_.Issue(kServer);
  secret_.Replace({next.chain, own_.key}, authority_.pem());
  ASSERT_TRUE(server_->WaitForEvent("TLS_FILES_REFUSED"));
  EXPECT_THAT(server_->Log(), HasSubstr("not the one of the certificate"));
  EXPECT_EQ(Reach(Channel()).server_certificate, own_.chain);
  secret_.Replace(next, authority_.pem());
  ASSERT_TRUE(server_->WaitForEvent("TLS_CERTIFICATE", 2));
  EXPECT_EQ(Reach(Channel()).server_certificate, next.chain);
}

TEST_F(TlsTest, BadFilesAreAnErrorOfTheConfiguration) {
  secret_.Replace({own_.chain, orders_.key}, authority_.pem());
  for (const bool check : {false, true}) {
    std::vector<std::string> argv = {OTPGATE_SERVER_PROGRAM};
    for (const std::string& flag : Flags("optional")) argv.push_back(flag);
    if (check) argv.push_back("--check-config");
    const support::ProgramResult result = support::RunProgram(argv);
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.err, HasSubstr("listen.tls_directory: "));
    EXPECT_THAT(result.err, HasSubstr("not the one of the certificate"));
  }
}

TEST_F(TlsTest, PlaintextForOthersIsAnErrorUnlessSomethingElseEncrypts) {
  const std::vector<std::string> argv = {OTPGATE_SERVER_PROGRAM, "--check-config",
                                         "--use_database=false",
                                         "--listen.addresses=0.0.0.0:50051"};
  const support::ProgramResult refused = support::RunProgram(argv);
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, HasSubstr("listen.addresses that other machines can reach"));
  for (const std::string& flag : {std::string("--listen.plaintext_is_safe=true"),
                                  "--listen.tls_directory=" + secret_.path()}) {
    std::vector<std::string> allowed = argv;
    allowed.push_back(flag);
    EXPECT_EQ(support::RunProgram(allowed).exit_code, 0) << flag;
  }
}

}  // namespace
}  // namespace otpgate::e2e
