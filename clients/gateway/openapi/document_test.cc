#include "clients/gateway/openapi/document.h"

#include <gmock/gmock.h>

#include <functional>
#include <map>
#include <set>

#include "absl/strings/match.h"
#include "clients/gateway/openapi/test_protos.h"
#include "clients/gateway/services.h"
#include "clients/gateway/transcode/route_table.h"

namespace otpgate::gateway {
namespace {

using google::protobuf::ServiceDescriptor;
using nlohmann::ordered_json;

using Services = std::vector<const ServiceDescriptor*>;

ordered_json Document(const Services& services) {
  const auto document = OpenApiOf(services, {.title = "t", .version = "1"});
  EXPECT_TRUE(document.ok()) << document.status();
  return document.value_or(ordered_json());
}

// Calls `visit` for each value in `json`, with its key ("" in lists).
void Walk(const ordered_json& json,
          const std::function<void(const std::string&, const ordered_json&)>& visit) {
  if (!json.is_structured()) return;
  for (const auto& [key, value] : json.items()) {
    visit(json.is_object() ? key : "", value);
    Walk(value, visit);
  }
}

void ExpectWellFormed(const ordered_json& document) {
  std::set<std::string> ids;
  Walk(document, [&](const std::string& key, const ordered_json& value) {
    if (key == "$ref") {
      const std::string to = value.get<std::string>();
      EXPECT_TRUE(absl::StartsWith(to, "#/")) << to;
      EXPECT_TRUE(document.contains(ordered_json::json_pointer(to.substr(1)))) << to;
    } else if (key == "description" && value.is_string()) {
      EXPECT_FALSE(value.get<std::string>().empty());
      EXPECT_FALSE(absl::StrContains(value.get<std::string>(),
                                     "TO"
                                     "DO"))
          << value;
    } else if (key == "operationId") {
      EXPECT_TRUE(ids.insert(value.get<std::string>()).second) << value;
    }
  });
}

// The API itself.
class ApiDocumentTest : public ::testing::Test {
 protected:
  ApiDocumentTest() {
    for (const ServiceDescriptor* service : PublicServices()) {
      services_.push_back(protos_.pool().FindServiceByName(service->full_name()));
    }
    const ApiInfo info{.title = "otpgate",
                       .version = "1.2.3",
                       .reasons = protos_.pool().FindEnumTypeByName("otpgate.v1.ErrorReason")};
    document_ = *OpenApiOf(services_, info);
  }

  ordered_json Operation(const std::string& id) const {
    for (const auto& [path, methods] : document_["paths"].items()) {
      for (const auto& [method, operation] : methods.items()) {
        if (operation["operationId"] == id) return operation;
      }
    }
    ADD_FAILURE() << "no operation " << id;
    return {};
  }
  ordered_json Schema(const std::string& name) const {
    return document_["components"]["schemas"][name];
  }

  const TestProtos protos_{OTPGATE_DESCRIPTOR_SET};
  Services services_;
  ordered_json document_;
};

TEST_F(ApiDocumentTest, ReferencesLeadSomewhereAndIdsAreUnique) { ExpectWellFormed(document_); }

TEST_F(ApiDocumentTest, EveryBindingIsAnOperation) {
  const RouteTable routes = *RouteTable::Create(services_);
  size_t operations = 0;
  for (const auto& [path, methods] : document_["paths"].items()) operations += methods.size();
  EXPECT_EQ(operations, routes.bindings().size());
  for (const Binding& binding : routes.bindings()) {
    const ordered_json operation = Operation(binding.method->name());
    EXPECT_FALSE(operation["summary"].get<std::string>().empty());
    EXPECT_EQ(operation["tags"].dump(), R"(["AuthService"])");
    EXPECT_EQ(operation.contains("requestBody"), binding.takes_body());
    EXPECT_TRUE(operation["responses"].contains("default"));
  }
}

TEST_F(ApiDocumentTest, TheSameServicesGiveTheSameBytes) {
  EXPECT_EQ(Document(services_).dump(), Document(services_).dump());
}

TEST_F(ApiDocumentTest, EveryFieldHasADescription) {
  for (const auto& [name, schema] : document_["components"]["schemas"].items()) {
    if (!schema.contains("properties") || name == "Problem" || name == "Status") continue;
    EXPECT_TRUE(schema.contains("description")) << name;
    for (const auto& [field, property] : schema["properties"].items()) {
      EXPECT_TRUE(property.contains("description")) << name << "." << field;
    }
  }
}

TEST_F(ApiDocumentTest, MethodsOfAnAccountNeedItsToken) {
  constexpr char kRequired[] = R"([{"bearer":[]}])";
  constexpr char kOptional[] = R"([{},{"bearer":[]}])";
  constexpr char kNone[] = "[]";
  const std::map<std::string, std::string> expected = {{"RequestOtp", kOptional},
                                                       {"ResendOtp", kNone},
                                                       {"VerifyOtp", kOptional},
                                                       {"RefreshToken", kNone},
                                                       {"RevokeToken", kNone},
                                                       {"IntrospectToken", kNone},
                                                       {"ListSessions", kRequired},
                                                       {"RevokeSession", kRequired},
                                                       {"RevokeAllSessions", kRequired},
                                                       {"GetCurrentUser", kRequired},
                                                       {"GetJwks", kNone}};
  for (const auto& [id, security] : expected) {
    EXPECT_EQ(Operation(id)["security"].dump(), security) << id;
  }
}

TEST_F(ApiDocumentTest, RequiredFieldsAreThoseOfTheComments) {
  EXPECT_EQ(Schema("RequestOtpRequest")["required"].dump(), R"(["identifier"])");
  EXPECT_EQ(Schema("VerifyOtpRequest")["required"].dump(), R"(["handle","code"])");
  EXPECT_EQ(Operation("RequestOtp")["requestBody"]["required"], true);
  EXPECT_EQ(Operation("RevokeAllSessions")["requestBody"]["required"], false);
}

TEST_F(ApiDocumentTest, AMethodWithARequestIdTakesAnIdempotencyKey) {
  constexpr char kKey[] = R"([{"$ref":"#/components/parameters/IdempotencyKey"}])";
  EXPECT_EQ(Operation("VerifyOtp")["parameters"].dump(), kKey);
  EXPECT_FALSE(Operation("RevokeToken").contains("parameters"));
}

TEST_F(ApiDocumentTest, WhatMayBeCachedSaysSo) {
  const ordered_json responses = Operation("GetJwks")["responses"];
  EXPECT_TRUE(responses.contains("304"));
  EXPECT_EQ(responses["200"]["headers"]["Cache-Control"]["description"], "`public, max-age=600`");
  EXPECT_FALSE(Operation("GetCurrentUser")["responses"].contains("304"));
}

TEST_F(ApiDocumentTest, ReasonsAreListedWithoutTheirPrefix) {
  const std::string text = Schema("ErrorReason")["description"].get<std::string>();
  EXPECT_THAT(text, ::testing::HasSubstr("* `OTP_INVALID`: "));
}

// Rules that the API does not use.
class TestDocumentTest : public ::testing::Test {
 protected:
  const TestProtos protos_;
};

TEST_F(TestDocumentTest, AllRulesOfTheTranscoderAreDescribed) {
  const ordered_json document =
      Document({protos_.pool().FindServiceByName("otpgate.gateway_test.Library")});
  ExpectWellFormed(document);
  const ordered_json& paths = document["paths"];
  // PURGE and "*" have no name in OpenAPI.
  EXPECT_FALSE(paths.contains("/v1/any/{id}"));
  EXPECT_TRUE(paths.contains("/v1/shelves/{name}/books/{name.2}"));
  EXPECT_EQ(
      paths["/v1/books/{name}:tag"]["post"]["requestBody"]["content"]["application/json"]["schema"]
          .dump(),
      R"({"type":"array","items":{"type":"string"}})");
  const auto reply = [&](const char* path) {
    return paths[path]["get"]["responses"]["200"]["content"]["application/json"]["schema"].dump();
  };
  EXPECT_EQ(reply("/v1/shelves/{id}/books"),
            R"({"type":"array","items":{"$ref":"#/components/schemas/Book"}})");
  EXPECT_EQ(reply("/v1/shelves/{id}/books:newest"), R"({"$ref":"#/components/schemas/Book"})");
  EXPECT_EQ(reply("/v1/shelves/{id}/books:count"), R"({"type":"string","format":"int64"})");
  EXPECT_EQ(paths["/v1/shelves/{id}/books"]["get"]["parameters"].back().dump(),
            R"({"name":"page","in":"query","schema":{"type":"integer","format":"int32"}})");
}

TEST_F(TestDocumentTest, AnOperationHasItsOwnId) {
  const ordered_json document =
      Document({protos_.service("Shapes"), protos_.service("MoreShapes")});
  ExpectWellFormed(document);
  const ordered_json& paths = document["paths"];
  EXPECT_EQ(paths["/v1/shapes"]["post"]["operationId"], "Draw");
  EXPECT_EQ(paths["/v1/shapes/{note}"]["put"]["operationId"], "Draw_2");
  EXPECT_EQ(paths["/v1/shapes"]["get"]["operationId"], "Draw_3");
  EXPECT_EQ(paths["/v2/shapes"]["post"]["operationId"], "MoreShapes_Draw");
}

TEST_F(TestDocumentTest, TextsAndMarksComeFromTheProto) {
  const ordered_json draw = Document({protos_.service("Shapes")})["paths"]["/v1/shapes"]["post"];
  EXPECT_EQ(draw["summary"], "Draws");
  EXPECT_EQ(draw["description"], "Draws. It takes\nits time.");
  EXPECT_EQ(draw["deprecated"], true);
}

TEST_F(TestDocumentTest, ABodyHasNotWhatThePathHas) {
  const ordered_json draw =
      Document({protos_.service("Shapes")})["paths"]["/v1/shapes/{note}"]["put"];
  const ordered_json& body = draw["requestBody"];
  EXPECT_EQ(body["required"], false);
  EXPECT_FALSE(body["content"]["application/json"]["schema"]["properties"].contains("note"));
}

TEST_F(TestDocumentTest, AQueryHasFieldsWithinMessages) {
  const ordered_json draw = Document({protos_.service("Shapes")})["paths"]["/v1/shapes"]["get"];
  std::map<std::string, bool> required;
  for (const ordered_json& parameter : draw["parameters"]) {
    if (parameter.contains("name")) {
      required[parameter["name"].get<std::string>()] = parameter.contains("required");
    }
  }
  EXPECT_TRUE(required.at("note"));
  EXPECT_FALSE(required.at("shape.i32"));
  EXPECT_EQ(required.count("shape"), 0U);
  EXPECT_EQ(required.count("shape.parts"), 0U);
  EXPECT_EQ(required.count("shape.time"), 0U);
  EXPECT_EQ(required.count("shape.part.of.i32"), 0U);
}

TEST_F(TestDocumentTest, PathsThatOpenApiCannotTellApartAreRefused) {
  const Services services = {protos_.service("Ambiguous")};
  EXPECT_TRUE(absl::IsInvalidArgument(OpenApiOf(services, {}).status()));
}

TEST(DescriptorSetTest, OtherBytesAreRefused) {
  google::protobuf::DescriptorPool pool;
  EXPECT_TRUE(absl::IsInvalidArgument(BuildAll("\xFF\xFF", pool)));
}

}  // namespace
}  // namespace otpgate::gateway
