// Real connections between gRPC and gRPC over TLS.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/escaping.h"
#include "base/crypto/hmac.h"
#include "tests/support/certificates.h"
#include "tests/support/rpc_text_service.h"
#include "tests/support/sample_values.h"
#include "tests/support/tls_client.h"

namespace otpgate::rpc {
namespace {

using ::otpgate::support::StringValue;
using support::CallMethod;
using support::CertificateAuthority;
using support::CertifiedKey;
using support::MountedSecret;
using support::NewChannel;
using support::RpcServer;
using support::ShakeHands;
using support::Text;
using support::TextMethod;
using support::TlsClient;
using ::testing::HasSubstr;

using support::kSecret;

class TlsServerTest : public ::testing::Test {
 protected:
  TlsServerTest()
      : own_(authority_.Issue("DNS:localhost,IP:127.0.0.1")), secret_(own_, authority_.pem()) {}

  void Start(ClientCertificates mode) {
    ServerOptions options;
    options.tls = {secret_.path(), mode};
    server_ = std::make_unique<support::RpcServer>(Methods(), options, TwoCallers());
  }

  static std::vector<UnaryMethod> Methods() {
    return {support::TextMethod([](const CallInfo& info, const StringValue&,
                                   support::TextDone done) { done(Text(info.caller->id())); })};
  }

  static Callers TwoCallers() {
    return *Callers::Create(
        {{.id = "orders", .methods = {"*"}, .san = "spiffe://example.com/orders"},
         {.id = "billing",
          .secret_mac = crypto::HmacSha256("billing", support::kSecret),
          .methods = {"*"},
          .san = "billing.example.com"}},
        Callers::WithoutCredentials::kRefused);
  }

  // The caller the server sees, or the name of the status.
  std::string Call(const std::shared_ptr<grpc::Channel>& channel, bool with_secret = false) const {
    grpc::ClientContext context;
    if (with_secret) {
      context.AddMetadata(
          "x-otpgate-client-authorization",
          "Basic " + absl::Base64Escape(absl::StrCat("billing:", support::kSecret)));
    }
    StringValue caller;
    const grpc::Status status =
        support::CallMethod(channel, support::kEcho, context, Text("x"), &caller);
    if (status.ok()) return caller.value();
    return absl::StatusCodeToString(static_cast<absl::StatusCode>(status.error_code()));
  }

  std::string CallWith(const support::TlsClient& client, bool with_secret = false) const {
    return Call(NewChannel(server_->server().ports()[0], client), with_secret);
  }
  support::TlsClient Client(const std::string& names) const {
    return {authority_.pem(), authority_.Issue(names)};
  }

  const support::CertificateAuthority authority_;
  const support::CertificateAuthority stranger_;
  const support::CertifiedKey own_;
  support::MountedSecret secret_;
  std::unique_ptr<support::RpcServer> server_;
};

TEST_F(TlsServerTest, M1_TlsIsTheOnlyWayIn) {
  Start(ClientCertificates::kOff);
  EXPECT_EQ(CallWith({authority_.pem()}, true), "billing");
  EXPECT_EQ(Call(NewChannel(server_->server().ports()[0]), true), "UNAVAILABLE");
  EXPECT_EQ(CallWith({stranger_.pem()}, true), "UNAVAILABLE");  // the client's refusal
}

TEST_F(TlsServerTest, WithoutClientCertificatesNoneIdentifies) {
  Start(ClientCertificates::kOff);
  EXPECT_EQ(CallWith(Client("URI:spiffe://example.com/orders")), "UNAUTHENTICATED");
}

TEST_F(TlsServerTest, M1_RequiredMeansRequired) {
  Start(ClientCertificates::kRequired);
  EXPECT_EQ(CallWith({authority_.pem()}, true), "UNAVAILABLE");
  EXPECT_EQ(CallWith(Client("DNS:somebody.example.com"), true), "billing");
}

TEST_F(TlsServerTest, M1_AStrangersCertificateOpensNothing) {
  for (const auto mode : {ClientCertificates::kOptional, ClientCertificates::kRequired}) {
    Start(mode);
    const support::TlsClient client = {authority_.pem(),
                                       stranger_.Issue("URI:spiffe://example.com/orders")};
    EXPECT_EQ(CallWith(client), "UNAVAILABLE");
    EXPECT_EQ(CallWith(client, true), "UNAVAILABLE");
  }
}

TEST_F(TlsServerTest, M1_TheNameInTheCertificateIsTheCaller) {
  Start(ClientCertificates::kOptional);
  EXPECT_EQ(CallWith(Client("URI:spiffe://example.com/orders")), "orders");
  EXPECT_EQ(CallWith(Client("DNS:x.example.com,DNS:billing.example.com")), "billing");
  EXPECT_EQ(CallWith({authority_.pem()}), "UNAUTHENTICATED");
  EXPECT_EQ(CallWith({authority_.pem()}, true), "billing");
}

TEST_F(TlsServerTest, NoOtherNameIs) {
  Start(ClientCertificates::kRequired);
  for (const char* names :
       {"URI:spiffe://example.com/orders2", "URI:spiffe://example.com/orders/", "DNS:orders",
        "DNS:*.example.com", "DNS:a.billing.example.com", "DNS:BILLING.example.com",
        "URI:billing.example.com", "email:billing@billing.example.com", "IP:127.0.0.1"}) {
    EXPECT_EQ(CallWith(Client(names)), "UNAUTHENTICATED") << names;
  }
}

TEST_F(TlsServerTest, SecretAndNameMustAgree) {
  Start(ClientCertificates::kOptional);
  EXPECT_EQ(CallWith(Client("DNS:billing.example.com"), true), "billing");
  EXPECT_EQ(CallWith(Client("URI:spiffe://example.com/orders"), true), "UNAUTHENTICATED");
  EXPECT_EQ(CallWith(Client("URI:spiffe://example.com/orders,DNS:billing.example.com")),
            "UNAUTHENTICATED");
}

TEST_F(TlsServerTest, M1_TlsBeforeVersion1_2IsRefused) {
  Start(ClientCertificates::kOff);
  const int port = server_->server().ports()[0];
  // gRPC hangs up without an alert.
  EXPECT_THAT(support::ShakeHands(port, "-tls1_1"), HasSubstr("unexpected eof"));
  EXPECT_THAT(support::ShakeHands(port, "-tls1_2"), HasSubstr("Protocol version: TLSv1.2"));
  EXPECT_THAT(support::ShakeHands(port, "-tls1_3"), HasSubstr("Protocol version: TLSv1.3"));
}

}  // namespace
}  // namespace otpgate::rpc
