// otpgate-openapi IN.binpb OUT.json: writes the OpenAPI document of the services of the gateway, by
// a descriptor set with imports and source info. Part of the build.
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "clients/gateway/openapi/descriptor_set.h"
#include "clients/gateway/openapi/document.h"
#include "clients/gateway/services.h"

namespace otpgate::gateway {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::ServiceDescriptor;

absl::StatusOr<std::string> DocumentOf(absl::string_view descriptor_set) {
  DescriptorPool pool;
  OTPGATE_RETURN_IF_ERROR(BuildAll(descriptor_set, pool));
  std::vector<const ServiceDescriptor*> services;
  for (const ServiceDescriptor* compiled_in : PublicServices()) {
    services.push_back(pool.FindServiceByName(compiled_in->full_name()));
    if (services.back() == nullptr) return absl::NotFoundError(compiled_in->full_name());
  }
  const ApiInfo info{.title = "otpgate",
                     .version = OTPGATE_VERSION,
                     .reasons = pool.FindEnumTypeByName("otpgate.v1.ErrorReason")};
  OTPGATE_ASSIGN_OR_RETURN(const nlohmann::ordered_json document, OpenApiOf(services, info));
  return absl::StrCat(document.dump(2), "\n");
}

absl::Status Run(const char* from, const char* to) {
  std::ifstream in(from, std::ios::binary);
  if (!in) return absl::NotFoundError(absl::StrCat("cannot read ", from));
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  OTPGATE_ASSIGN_OR_RETURN(const std::string text, DocumentOf(bytes));
  std::ofstream out(to, std::ios::binary);
  out << text;
  out.close();
  return out ? absl::OkStatus() : absl::UnknownError(absl::StrCat("cannot write ", to));
}

}  // namespace
}  // namespace otpgate::gateway

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: otpgate-openapi IN.binpb OUT.json\n", stderr);
    return 2;
  }
  const absl::Status status = otpgate::gateway::Run(argv[1], argv[2]);
  if (status.ok()) return 0;
  std::fprintf(stderr, "otpgate-openapi: %s\n", std::string(status.message()).c_str());
  return 1;
}
