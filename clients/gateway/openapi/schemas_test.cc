#include "clients/gateway/openapi/schemas.h"

#include <gmock/gmock.h>

#include "clients/gateway/openapi/test_protos.h"

namespace otpgate::gateway {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;
using ::testing::ElementsAre;
using ::testing::Key;

class SchemasTest : public ::testing::Test {
 protected:
  SchemasTest() : schemas_(*BindingsOf(*protos_.service("Shapes")->method(0)), {"Status"}) {}

  const TestProtos protos_;
  Schemas schemas_;
};

struct MappingCase {
  const char* field;
  const char* schema;
};

class MappingTest : public SchemasTest, public ::testing::WithParamInterface<MappingCase> {};

TEST_P(MappingTest, AFieldHasTheSchemaOfItsJson) {
  const auto* field = protos_.message("Shape").FindFieldByName(GetParam().field);
  EXPECT_EQ(json(schemas_.Field(*field, Direction::kResponse)), json::parse(GetParam().schema));
}

INSTANTIATE_TEST_SUITE_P(
    All, MappingTest,
    ::testing::Values(
        MappingCase{"flag", R"({"type": "boolean"})"},
        MappingCase{"i32", R"({"type": "integer", "format": "int32"})"},
        MappingCase{
            "u32",
            R"({"type": "integer", "format": "int64", "minimum": 0, "maximum": 4294967295})"},
        MappingCase{"i64", R"({"type": "string", "format": "int64"})"},
        MappingCase{"u64", R"({"type": "string", "format": "uint64"})"},
        MappingCase{"narrow", R"({"oneOf": [{"type": "number", "format": "float"},
            {"type": "string", "enum": ["NaN", "Infinity", "-Infinity"]}]})"},
        MappingCase{"blob", R"({"type": "string", "contentEncoding": "base64"})"},
        MappingCase{"look", R"({"$ref": "#/components/schemas/Look"})"},
        MappingCase{"part", R"({"$ref": "#/components/schemas/Shape.Part"})"},
        MappingCase{"parts",
                    R"({"type": "array", "items": {"$ref": "#/components/schemas/Shape.Part"}})"},
        MappingCase{"counts", R"({"type": "object",
            "additionalProperties": {"type": "string", "format": "int64"}})"},
        MappingCase{"time", R"({"type": "string", "format": "date-time"})"},
        MappingCase{"wait", R"({"type": "string", "pattern": "^-?[0-9]+(\\.[0-9]{1,9})?s$"})"},
        MappingCase{"maybe_flag", R"({"type": ["boolean", "null"]})"},
        MappingCase{"maybe_wide", R"({"oneOf": [{"type": "number", "format": "double"},
            {"type": "string", "enum": ["NaN", "Infinity", "-Infinity"]}, {"type": "null"}]})"},
        MappingCase{"object", R"({"type": "object", "additionalProperties": true})"},
        MappingCase{"any_json", "{}"}, MappingCase{"list", R"({"type": "array", "items": {}})"},
        MappingCase{"any", R"({"type": "object", "required": ["@type"],
            "properties": {"@type": {"type": "string"}}, "additionalProperties": true})"},
        MappingCase{"mask", R"({"type": "string"})"}, MappingCase{"nothing", R"({"type": "null"})"},
        MappingCase{"empty", R"({"type": "object"})"}, MappingCase{"code", R"({"type": "string"})"},
        MappingCase{"old", R"({"type": "string", "deprecated": true})"}),
    [](const auto& tested) { return std::string(tested.param.field); });

TEST_F(SchemasTest, ARequestRefusesUnknownFieldsAndRequiresWhatItsCommentSays) {
  const ordered_json choice = schemas_.Object(protos_.message("Choice"), Direction::kRequest);
  EXPECT_EQ(choice["additionalProperties"], false);
  EXPECT_EQ(choice["required"].dump(), R"(["note"])");
  EXPECT_EQ(choice["description"],
            "One of two.\n\n  * an item\n\nAt most one of `leftSide`, `right` is set. Not both.");
  EXPECT_EQ(choice["properties"]["note"]["description"], "A note. Required.\n\nBehind it.");
  EXPECT_EQ(choice["properties"]["shape"]["$ref"], "#/components/schemas/ShapeInput");
}

TEST_F(SchemasTest, AResponseRequiresWhatIsAlwaysWritten) {
  const ordered_json choice = schemas_.Object(protos_.message("Choice"), Direction::kResponse);
  EXPECT_EQ(choice["required"].dump(), R"(["note","tags","requestId"])");
  EXPECT_FALSE(choice.contains("additionalProperties"));
  EXPECT_EQ(choice["properties"]["shape"]["$ref"], "#/components/schemas/Shape");
}

TEST_F(SchemasTest, FieldsCanBeLeftOut) {
  const ordered_json choice =
      schemas_.Object(protos_.message("Choice"), Direction::kRequest, {"note", "left_side"});
  EXPECT_FALSE(choice.contains("required"));
  EXPECT_FALSE(choice["properties"].contains("note"));
  EXPECT_FALSE(choice["properties"].contains("leftSide"));
  EXPECT_TRUE(choice["properties"].contains("right"));
}

TEST_F(SchemasTest, NamesAreThoseOfJson) {
  const ordered_json shape = schemas_.Object(protos_.message("Shape"), Direction::kResponse);
  EXPECT_TRUE(shape["properties"].contains("maybeFlag"));
  EXPECT_TRUE(shape["properties"].contains("other-name"));
}

TEST_F(SchemasTest, FormsHideSecrets) {
  const auto* code = protos_.message("Shape").FindFieldByName("code");
  EXPECT_EQ(schemas_.Value(*code, Direction::kRequest)["format"], "password");
}

TEST_F(SchemasTest, AnEnumIsItsNamesWithATextForEach) {
  schemas_.Message(protos_.message("Shape"), Direction::kResponse);
  const ordered_json look = schemas_.all().at("Look");
  EXPECT_EQ(look["type"], "string");
  EXPECT_EQ(look["enum"].dump(), R"(["LOOK_UNSPECIFIED","LOOK_GOOD"])");
  EXPECT_EQ(look["description"],
            "What it looks like.\n\n* `LOOK_UNSPECIFIED`: Nothing said.\n"
            "* `LOOK_GOOD`: Fine, really.");
}

TEST_F(SchemasTest, MessagesMayHoldThemselves) {
  schemas_.Message(protos_.message("Shape"), Direction::kRequest);
  EXPECT_THAT(schemas_.all(), ElementsAre(Key("Look"), Key("Shape.PartInput"), Key("ShapeInput")));
  EXPECT_EQ(schemas_.all().at("Shape.PartInput")["required"].dump(), R"(["of"])");
}

TEST_F(SchemasTest, ATakenNameBecomesTheFullName) {
  EXPECT_EQ(schemas_.Message(protos_.message("Status"), Direction::kRequest)["$ref"],
            "#/components/schemas/otpgate.openapi_test.Status");
}

}  // namespace
}  // namespace otpgate::gateway
