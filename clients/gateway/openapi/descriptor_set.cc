#include "clients/gateway/openapi/descriptor_set.h"

#include <google/protobuf/descriptor.pb.h>

#include "absl/strings/str_cat.h"

namespace otpgate::gateway {

absl::Status BuildAll(absl::string_view bytes, google::protobuf::DescriptorPool& pool) {
  google::protobuf::FileDescriptorSet set;
  if (!set.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return absl::InvalidArgumentError("this is no descriptor set");
  }
  for (const google::protobuf::FileDescriptorProto& file : set.file()) {
    if (pool.BuildFile(file) == nullptr) {
      return absl::InvalidArgumentError(absl::StrCat(file.name(), " cannot be built"));
    }
  }
  return absl::OkStatus();
}

}  // namespace otpgate::gateway
