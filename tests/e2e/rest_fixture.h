#ifndef OTPGATE_TESTS_E2E_REST_FIXTURE_H_
#define OTPGATE_TESTS_E2E_REST_FIXTURE_H_

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/gateway/gateway.h"
#include "clients/gateway/grpc_backend.h"
#include "clients/gateway/http/server.h"
#include "clients/gateway/http/test_client.h"
#include "clients/gateway/services.h"
#include "otpgate/client/channel.h"

namespace otpgate::e2e {

// A response whose body is JSON.
struct RestAnswer {
  int status = 0;
  std::string head;
  nlohmann::json body;
};

// A gateway in this process, in front of the server on a port of 127.0.0.1, and a client of it.
class RestGateway {
 public:
  explicit RestGateway(int server_port, gateway::GatewayOptions options = {},
                       gateway::Cors cors = {})
      : transcoder_(*gateway::Transcoder::Create(gateway::PublicServices())),
        backend_({*client::NewChannel({.target = absl::StrCat("127.0.0.1:", server_port)})}),
        gateway_(std::move(options), std::move(cors), &transcoder_, &backend_, &metrics_),
        http_(*gateway::HttpServer::Start({.address = "127.0.0.1:0"}, &gateway_)) {}

  // `headers`: lines that end with CRLF.
  RestAnswer Ask(const std::string& method, const std::string& path, const std::string& body = "",
                 const std::string& headers = "", const std::string& type = "application/json") {
    gateway::TestClient client(http_->port());
    const std::string content =
        body.empty()
            ? ""
            : absl::StrCat("Content-Type: ", type, "\r\nContent-Length: ", body.size(), "\r\n");
    const gateway::ReceivedResponse received = client.Ask(absl::StrCat(
        method, " ", path, " HTTP/1.1\r\nHost: a\r\n", headers, content, "\r\n", body));
    return {received.status, received.head,
            nlohmann::json::parse(received.body, nullptr, /*allow_exceptions=*/false)};
  }
  RestAnswer Post(const std::string& path, const nlohmann::json& body,
                  const std::string& headers = "") {
    return Ask("POST", path, body.dump(), headers);
  }

  RestAnswer PostForm(const std::string& path, const std::string& form,
                      const std::string& headers = "") {
    return Ask("POST", path, form, headers, "application/x-www-form-urlencoded");
  }

  const gateway::Transcoder& transcoder() const { return transcoder_; }

 private:
  const gateway::Transcoder transcoder_;
  gateway::GatewayMetrics metrics_;  // outlives the backend, whose end answers what is left
  gateway::GrpcBackend backend_;
  gateway::Gateway gateway_;
  std::unique_ptr<gateway::HttpServer> http_;
};

}  // namespace otpgate::e2e

#endif  // OTPGATE_TESTS_E2E_REST_FIXTURE_H_
