// REST and gRPC agree: the same thousand generated calls, over gRPC to one deployment and over REST
// to another, have the same outcomes.
#include <google/api/annotations.pb.h>
#include <google/protobuf/util/json_util.h>
#include <grpcpp/client_context.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/gateway/transcode/http_codes.h"
#include "otpgate/client/error.h"
#include "tests/e2e/deployment.h"
#include "tests/e2e/rest_fixture.h"
#include "tests/support/grpc_call.h"

namespace otpgate::e2e {
namespace {

using ::google::protobuf::Message;
using ::nlohmann::json;

constexpr int kCalls = 1000;
constexpr int kPeople = 40;

json ToJson(const Message& message, bool with_defaults) {
  google::protobuf::util::JsonPrintOptions options;
  options.always_print_primitive_fields = with_defaults;
  std::string text;
  EXPECT_TRUE(google::protobuf::util::MessageToJsonString(message, &text, options).ok());
  return json::parse(text);
}

// What two deployments must have in common of a value: ids, tokens and times differ, but not
// whether they are there.
json ShapeOf(const json& value) {
  if (value.is_string()) return value.get<std::string>().empty() ? "" : "text";
  if (value.is_number()) return value != 0;
  if (!value.is_structured()) return value;
  json shape = value;
  for (json& member : shape) member = ShapeOf(member);
  return shape;
}

// What came of a call.
struct Outcome {
  int status = 0;  // of HTTP
  std::string reason;
  std::vector<std::string> fields;  // of violations, sorted
  int attempts_remaining = -1;
  json reply;

  json Comparable() const {
    return {{"status", status},
            {"reason", reason},
            {"fields", fields},
            {"attempts_remaining", attempts_remaining},
            {"reply", status == 200 ? ShapeOf(reply) : json()}};
  }
};

// A way to call the service.
class Way {
 public:
  virtual ~Way() = default;
  virtual Outcome Call(const std::string& method, const Message& request, Message* reply,
                       const std::string& token) = 0;
};

class GrpcWay final : public Way {
 public:
  explicit GrpcWay(int port) : channel_(support::NewChannel(port)) {}

  Outcome Call(const std::string& method, const Message& request, Message* reply,
               const std::string& token) override {
    grpc::ClientContext context;
    context.set_wait_for_ready(true);
    context.AddMetadata("x-otpgate-client-ip", "127.0.0.1");  // as the gateway says it
    if (!token.empty()) context.AddMetadata("authorization", "Bearer " + token);
    const grpc::Status status =
        support::CallMethod(channel_, "otpgate.v1.AuthService/" + method, context, request, reply);
    Outcome out;
    if (status.ok()) {
      out.status = 200;
      out.reply = ToJson(*reply, /*with_defaults=*/true);
      return out;
    }
    const client::Error error = client::ErrorOf(status);
    out.reason = error.reason_name;
    out.status = out.reason == "REQUEST_ID_REUSED"
                     ? 422
                     : gateway::HttpStatusOf(static_cast<int>(status.error_code()));
    for (const client::Violation& violation : error.violations) {
      out.fields.push_back(violation.field);
    }
    std::sort(out.fields.begin(), out.fields.end());
    out.attempts_remaining = error.attempts_remaining.value_or(-1);
    return out;
  }

 private:
  const std::shared_ptr<grpc::Channel> channel_;
};

class RestWay final : public Way {
 public:
  explicit RestWay(int port) : rest_(port) {}

  Outcome Call(const std::string& method, const Message& request, Message*,
               const std::string& token) override {
    const gateway::Binding& binding = BindingOf(method);
    json body = ToJson(request, /*with_defaults=*/false);
    std::string path = PathOf(*binding.method);
    if (const size_t open = path.find('{'); open != std::string::npos) {
      const std::string id = body.value("sessionId", "");
      path.replace(open, path.find('}') - open + 1, Escaped(id));
    }
    const std::string authorization =
        token.empty() ? "" : absl::StrCat("Authorization: Bearer ", token, "\r\n");
    return Read(rest_.Ask(binding.http_method, path, binding.takes_body() ? body.dump() : "",
                          authorization));
  }

 private:
  const gateway::Binding& BindingOf(const std::string& method) const {
    for (const gateway::Binding& binding : rest_.transcoder().routes().bindings()) {
      if (binding.method->name() == method) return binding;
    }
    ADD_FAILURE() << "no route to " << method;
    return rest_.transcoder().routes().bindings().front();
  }
  static std::string PathOf(const google::protobuf::MethodDescriptor& method) {
    const google::api::HttpRule& rule = method.options().GetExtension(google::api::http);
    return absl::StrCat(rule.get(), rule.post(), rule.delete_());
  }
  static std::string Escaped(const std::string& text) {
    std::string out;
    for (const char c : text) {
      absl::StrAppend(&out, "%", absl::Hex(static_cast<unsigned char>(c), absl::kZeroPad2));
    }
    return out;
  }
  static Outcome Read(const RestAnswer& answer) {
    Outcome out;
    out.status = answer.status;
    out.reply = answer.body;
    if (answer.status == 200) return out;
    for (const json& detail : answer.body.value("details", json::array())) {
      if (detail.contains("reason")) out.reason = detail["reason"];
      const json metadata = detail.value("metadata", json::object());
      if (metadata.contains("attempts_remaining")) {
        out.attempts_remaining = std::stoi(metadata["attempts_remaining"].get<std::string>());
      }
      for (const json& violation : detail.value("fieldViolations", json::array())) {
        out.fields.push_back(violation["field"]);
      }
    }
    std::sort(out.fields.begin(), out.fields.end());
    return out;
  }

  RestGateway rest_;
};

// One deployment and what its answers have given to use in later calls.
class Side {
 public:
  explicit Side(bool rest)
      : deployment_(
            {.servers = 1, .flags = {"--enable_rate_limit=false", "--limits.resend_cooldown=0s"}}) {
    const int port = deployment_.server(0).port();
    if (rest) {
      way_ = std::make_unique<RestWay>(port);
    } else {
      way_ = std::make_unique<GrpcWay>(port);
    }
  }

  // Makes one call that the random numbers choose.
  json Step(std::mt19937& random) {
    Person& person = people_[random() % kPeople];
    const auto who = static_cast<size_t>(&person - people_.data());
    switch (random() % 11) {
      case 0:
      case 1:
        return RequestOtp(random, person, who);
      case 2:
        return ResendOtp(random, person);
      case 3:
      case 4:
        return VerifyOtp(random, person);
      case 5:
        return Refresh(random, person);
      case 6:
        return WithToken<v1::IntrospectTokenRequest, v1::IntrospectTokenResponse>("IntrospectToken",
                                                                                  random, person);
      case 7:
        return WithToken<v1::RevokeTokenRequest, v1::RevokeTokenResponse>("RevokeToken", random,
                                                                          person);
      case 8:
        return RevokeSession(random, person);
      case 9:
        return AsUser(random, person);
      default:
        return Call("GetJwks", v1::GetJwksRequest(), v1::GetJwksResponse(), "");
    }
  }

 private:
  struct Person {
    std::string handle, code, access_token, refresh_token, session_id;
  };

  template <class Reply>
  json Call(const std::string& method, const Message& request, Reply reply,
            const std::string& token) {
    last_ = way_->Call(method, request, &reply, token);
    json out = last_.Comparable();
    out["method"] = method;
    return out;
  }
  std::string Get(const char* member) const {
    return last_.status == 200 ? last_.reply.value(member, "") : "";
  }
  static std::string OneOf(std::mt19937& random, const std::vector<std::string>& choices) {
    return choices[random() % choices.size()];
  }

  json RequestOtp(std::mt19937& random, Person& person, size_t who) {
    v1::RequestOtpRequest request;
    const std::string right = absl::StrCat("p", who, "@example.com");
    const std::string name =
        OneOf(random, {right, right, right, right, "", "no address", "a@b@c", "x@-.example"});
    if (random() % 8 == 0) {
      request.mutable_identifier()->set_phone_number(
          OneOf(random, {"+14155550123", "12", "+1 (415) 555-0124", ""}));
    } else {
      request.mutable_identifier()->set_email(name);
    }
    request.set_user_type(static_cast<v1::UserType>(random() % 3));
    if (random() % 6 == 0) request.set_purpose(static_cast<v1::Purpose>(random() % 5));
    request.set_locale(
        OneOf(random, {"", "", "en", "pt-BR", "not a language", std::string(36, 'a')}));
    request.set_request_id(OneOf(random, {"", "", "", "no uuid"}));
    const std::string token = random() % 4 == 0 ? person.access_token : "";
    json out = Call("RequestOtp", request, v1::RequestOtpResponse(), token);
    if (last_.status == 200) {
      person.handle = Get("handle");
      person.code = Get("developmentCode");
    }
    return out;
  }

  json ResendOtp(std::mt19937& random, Person& person) {
    v1::ResendOtpRequest request;
    request.set_handle(
        OneOf(random, {person.handle, person.handle, "", "x", std::string(2000, 'x')}));
    json out = Call("ResendOtp", request, v1::ResendOtpResponse(), "");
    if (last_.status == 200) {
      person.handle = Get("handle");
      person.code = Get("developmentCode");
    }
    return out;
  }

  json VerifyOtp(std::mt19937& random, Person& person) {
    v1::VerifyOtpRequest request;
    request.set_handle(random() % 8 == 0 ? "x" : person.handle);
    const std::string wrong = person.code.empty() ? "000000" : support::WrongCode(person.code);
    request.set_code(
        OneOf(random, {person.code, person.code, person.code, wrong, "", "12a456", "1"}));
    request.set_device_info(
        OneOf(random, {"", "Pixel 8", "\xC3\xA4", "a\nb", std::string(600, 'a')}));
    json out = Call("VerifyOtp", request, v1::VerifyOtpResponse(),
                    random() % 8 == 0 ? person.access_token : "");
    if (const std::string token = Get("accessToken"); !token.empty()) {
      person.access_token = token;
      person.refresh_token = Get("refreshToken");
      person.session_id = Get("sessionId");
    }
    return out;
  }

  json Refresh(std::mt19937& random, Person& person) {
    v1::RefreshTokenRequest request;
    request.set_refresh_token(
        OneOf(random, {person.refresh_token, person.refresh_token, "x", std::string(2000, 'x')}));
    json out = Call("RefreshToken", request, v1::RefreshTokenResponse(), "");
    if (const std::string token = Get("refreshToken"); !token.empty()) {
      person.refresh_token = token;
      person.access_token = Get("accessToken");
    }
    return out;
  }

  template <class Request, class Reply>
  json WithToken(const std::string& method, std::mt19937& random, const Person& person) {
    Request request;
    request.set_token(OneOf(
        random, {person.access_token, person.refresh_token, "x", "a.b.c", std::string(9000, 'x')}));
    return Call(method, request, Reply(), "");
  }

  json RevokeSession(std::mt19937& random, const Person& person) {
    v1::RevokeSessionRequest request;
    request.set_session_id(OneOf(random, {person.session_id.empty() ? "x" : person.session_id, "x",
                                          std::string(32, 'A'), "a/b?c=%", "\xC3\xA4"}));
    return Call("RevokeSession", request, v1::RevokeSessionResponse(),
                random() % 4 == 0 ? "x" : person.access_token);
  }

  json AsUser(std::mt19937& random, const Person& person) {
    const std::string token = random() % 4 == 0 ? "x" : person.access_token;
    switch (random() % 8) {
      case 0:
        return Call("RevokeAllSessions", v1::RevokeAllSessionsRequest(),
                    v1::RevokeAllSessionsResponse(), token);
      case 1:
      case 2:
      case 3:
        return Call("ListSessions", v1::ListSessionsRequest(), v1::ListSessionsResponse(), token);
      default:
        return Call("GetCurrentUser", v1::GetCurrentUserRequest(), v1::GetCurrentUserResponse(),
                    token);
    }
  }

  Deployment deployment_;
  std::unique_ptr<Way> way_;
  Outcome last_;
  std::vector<Person> people_{kPeople};
};

TEST(RestParityTest, L2_GeneratedCallsHaveTheSameOutcome) {
  Side grpc_side(/*rest=*/false), rest_side(/*rest=*/true);
  std::mt19937 grpc_random(20261201), rest_random(20261201);
  int succeeded = 0, refused = 0;
  for (int i = 0; i < kCalls; ++i) {
    const json by_grpc = grpc_side.Step(grpc_random);
    const json by_rest = rest_side.Step(rest_random);
    ASSERT_EQ(by_grpc, by_rest) << "call " << i;
    ++(by_grpc["status"] == 200 ? succeeded : refused);
  }
  // A comparison in which nothing works, or nothing fails, says little.
  EXPECT_GT(succeeded, kCalls / 4);
  EXPECT_GT(refused, kCalls / 4);
}

}  // namespace
}  // namespace otpgate::e2e
