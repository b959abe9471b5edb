// The OAuth endpoints, used by libraries of others over TLS: node_client.js and python_client.py.
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/gateway/gateway.h"
#include "clients/gateway/grpc_backend.h"
#include "clients/gateway/http/server.h"
#include "clients/gateway/services.h"
#include "clients/gateway/tls_files.h"
#include "otpgate/client/channel.h"
#include "tests/e2e/caller_files.h"
#include "tests/e2e/deployment.h"
#include "tests/support/certificates.h"
#include "tests/support/npm_packages.h"
#include "tests/support/program.h"
#include "tests/support/temp_folder.h"

namespace otpgate::oauth_clients {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

// Hands requests to a gateway that is made later: the issuer of the tokens has the port of the HTTP
// server, and the server that the gateway calls has the issuer.
class LateHandler final : public gateway::HttpHandler {
 public:
  void Handle(gateway::HttpRequest request, gateway::Respond respond) override {
    handler_->Handle(std::move(request), std::move(respond));
  }
  gateway::HttpResponse Reject(int status, absl::string_view detail) override {
    return handler_->Reject(status, detail);
  }
  // Before the first request.
  void Set(gateway::HttpHandler* handler) { handler_ = handler; }

 private:
  gateway::HttpHandler* handler_ = nullptr;
};

class OAuthClientsTest : public ::testing::Test {
 protected:
  OAuthClientsTest()
      : tls_(NewTls()),
        http_(*gateway::HttpServer::Start({.address = "127.0.0.1:0"}, &late_, tls_.get())),
        issuer_(absl::StrCat("https://localhost:", http_->port())),
        callers_({{"kiosk"}, {"orders", false, "otpgate.v1.AuthService/IntrospectToken"}}),
        deployment_(
            {.servers = 1, .flags = {callers_.Flag(), absl::StrCat("--tokens.issuer=", issuer_)}}),
        transcoder_(*gateway::Transcoder::Create(gateway::PublicServices())),
        backend_({*client::NewChannel(
            {.target = absl::StrCat("127.0.0.1:", deployment_.server(0).port())})}),
        gateway_(OptionsOf(issuer_), gateway::Cors(), &transcoder_, &backend_, &metrics_) {
    late_.Set(&gateway_);
    folder_.Write("ca.pem", authority_.pem());
  }

  ~OAuthClientsTest() override { http_.reset(); }  // it calls the gateway

  std::unique_ptr<gateway::TlsFiles> NewTls() const {
    const support::CertifiedKey own = authority_.Issue("DNS:localhost");
    return *gateway::TlsFiles::Open(folder_.Write("tls.crt", own.chain),
                                    folder_.Write("tls.key", own.key));
  }
  static gateway::GatewayOptions OptionsOf(const std::string& issuer) {
    gateway::GatewayOptions options;
    options.issuer = issuer;
    return options;
  }

  // What the programs read: the tokens of an account that signed in at the service "kiosk".
  std::string Input() {
    const support::CallOptions kiosk{.caller = e2e::CallerFiles::HeaderOf("kiosk")};
    const auto asked = deployment_.client().RequestOtp("a@example.com", kiosk);
    const auto tokens =
        deployment_.client().VerifyOtp(asked.reply.handle(), asked.reply.development_code(), kiosk);
    EXPECT_TRUE(tokens.ok()) << tokens.message;
    const auto service = [](const char* id) {
      return json{{"id", id}, {"secret", e2e::CallerFiles::SecretOf(id)}};
    };
    return json{{"issuer", issuer_},
                {"audience", "otpgate"},
                {"client", service("kiosk")},
                {"resource", service("orders")},
                {"accessToken", tokens.reply.access_token()},
                {"refreshToken", tokens.reply.refresh_token()}}
        .dump();
  }

  // Runs a program to its end and checks in the database that it revoked the session.
  void ExpectUses(const std::vector<std::string>& program) {
    const support::ProgramResult result = support::RunProgram(
        program, {.environment = {{"NODE_EXTRA_CA_CERTS", folder_.Path("ca.pem")},
                                  {"REQUESTS_CA_BUNDLE", folder_.Path("ca.pem")},
                                  {"SSL_CERT_FILE", folder_.Path("ca.pem")}},
                  .input = Input()});
    EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
    EXPECT_TRUE(absl::StartsWith(result.out, "done for ")) << result.out;
    EXPECT_EQ(deployment_.database().Value(
                  "SELECT count(*) FROM sessions WHERE generation = 1 AND revoked_at IS NOT NULL"),
              "1");
  }

  const support::TempFolder folder_;
  const support::CertificateAuthority authority_;
  LateHandler late_;
  const std::unique_ptr<gateway::TlsFiles> tls_;
  std::unique_ptr<gateway::HttpServer> http_;
  const std::string issuer_;
  const e2e::CallerFiles callers_;
  e2e::Deployment deployment_;
  const gateway::Transcoder transcoder_;
  gateway::GatewayMetrics metrics_;  // outlives the backend, whose end answers what is left
  gateway::GrpcBackend backend_;
  gateway::Gateway gateway_;
};

TEST_F(OAuthClientsTest, LibrariesOfNodeUseTheEndpoints) {
  const std::string source = OTPGATE_OAUTH_CLIENTS;
  const std::string folder = OTPGATE_BUILD_DIR "/tests/oauth_clients/node";
  support::InstallNpmPackages(source, folder);
  fs::copy_file(source + "/node_client.js", folder + "/node_client.js",
                fs::copy_options::overwrite_existing);
  ExpectUses({"/usr/bin/env", "node", folder + "/node_client.js"});
}

TEST_F(OAuthClientsTest, LibrariesOfPythonUseTheEndpoints) {
  ExpectUses({"/usr/bin/python3", OTPGATE_OAUTH_CLIENTS "/python_client.py"});
}

}  // namespace
}  // namespace otpgate::oauth_clients
