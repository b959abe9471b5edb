#include "clients/gateway/transcode/error_body.h"

#include <gmock/gmock.h>
#include <google/protobuf/timestamp.pb.h>
#include <google/rpc/code.pb.h>
#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>

#include <map>
#include <string>

#include "clients/gateway/transcode/http_codes.h"

namespace otpgate::gateway {
namespace {

using google::rpc::Code;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

google::rpc::ErrorInfo Info(const std::string& reason) {
  google::rpc::ErrorInfo info;
  info.set_reason(reason);
  info.set_domain("otpgate");
  return info;
}

google::rpc::RetryInfo Retry(int64_t seconds, int nanos) {
  google::rpc::RetryInfo retry;
  retry.mutable_retry_delay()->set_seconds(seconds);
  retry.mutable_retry_delay()->set_nanos(nanos);
  return retry;
}

google::rpc::QuotaFailure Quota(const std::string& name) {
  google::rpc::QuotaFailure quota;
  quota.add_violations()->set_subject(name);
  return quota;
}

// The answer to an error with these details, as the service sends them.
template <class... Details>
HttpError Answer(const ErrorStyle& style, int code, const Details&... details) {
  google::rpc::Status status;
  status.set_code(code);
  status.set_message("what happened");
  (status.add_details()->PackFrom(details), ...);
  const std::string bytes = status.SerializeAsString();
  return ErrorOf(RpcError{code, "what happened", bytes}, style);
}

TEST(HttpStatus, IsThatOfCodeProto) {
  const std::pair<int, int> table[] = {{0, 200},  {1, 499},  {2, 500},  {3, 400},  {4, 504},
                                       {5, 404},  {6, 409},  {7, 403},  {8, 429},  {9, 400},
                                       {10, 409}, {11, 400}, {12, 501}, {13, 500}, {14, 503},
                                       {15, 500}, {16, 401}, {-1, 500}, {17, 500}};
  for (const auto& [code, status] : table) EXPECT_EQ(HttpStatusOf(code), status) << code;
}

TEST(RpcErrors, ALimit) {
  const HttpError error = Answer({}, Code::RESOURCE_EXHAUSTED, Info("SEND_LIMIT"),
                                 Retry(411, 1'000'000), Quota("subject_sends"));
  EXPECT_EQ(error.status, 429);
  EXPECT_EQ(error.content_type, "application/json");
  EXPECT_EQ(error.body,
            R"({"code":8,"message":"what happened","details":[)"
            R"({"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"SEND_LIMIT",)"
            R"("domain":"otpgate","metadata":{}},)"
            R"({"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"411.001s"},)"
            R"({"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[)"
            R"({"subject":"subject_sends","description":""}]}]})");
  EXPECT_THAT(error.headers, ElementsAre(Pair("Retry-After", "412"),
                                         Pair("RateLimit", "\"subject_sends\";r=0;t=412")));
}

TEST(RpcErrors, ALimitTellsItsSizeWhereTheServiceDoes) {
  const auto policy = [](const std::map<std::string, std::string>& metadata) {
    google::rpc::ErrorInfo info = Info("SEND_LIMIT");
    info.mutable_metadata()->insert(metadata.begin(), metadata.end());
    for (const auto& [name, value] :
         Answer({}, Code::RESOURCE_EXHAUSTED, info, Retry(1, 0), Quota("a")).headers) {
      if (name == "RateLimit-Policy") return value;
    }
    return std::string("none");
  };
  EXPECT_EQ(policy({{"quota_limit", "3"}, {"quota_window_seconds", "900"}}), "\"a\";q=3;w=900");
  EXPECT_EQ(policy({{"quota_limit", "3"}}), "\"a\";q=3");
  EXPECT_EQ(policy({{"quota_window_seconds", "900"}}), "none");
  for (const char* limit : {"", "0", "-1", "3;w=1", "1e3", "1000000000000000"}) {
    EXPECT_EQ(policy({{"quota_limit", limit}}), "none") << limit;
  }
}

TEST(RpcErrors, TheReasonIsOnlyThatOfTheService) {
  google::rpc::Status status;
  status.add_details()->PackFrom(Info("SEND_LIMIT"));
  EXPECT_EQ(ReasonOf(RpcError{8, "", status.SerializeAsString()}), "SEND_LIMIT");
  EXPECT_EQ(ReasonOf(RpcError{8, "", ""}), "");
  EXPECT_EQ(ReasonOf(RpcError{8, "", "\xFF"}), "");
  google::rpc::ErrorInfo other = Info("SEND_LIMIT");
  other.set_domain("googleapis.com");
  status.clear_details();
  status.add_details()->PackFrom(other);
  EXPECT_EQ(ReasonOf(RpcError{8, "", status.SerializeAsString()}), "");
}

TEST(RpcErrors, ALimitAsProblem) {
  const HttpError error = Answer({.problem_json = true}, Code::RESOURCE_EXHAUSTED,
                                 Info("OVERLOADED"), Retry(0, 50'000'000));
  EXPECT_EQ(error.content_type, "application/problem+json");
  EXPECT_EQ(error.body,
            R"({"type":"urn:otpgate:reason:OVERLOADED","title":"Too Many Requests","status":429,)"
            R"("detail":"what happened","code":8,"reason":"OVERLOADED","details":[)"
            R"({"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"OVERLOADED",)"
            R"("domain":"otpgate","metadata":{}},)"
            R"({"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"0.050s"}]})");
  EXPECT_THAT(error.headers, ElementsAre(Pair("Retry-After", "1")));
}

TEST(RpcErrors, AReusedRequestIdIs422) {
  EXPECT_EQ(Answer({}, Code::FAILED_PRECONDITION, Info("REQUEST_ID_REUSED")).status, 422);
  EXPECT_EQ(Answer({}, Code::FAILED_PRECONDITION, Info("OTP_INVALID")).status, 400);
}

TEST(RpcErrors, UnauthenticatedAsksForAToken) {
  EXPECT_THAT(Answer({}, Code::UNAUTHENTICATED, Info("UNAUTHENTICATED")).headers,
              ElementsAre(Pair("WWW-Authenticate", R"(Bearer realm="otpgate")")));
  EXPECT_THAT(
      Answer({.token_sent = true}, Code::UNAUTHENTICATED, Info("UNAUTHENTICATED")).headers,
      ElementsAre(Pair("WWW-Authenticate", R"(Bearer realm="otpgate", error="invalid_token")")));
}

TEST(RpcErrors, WordsOfGrpcDoNotGoOut) {
  const RpcError lost{Code::UNAVAILABLE, "failed to connect to ipv4:10.0.0.1:8080", ""};
  EXPECT_EQ(ErrorOf(lost, {}).body,
            R"({"code":14,"message":"the service cannot be reached","details":[]})");
  EXPECT_EQ(ErrorOf(lost, {}).status, 503);
  EXPECT_EQ(ErrorOf(lost, {.problem_json = true}).body,
            R"({"type":"about:blank","title":"Service Unavailable","status":503,)"
            R"("detail":"the service cannot be reached","code":14,"details":[]})");
  EXPECT_EQ(ErrorOf(RpcError{99, "?", "\xff\xff"}, {}).body,
            R"({"code":99,"message":"internal error","details":[]})");
}

TEST(RpcErrors, DetailsThatAreNotForCallersAreDropped) {
  google::rpc::DebugInfo stack;
  stack.set_detail("at main");
  google::protobuf::Timestamp time;
  google::rpc::Status status;
  status.add_details()->PackFrom(stack);
  status.add_details()->PackFrom(time);
  status.add_details()->set_type_url("type.googleapis.com/google.rpc.Unheard");
  status.add_details()->set_type_url("nonsense");
  auto* broken = status.add_details();
  broken->set_type_url("type.googleapis.com/google.rpc.ErrorInfo");
  broken->set_value("\xff");
  status.add_details()->PackFrom(Info("INTERNAL"), "example.com/types");
  const std::string bytes = status.SerializeAsString();
  EXPECT_EQ(ErrorOf(RpcError{Code::INTERNAL, "internal error", bytes}, {}).body,
            R"({"code":13,"message":"internal error","details":[)"
            R"({"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"INTERNAL",)"
            R"("domain":"otpgate","metadata":{}}]})");
}

TEST(RpcErrors, NamesOfQuotasAreQuoted) {
  const auto headers = [](const std::string& name) {
    return Answer({}, Code::RESOURCE_EXHAUSTED, Retry(1, 0), Quota(name)).headers;
  };
  EXPECT_THAT(headers("a\"\\b"),
              ElementsAre(Pair("Retry-After", "1"), Pair("RateLimit", R"("a\"\\b";r=0;t=1)")));
  EXPECT_THAT(headers("a\r\nb"), ElementsAre(Pair("Retry-After", "1")));
}

TEST(Rejections, ViolationsAreAnInvalidRequest) {
  const Rejection rejection{400, "bad", {{"code", "must be a string"}}};
  const HttpError error = ErrorOf(rejection, {});
  EXPECT_EQ(error.status, 400);
  EXPECT_EQ(error.body,
            R"({"code":3,"message":"bad","details":[)"
            R"({"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"INVALID_REQUEST",)"
            R"("domain":"otpgate","metadata":{}},)"
            R"({"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[)"
            R"({"field":"code","description":"must be a string"}]}]})");
  EXPECT_THAT(error.headers, IsEmpty());
}

TEST(Rejections, OthersLookTheSame) {
  const HttpError error = ErrorOf(Rejection{405, "no", {}, {"GET", "HEAD"}}, {});
  EXPECT_EQ(error.status, 405);
  EXPECT_EQ(error.body, R"({"code":12,"message":"no","details":[]})");
  EXPECT_THAT(error.headers, ElementsAre(Pair("Allow", "GET, HEAD")));
  EXPECT_EQ(ErrorOf(Rejection{404, "no", {}}, {.problem_json = true}).body,
            R"({"type":"about:blank","title":"Not Found","status":404,"detail":"no","code":5,)"
            R"("details":[]})");
  EXPECT_EQ(ErrorOf(Rejection{413, "long", {}}, {}).body,
            R"({"code":3,"message":"long","details":[)"
            R"({"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"INVALID_REQUEST",)"
            R"("domain":"otpgate","metadata":{}}]})");
  for (int status : {400, 401, 403, 404, 405, 408, 409, 413, 415, 422, 429, 431, 500, 501, 503}) {
    EXPECT_EQ(ErrorOf(Rejection{status, "no", {}}, {}).status, status);
    EXPECT_FALSE(StatusTitle(status).empty());
  }
}

}  // namespace
}  // namespace otpgate::gateway
