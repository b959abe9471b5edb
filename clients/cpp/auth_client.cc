#include "otpgate/client/auth_client.h"

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "otpgate/client/request_id.h"
#include "otpgate/v1/auth_service.grpc.pb.h"

namespace otpgate::client {
namespace {

using Stub = v1::AuthService::Stub;

template <class Request>
Request WithId(Request request) {
  if (request.request_id().empty()) request.set_request_id(NewRequestId());
  return request;
}

std::string CallerHeader(const AuthClient::Options& options) {
  if (options.caller_id.empty()) return "";
  return absl::StrCat(
      "Basic ", absl::Base64Escape(absl::StrCat(options.caller_id, ":", options.caller_secret)));
}

// gRPC ends the process when a header holds anything else.
bool FitsHeader(const std::string& value) {
  return std::all_of(value.begin(), value.end(), absl::ascii_isprint);
}

// What the service answers when it gets one that is wrong in other ways.
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

struct AuthClient::Stubs {
  Stubs(std::shared_ptr<grpc::Channel> channel, const Options& options)
      : deadline(options.deadline),
        caller(CallerHeader(options)),
        auth(v1::AuthService::NewStub(std::move(channel))) {}

  void Prepare(const CallOptions& options, grpc::ClientContext& context) const {
    context.set_deadline(absl::ToChronoTime(absl::Now() + options.deadline.value_or(deadline)));
    if (!caller.empty()) context.AddMetadata("x-otpgate-client-authorization", caller);
    if (!options.client_ip.empty()) context.AddMetadata("x-otpgate-client-ip", options.client_ip);
    if (!options.bearer_token.empty()) {
      context.AddMetadata("authorization", absl::StrCat("Bearer ", options.bearer_token));
    }
  }

  template <class Request, class Reply>
  Result<Reply> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Reply*),
                     const Request& request, const CallOptions& options) const {
    if (std::optional<Error> fault = Fault(options)) return *std::move(fault);
    grpc::ClientContext context;
    Prepare(options, context);
    Reply reply;
    const grpc::Status status = (auth.get()->*method)(&context, request, &reply);
    if (!status.ok()) return ErrorOf(status);
    return reply;
  }

  const absl::Duration deadline;
  const std::string caller;
  const std::unique_ptr<Stub> auth;
};

AuthClient::AuthClient(std::shared_ptr<grpc::Channel> channel, const Options& options)
    : stubs_(std::make_unique<Stubs>(std::move(channel), options)) {}
AuthClient::AuthClient(std::shared_ptr<grpc::Channel> channel)
    : AuthClient(std::move(channel), Options{}) {}
AuthClient::~AuthClient() = default;

Result<v1::RequestOtpResponse> AuthClient::RequestOtp(v1::RequestOtpRequest request,
                                                      const CallOptions& options) {
  return stubs_->Call(&Stub::RequestOtp, WithId(std::move(request)), options);
}

Result<v1::ResendOtpResponse> AuthClient::ResendOtp(v1::ResendOtpRequest request,
                                                    const CallOptions& options) {
  return stubs_->Call(&Stub::ResendOtp, WithId(std::move(request)), options);
}

Result<v1::VerifyOtpResponse> AuthClient::VerifyOtp(v1::VerifyOtpRequest request,
                                                    const CallOptions& options) {
  return stubs_->Call(&Stub::VerifyOtp, WithId(std::move(request)), options);
}

Result<v1::RefreshTokenResponse> AuthClient::RefreshToken(v1::RefreshTokenRequest request,
                                                          const CallOptions& options) {
  return stubs_->Call(&Stub::RefreshToken, WithId(std::move(request)), options);
}

Result<v1::RevokeTokenResponse> AuthClient::RevokeToken(const v1::RevokeTokenRequest& request,
                                                        const CallOptions& options) {
  return stubs_->Call(&Stub::RevokeToken, request, options);
}

Result<v1::IntrospectTokenResponse> AuthClient::IntrospectToken(
    const v1::IntrospectTokenRequest& request, const CallOptions& options) {
  return stubs_->Call(&Stub::IntrospectToken, request, options);
}

Result<v1::GetCurrentUserResponse> AuthClient::GetCurrentUser(const CallOptions& options) {
  return stubs_->Call(&Stub::GetCurrentUser, v1::GetCurrentUserRequest(), options);
}

Result<v1::ListSessionsResponse> AuthClient::ListSessions(const CallOptions& options) {
  return stubs_->Call(&Stub::ListSessions, v1::ListSessionsRequest(), options);
}

Result<v1::RevokeSessionResponse> AuthClient::RevokeSession(const v1::RevokeSessionRequest& request,
                                                            const CallOptions& options) {
  return stubs_->Call(&Stub::RevokeSession, request, options);
}

Result<v1::RevokeAllSessionsResponse> AuthClient::RevokeAllSessions(const CallOptions& options) {
  return stubs_->Call(&Stub::RevokeAllSessions, v1::RevokeAllSessionsRequest(), options);
}

Result<v1::GetJwksResponse> AuthClient::GetJwks(const CallOptions& options) {
  return stubs_->Call(&Stub::GetJwks, v1::GetJwksRequest(), options);
}

}  // namespace otpgate::client
