#include "otpgate/client/auth_client.h"

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/impl/codegen/client_unary_call.h>
#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/impl/codegen/rpc_method.h>

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace otpgate::client {
namespace {

std::string CallerHeader(const AuthClient::Options& options) {
  if (options.caller_id.empty()) return "";
  return absl::StrCat(
      "Basic ", absl::Base64Escape(absl::StrCat(options.caller_id, ":", options.caller_secret)));
}

// gRPC aborts the process when a header value holds anything but printable ASCII.
bool FitsHeader(const std::string& value) {
  return std::all_of(value.begin(), value.end(), absl::ascii_isprint);
}

// The error that the service gives for an invalid value.
Error Refused(absl::StatusCode code, v1::ErrorReason reason, const char* name,
              const char* message) {
  Error error;
  error.code = code;
  error.reason = reason;
  error.reason_name = name;
  error.message = message;
  return error;
}

std::optional<Error> Fault(const CallOptions& options) {
  if (!FitsHeader(options.bearer_token)) {
    return Refused(absl::StatusCode::kUnauthenticated, v1::ERROR_REASON_UNAUTHENTICATED,
                   "UNAUTHENTICATED", "the bearer token is no token");
  }
  if (!FitsHeader(options.client_ip)) {
    return Refused(absl::StatusCode::kInvalidArgument, v1::ERROR_REASON_INVALID_REQUEST,
                   "INVALID_REQUEST", "the client_ip is no address");
  }
  return std::nullopt;
}

}  // namespace

struct AuthClient::Connection {
  void Prepare(const CallOptions& options, grpc::ClientContext& context) const {
    context.set_deadline(absl::ToChronoTime(absl::Now() + options.deadline.value_or(deadline)));
    if (!caller.empty()) context.AddMetadata("x-otpgate-client-authorization", caller);
    if (!options.client_ip.empty()) context.AddMetadata("x-otpgate-client-ip", options.client_ip);
    if (!options.bearer_token.empty()) {
      context.AddMetadata("authorization", absl::StrCat("Bearer ", options.bearer_token));
    }
  }

  const absl::Duration deadline;
  const std::string caller;
  const std::shared_ptr<grpc::Channel> channel;
};

AuthClient::AuthClient(std::shared_ptr<grpc::Channel> channel, const Options& options)
    : connection_(new Connection{options.deadline, CallerHeader(options), std::move(channel)}) {}
AuthClient::AuthClient(std::shared_ptr<grpc::Channel> channel)
    : AuthClient(std::move(channel), Options{}) {}
AuthClient::~AuthClient() = default;

// Does what the generated stub does, for any method.
std::optional<Error> AuthClient::Send(const char* method,
                                      const google::protobuf::MessageLite& request,
                                      const CallOptions& options,
                                      google::protobuf::MessageLite& response) const {
  if (std::optional<Error> fault = Fault(options)) return fault;
  grpc::ClientContext context;
  connection_->Prepare(options, context);
  const std::string path = absl::StrCat("/otpgate.v1.AuthService/", method);
  const grpc::internal::RpcMethod rpc(path.c_str(), /*suffix_for_stats=*/nullptr,
                                      grpc::internal::RpcMethod::NORMAL_RPC);
  const grpc::Status status = grpc::internal::BlockingUnaryCall<google::protobuf::MessageLite,
                                                                google::protobuf::MessageLite>(
      connection_->channel.get(), rpc, &context, request, &response);
  if (!status.ok()) return ErrorOf(status);
  return std::nullopt;
}

}  // namespace otpgate::client
