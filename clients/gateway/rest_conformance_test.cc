// Sends the requests of testdata/rest_conformance.txt, byte by byte as they stand there, over a
// socket to a gateway with a backend inside the test. Also checks what holds for every response.

#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "clients/gateway/gateway.h"
#include "clients/gateway/http/server.h"
#include "clients/gateway/http/test_client.h"
#include "clients/gateway/rest_row.h"
#include "clients/gateway/transcode/test_library.h"

namespace otpgate::gateway {

void PrintTo(const RestRow& row, std::ostream* out) { *out << row.title; }

namespace {

using ::google::protobuf::DescriptorPool;
using ::google::protobuf::Message;
using ::google::protobuf::MessageFactory;
using ::nlohmann::json;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

constexpr absl::Duration kCallTimeout = absl::Seconds(3);

// Answers every call with one reply, at once.
class OneReplyBackend final : public RpcBackend {
 public:
  OneReplyBackend(RpcReply reply, bool is_ready) : reply_(std::move(reply)), ready_(is_ready) {}

  void Call(RpcCall call, std::function<void(RpcReply)> done) override {
    {
      const absl::MutexLock lock(&mu_);
      calls_.push_back(std::move(call));
    }
    done(reply_);
  }
  bool ready() override { return ready_; }

  std::vector<RpcCall> calls() {
    const absl::MutexLock lock(&mu_);
    return calls_;
  }

 private:
  const RpcReply reply_;
  const bool ready_;
  absl::Mutex mu_;
  std::vector<RpcCall> calls_ ABSL_GUARDED_BY(mu_);
};

const Transcoder& RowTranscoder() {
  static const auto* transcoder = new Transcoder(*Transcoder::Create(TestServices()));
  return *transcoder;
}

// A gateway for one row.
class RowGateway {
 public:
  explicit RowGateway(const RestRow& row)
      : backend(row.reply, row.ready),
        gateway_({.trusted_proxies = row.trusted_proxies,
                  .call_timeout = kCallTimeout,
                  .caller_authorization = "Basic Z2F0ZXdheTpz",
                  .issuer = "https://auth.example.com"},
                 row.has_origins ? *Cors::Create({"https://app.example.com"}) : Cors(),
                 &RowTranscoder(), &backend, &metrics_),
        http_(*HttpServer::Start({.address = "127.0.0.1:0", .threads = 1}, &gateway_)) {}

  int port() const { return http_->port(); }

  OneReplyBackend backend;

 private:
  GatewayMetrics metrics_;
  Gateway gateway_;
  std::unique_ptr<HttpServer> http_;
};

using Headers = std::map<std::string, std::string>;

// By name in lower case. A name that comes twice fails the test.
Headers HeadersOf(const ReceivedResponse& response) {
  Headers headers;
  std::vector<std::string> lines = absl::StrSplit(response.head, "\r\n");
  for (auto line = lines.begin() + 1; line != lines.end() && !line->empty(); ++line) {
    EXPECT_THAT(*line, MatchesRegex("[!#$%&'*+.^_`|~0-9A-Za-z-]+: [^\r\n]+"));
    const std::pair<std::string, std::string> parts =
        absl::StrSplit(*line, absl::MaxSplits(": ", 1));
    EXPECT_TRUE(headers.emplace(absl::AsciiStrToLower(parts.first), parts.second).second)
        << parts.first << " comes twice";
  }
  return headers;
}

// What every response has, and what none has.
void CheckCommonHeaders(int status, const Headers& headers) {
  absl::Time date;
  std::string problem;
  EXPECT_TRUE(absl::ParseTime("%a, %d %b %Y %H:%M:%S GMT", headers.at("date"), &date, &problem))
      << problem;
  EXPECT_THAT(headers.at("x-request-id"), MatchesRegex("[A-Za-z0-9._-]{1,128}"));
  EXPECT_EQ(headers.at("x-content-type-options"), "nosniff");
  EXPECT_EQ(headers.at("content-security-policy"), "default-src 'none'; frame-ancestors 'none'");
  EXPECT_EQ(headers.at("referrer-policy"), "no-referrer");
  const bool stored = (status == 200 || status == 304) && headers.contains("etag");
  EXPECT_EQ(headers.at("cache-control"), stored ? "public, max-age=600" : "no-store");
  for (const char* name : {"server", "x-powered-by", "location", "transfer-encoding", "set-cookie",
                           "strict-transport-security"}) {
    EXPECT_FALSE(headers.contains(name)) << name;
  }
}

// RFC 9110: 8.6, 10.2.1, 11.6.1; RFC 6750, 3; RFC 6585, 4.
void CheckHeadersOfStatus(int status, const Headers& headers) {
  EXPECT_EQ(headers.contains("content-length"), status != 204 && status != 304);
  EXPECT_EQ(headers.contains("www-authenticate"), status == 401);
  EXPECT_TRUE(status < 300 || status == 304 || status >= 400);
  if (status == 401) {
    EXPECT_THAT(headers.at("www-authenticate"), MatchesRegex("(Bearer|Basic) realm=\"otpgate\".*"));
  }
  if (status == 405) {
    EXPECT_THAT(headers.at("allow"), MatchesRegex("[A-Z]+(, [A-Z]+)*"));
  }
  int64_t wait = 0;
  if (headers.contains("retry-after")) {
    EXPECT_TRUE(absl::SimpleAtoi(headers.at("retry-after"), &wait) && wait > 0);
  }
}

// Every error has a body that a program can read: google.rpc.Status, RFC 9457, or RFC 6749, 5.2.
void CheckError(const ReceivedResponse& response, const std::string& type) {
  EXPECT_THAT(response.body, Not(HasSubstr("s3cret")));
  const json body = json::parse(response.body, nullptr, /*allow_exceptions=*/false);
  ASSERT_TRUE(body.is_object()) << response.body;
  if (body.contains("error")) {
    EXPECT_EQ(type, "application/json");
    EXPECT_THAT(body.value("error", ""), MatchesRegex("[a-z_]+"));
    return;
  }
  EXPECT_GT(body.value("code", 0), 0);
  EXPECT_TRUE(body.contains("details"));
  if (type == "application/problem+json") {
    EXPECT_EQ(body.value("status", 0), response.status);
    EXPECT_NE(body.value("type", ""), "");
    EXPECT_NE(body.value("title", ""), "");
    EXPECT_NE(body.value("detail", ""), "");
  } else {
    EXPECT_EQ(type, "application/json");
    EXPECT_NE(body.value("message", ""), "");
  }
}

void CheckBody(const RestRow& row, const ReceivedResponse& response, const Headers& headers) {
  if (row.body) {
    EXPECT_EQ(response.body, *row.body);
  }
  for (const std::string& part : row.parts) EXPECT_THAT(response.body, HasSubstr(part));
  const auto type = headers.find("content-type");
  EXPECT_EQ(type != headers.end(),
            headers.contains("content-length") && headers.at("content-length") != "0");
  const bool health = type != headers.end() && type->second == "text/plain";
  if (response.status >= 400 && !row.head_request && !health) {
    CheckError(response, type->second);
  }
}

void CheckRowHeaders(const RestRow& row, const Headers& headers) {
  for (const auto& [name, value] : row.headers) {
    const auto found = headers.find(absl::AsciiStrToLower(name));
    if (found == headers.end()) {
      ADD_FAILURE() << "no " << name;
    } else if (value != "*") {
      EXPECT_EQ(found->second, value) << name;
    }
  }
  for (const std::string& name : row.no_headers) {
    EXPECT_FALSE(headers.contains(absl::AsciiStrToLower(name))) << name;
  }
}

// Whoever reads the bytes by the RFC sees one request: the next one on the connection begins where
// this one ended, or the connection ends.
void CheckEndOfRequest(TestClient& client, const Headers& headers) {
  if (headers.contains("connection") && headers.at("connection") == "close") {
    EXPECT_TRUE(client.SeesEnd());
    return;
  }
  const ReceivedResponse next = client.Ask("GET /healthz HTTP/1.1\r\nHost: gateway\r\n\r\n");
  EXPECT_EQ(next.status, 200);
  EXPECT_EQ(next.body, "ok\n");
}

// The message of a call as JSON. A request_id that the row does not name is the gateway's own.
std::string MessageOf(const RpcCall& call, const RestRow& row) {
  const std::string name = absl::StrReplaceAll(call.path.substr(1), {{"/", "."}});
  const auto* method = DescriptorPool::generated_pool()->FindMethodByName(name);
  const auto* prototype = MessageFactory::generated_factory()->GetPrototype(method->input_type());
  const std::unique_ptr<Message> message(prototype->New());
  EXPECT_TRUE(message->ParseFromString(call.message));
  const auto* id = method->input_type()->FindFieldByName("request_id");
  if (id != nullptr && !absl::StrContains(row.message, "requestId")) {
    EXPECT_EQ(message->GetReflection()->GetString(*message, id).size(), 36U);
    message->GetReflection()->ClearField(message.get(), id);
  }
  std::string text;
  EXPECT_TRUE(google::protobuf::util::MessageToJsonString(*message, &text).ok());
  return text;
}

// Nothing but this is told to the server, whatever the client sent.
void CheckMetadata(const Metadata& metadata, const RestRow& row) {
  std::map<std::string, std::string> told;
  for (const auto& [name, value] : metadata) {
    EXPECT_TRUE(told.emplace(name, value).second) << name << " comes twice";
    EXPECT_THAT(name,
                AnyOf("authorization", "accept-language", "traceparent", "tracestate",
                      "x-otpgate-client-ip", "x-otpgate-client-authorization", "x-request-id"));
  }
  std::vector<RestRow::Header> wanted = row.metadata;
  wanted.emplace_back("x-request-id", "*");
  wanted.emplace_back("x-otpgate-client-ip", "*");
  wanted.emplace_back("x-otpgate-client-authorization", "*");
  for (const auto& [name, value] : wanted) {
    if (!told.contains(name)) {
      ADD_FAILURE() << "the server is not told " << name;
    } else if (value != "*") {
      EXPECT_EQ(told.at(name), value) << name;
    }
  }
  for (const std::string& name : row.no_metadata) EXPECT_FALSE(told.contains(name)) << name;
}

void CheckCalls(const std::vector<RpcCall>& calls, const RestRow& row) {
  ASSERT_EQ(calls.size(), row.call.empty() ? 0U : 1U);
  if (calls.empty()) return;
  EXPECT_EQ(calls[0].path, row.call);
  EXPECT_EQ(MessageOf(calls[0], row), row.message);
  EXPECT_EQ(calls[0].timeout, kCallTimeout);
  CheckMetadata(calls[0].metadata, row);
}

class RestConformance : public ::testing::TestWithParam<RestRow> {};

TEST_P(RestConformance, D5_D7_L1_L3_L4_L6_L7_L9_IsAsTheTableSays) {
  const RestRow& row = GetParam();
  RowGateway gateway(row);
  TestClient client(gateway.port());
  ASSERT_TRUE(client.Send(row.request));
  const ReceivedResponse response = client.Receive(row.head_request);
  ASSERT_EQ(response.status, row.status) << response.head << response.body;
  const Headers headers = HeadersOf(response);
  CheckCommonHeaders(response.status, headers);
  CheckHeadersOfStatus(response.status, headers);
  CheckRowHeaders(row, headers);
  CheckBody(row, response, headers);
  CheckEndOfRequest(client, headers);
  CheckCalls(gateway.backend.calls(), row);
  if (HasFailure()) ADD_FAILURE() << response.head << response.body;
}

std::vector<RestRow> Rows() { return ReadRestRows(OTPGATE_TESTDATA "/rest_conformance.txt"); }

INSTANTIATE_TEST_SUITE_P(All, RestConformance, ::testing::ValuesIn(Rows()));

TEST(RestConformanceTable, HasManyRowsAndReachesEveryMethodOfTheApi) {
  std::set<std::string> reached;
  for (const RestRow& row : Rows()) {
    if (row.status == 200) reached.insert(row.call);
  }
  EXPECT_GE(Rows().size(), 200U);
  for (const Binding& binding : RowTranscoder().routes().bindings()) {
    if (absl::StartsWith(binding.grpc_path, "/otpgate.v1.")) {
      EXPECT_TRUE(reached.contains(binding.grpc_path)) << binding.grpc_path;
    }
  }
}

}  // namespace
}  // namespace otpgate::gateway
