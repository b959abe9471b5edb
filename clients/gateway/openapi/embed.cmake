# cmake -D FROM=openapi.json -D TO=openapi_json.cc -P embed.cmake: the document as a constant.
file(READ ${FROM} text)
file(WRITE ${TO} "#include \"clients/gateway/openapi/openapi_json.h\"

namespace otpgate::gateway {
namespace {
constexpr char kDocument[] = R\"openapi(${text})openapi\";
}  // namespace

absl::string_view OpenApiJson() { return {kDocument, sizeof(kDocument) - 1}; }

}  // namespace otpgate::gateway
")
