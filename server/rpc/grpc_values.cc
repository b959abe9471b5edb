#include "server/rpc/grpc_values.h"

#include <grpc/grpc_security_constants.h>
#include <grpc/support/time.h>
#include <grpcpp/security/auth_context.h>

#include <iterator>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

namespace otpgate::rpc {
namespace {

absl::string_view View(grpc::string_ref text) { return {text.data(), text.size()}; }

CallHeader Header(const grpc::ServerContext& context, const char* name) {
  const auto [begin, end] = context.client_metadata().equal_range(name);
  if (begin == end) return {};
  return {View(begin->second), static_cast<int>(std::distance(begin, end))};
}

}  // namespace

CallHeaders HeadersOf(const grpc::ServerContext& context) {
  return {Header(context, "authorization"), Header(context, "x-otpgate-client-authorization"),
          Header(context, "x-otpgate-client-ip"), Header(context, "x-request-id")};
}

CertificateNames CertificateNamesOf(const grpc::ServerContext& context) {
  CertificateNames names;
  const std::shared_ptr<const grpc::AuthContext> peer = context.auth_context();
  if (peer == nullptr || !peer->IsPeerAuthenticated()) return names;
  for (const auto& [type, property] : {std::pair("URI:", GRPC_PEER_URI_PROPERTY_NAME),
                                       std::pair("DNS:", GRPC_PEER_DNS_PROPERTY_NAME)}) {
    for (const grpc::string_ref& name : peer->FindPropertyValues(property)) {
      names.push_back(absl::StrCat(type, View(name)));
    }
  }
  return names;
}

absl::Duration TimeLeft(const grpc::ServerContext& context) {
  const gpr_timespec deadline = context.raw_deadline();
  if (gpr_time_cmp(deadline, gpr_inf_future(deadline.clock_type)) == 0) {
    return absl::InfiniteDuration();
  }
  const gpr_timespec left = gpr_time_sub(deadline, gpr_now(deadline.clock_type));
  return absl::Seconds(left.tv_sec) + absl::Nanoseconds(left.tv_nsec);
}

grpc::ByteBuffer Serialize(const google::protobuf::MessageLite& message) {
  grpc::Slice slice(message.ByteSizeLong());
  message.SerializeWithCachedSizesToArray(const_cast<uint8_t*>(slice.begin()));
  return grpc::ByteBuffer(&slice, 1);
}

absl::string_view FlatBytes(const grpc::ByteBuffer& buffer, grpc::Slice& slice) {
  if (!buffer.TrySingleSlice(&slice).ok() && !buffer.DumpToSingleSlice(&slice).ok()) return {};
  return {reinterpret_cast<const char*>(slice.begin()), slice.size()};
}

}  // namespace otpgate::rpc
