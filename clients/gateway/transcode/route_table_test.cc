#include "clients/gateway/transcode/route_table.h"

#include <gmock/gmock.h>
#include <google/api/annotations.pb.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/text_format.h>

#include <functional>

#include "absl/strings/str_cat.h"
#include "clients/gateway/transcode/test_library.h"
#include "tests/support/status_matchers.h"

namespace otpgate::gateway {
namespace {

using google::protobuf::DescriptorPool;
using support::StatusIs;
using ::testing::HasSubstr;

RouteTable TestRoutes() { return *RouteTable::Create(TestServices()); }

// "Method value|value", or what else the lookup says.
std::string ShownLookup(const LookupResult& result) {
  if (std::holds_alternative<NotFound>(result)) return "not found";
  if (const auto* malformed = std::get_if<MalformedPath>(&result)) return malformed->description;
  std::string text;
  if (const auto* other = std::get_if<MethodNotAllowed>(&result)) {
    text = "allow";
    for (const std::string& method : other->allow) absl::StrAppend(&text, " ", method);
    return text;
  }
  const Match& match = std::get<Match>(result);
  text = match.binding->method->name();
  for (const std::string& value : match.values) absl::StrAppend(&text, " ", value);
  return text;
}

struct LookupCase {
  const char* method;
  const char* path;
  const char* result;
};

class RouteTableLookup : public ::testing::TestWithParam<LookupCase> {};

TEST_P(RouteTableLookup, FindsTheMethod) {
  static const RouteTable routes = TestRoutes();
  EXPECT_EQ(ShownLookup(routes.Lookup(GetParam().method, GetParam().path)), GetParam().result)
      << GetParam().method << " " << GetParam().path;
}

INSTANTIATE_TEST_SUITE_P(
    OwnApi, RouteTableLookup,
    ::testing::Values(LookupCase{"POST", "/v1/otp:request", "RequestOtp"},
                      LookupCase{"POST", "/v1/otp:verify", "VerifyOtp"},
                      LookupCase{"POST", "/v1/%6ftp:re%71uest", "RequestOtp"},
                      LookupCase{"POST", "/v1/otp%3Arequest", "not found"},
                      LookupCase{"POST", "/v1/otp:Request", "not found"},
                      LookupCase{"POST", "/V1/otp:request", "not found"},
                      LookupCase{"POST", "/v1/otp", "not found"},
                      LookupCase{"POST", "/v1/otp:", "not found"},
                      LookupCase{"POST", "/v1/otp:request/", "not found"},
                      LookupCase{"POST", "//v1/otp:request", "not found"},
                      LookupCase{"POST", "/v1/x/../otp:request",
                                 "must not have a segment \".\" or \"..\""},
                      LookupCase{"GET", "/v1/otp:request", "allow POST"},
                      LookupCase{"post", "/v1/otp:request", "allow POST"},
                      LookupCase{"OPTIONS", "/v1/sessions", "allow GET HEAD"},
                      LookupCase{"HEAD", "/v1/sessions", "ListSessions"},
                      LookupCase{"GET", "/.well-known/jwks.json", "GetJwks"},
                      LookupCase{"DELETE", "/v1/sessions/abc", "RevokeSession abc"},
                      LookupCase{"DELETE", "/v1/sessions/a:b", "RevokeSession a:b"},
                      LookupCase{"DELETE", "/v1/sessions/a%3Ab%2fc", "RevokeSession a:b/c"},
                      LookupCase{"DELETE", "/v1/sessions:revokeAll", "allow POST"},
                      LookupCase{"HEAD", "/v1/sessions/abc", "allow DELETE"}));

INSTANTIATE_TEST_SUITE_P(
    Library, RouteTableLookup,
    ::testing::Values(LookupCase{"GET", "/v1/shelves/1/books/2", "GetBook shelves/1/books/2"},
                      LookupCase{"PATCH", "/v1/shelves/1/books/2", "UpdateBook 1 2"},
                      LookupCase{"POST", "/v1/shelves/1/books/2", "allow GET HEAD PATCH PUT"},
                      LookupCase{"GET", "/v1/books/x", "GetBook x"},
                      LookupCase{"GET", "/v1/books/x:tag", "GetBook x:tag"},
                      LookupCase{"POST", "/v1/books/x:tag", "TagBook x"},
                      LookupCase{"PUT", "/v1/books/x:tag", "allow GET HEAD POST"},
                      LookupCase{"GET", "/v1/shelves/1/books:newest", "ListBooks 1"},
                      LookupCase{"GET", "/v1/shelves/1/books:other", "not found"},
                      LookupCase{"GET", "/v1/files/a/b%2fc", "GetFile a/b%2fc"},
                      LookupCase{"GET", "/v1/files/a:b", "GetFile a:b"},
                      LookupCase{"GET", "/v1/files", "GetFile "},
                      LookupCase{"PURGE", "/v1/shelves/7", "Purge 7"},
                      LookupCase{"GET", "/v1/shelves/7", "allow PURGE"},
                      LookupCase{"BREW", "/v1/any/7", "Purge 7"},
                      LookupCase{"POST", "/otpgate.gateway_test.Library/Hidden", "not found"}));

TEST(RouteTable, KnowsAllBindings) {
  const RouteTable routes = TestRoutes();
  const int own = TestServices().front()->method_count();
  EXPECT_EQ(routes.bindings().size(), static_cast<size_t>(own) + 13u);
  EXPECT_EQ(routes.bindings()[0].grpc_path, "/otpgate.v1.AuthService/RequestOtp");
  EXPECT_TRUE(routes.bindings()[0].whole_body);
}

// Builds a service with methods A and B, whose options and other properties are set by `change`,
// and makes a table of it.
absl::StatusOr<RouteTable> TableOf(
    const std::function<void(google::protobuf::ServiceDescriptorProto&)>& change) {
  google::protobuf::FileDescriptorProto file;
  file.set_name("bad.proto");
  file.set_package("bad");
  file.set_syntax("proto3");
  file.add_dependency("clients/gateway/transcode/testdata/library.proto");
  auto& service = *file.add_service();
  service.set_name("Bad");
  for (const char* name : {"A", "B"}) {
    auto& method = *service.add_method();
    method.set_name(name);
    method.set_input_type(".otpgate.gateway_test.Everything");
    method.set_output_type(".otpgate.gateway_test.Shelf");
  }
  change(service);
  // The options as the compiler leaves them.
  file.ParseFromString(file.SerializeAsString());
  DescriptorPool pool(DescriptorPool::generated_pool());
  const auto* built = pool.BuildFile(file);
  if (built == nullptr) return absl::InternalError("the file is wrong");
  return RouteTable::Create({built->service(0)});
}

absl::Status StatusOfRule(const char* rule) {
  return TableOf([rule](google::protobuf::ServiceDescriptorProto& service) {
           auto* http =
               service.mutable_method(1)->mutable_options()->MutableExtension(google::api::http);
           ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(rule, http));
         })
      .status();
}

TEST(BadAnnotation, AGoodOneIsFine) {
  EXPECT_OK(StatusOfRule(R"(post: "/a/{inner.text}" body: "texts" response_body: "books")"));
}

struct BadRule {
  const char* rule;
  const char* error;
};

class BadAnnotationTest : public ::testing::TestWithParam<BadRule> {};

TEST_P(BadAnnotationTest, NamesTheMethod) {
  const absl::Status status = StatusOfRule(GetParam().rule);
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument)) << GetParam().rule;
  EXPECT_EQ(status.message(), absl::StrCat("bad.Bad.B: ", GetParam().error));
}

INSTANTIATE_TEST_SUITE_P(
    All, BadAnnotationTest,
    ::testing::Values(
        BadRule{R"(body: "*")", "the rule has no HTTP method"},
        BadRule{R"(get: "a")", "the path template must begin with a slash"},
        BadRule{R"(get: "/{nope}")", "variable nope is not a field of the request"},
        BadRule{R"(get: "/{inner}")", "variable inner is a message, not a value"},
        BadRule{R"(get: "/{texts}")", "variable texts is repeated"},
        BadRule{R"(get: "/{inners.text}")", "variable inners.text lies within a repeated field"},
        BadRule{R"(get: "/{text.text}")", "variable text.text is not a field of the request"},
        BadRule{R"(get: "/a" body: "*")", "GET cannot have a body"},
        BadRule{R"(delete: "/a" body: "text")", "DELETE cannot have a body"},
        BadRule{R"(post: "/a" body: "nope")", "body nope is not a field"},
        BadRule{R"(post: "/{inner.text}" body: "inner")", "body inner is set by the path"},
        BadRule{R"(get: "/a" response_body: "nope")", "response_body nope is not a field"},
        BadRule{R"(custom { kind: "get" path: "/a" })",
                "the HTTP method must be of capital letters"},
        BadRule{R"(get: "/a" additional_bindings { get: "/a" })",
                "another rule has the same HTTP method and path"},
        BadRule{R"(get: "/{text}/x" additional_bindings { get: "/{flag}/x" })",
                "another rule has the same HTTP method and path"},
        BadRule{R"(get: "/a" additional_bindings { get: "/{nope}" })",
                "variable nope is not a field of the request"},
        BadRule{R"(get: "/a" additional_bindings { get: "/b" additional_bindings { get: "/c" } })",
                "additional_bindings within additional_bindings"}));

TEST(BadAnnotation, StreamsAreRefused) {
  const auto table = TableOf([](google::protobuf::ServiceDescriptorProto& service) {
    auto& method = *service.mutable_method(0);
    method.set_server_streaming(true);
    method.mutable_options()->MutableExtension(google::api::http)->set_get("/a");
  });
  EXPECT_THAT(table, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(std::string(table.status().message()), HasSubstr("bad.Bad.A: streaming"));
}

TEST(BadAnnotation, TwoServicesWithOneRouteAreRefused) {
  auto services = TestServices();
  services.push_back(services.front());
  EXPECT_THAT(RouteTable::Create(services), StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace otpgate::gateway
