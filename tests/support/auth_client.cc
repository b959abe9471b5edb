#include "tests/support/auth_client.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "grpc/health/v1/health.pb.h"
#include "otpgate/client/error.h"
#include "otpgate/v1/auth_service.grpc.pb.h"
#include "tests/support/grpc_call.h"

namespace otpgate::support {
namespace {

void Prepare(const CallOptions& options, grpc::ClientContext& context) {
  context.set_deadline(absl::ToChronoTime(absl::Now() + options.deadline));
  // A test calls right after a start, when the channel may not be connected yet.
  context.set_wait_for_ready(options.wait_for_ready);
  if (!options.client_ip.empty()) context.AddMetadata("x-otpgate-client-ip", options.client_ip);
  if (!options.authorization.empty()) context.AddMetadata("authorization", options.authorization);
  if (!options.caller.empty()) {
    context.AddMetadata("x-otpgate-client-authorization", options.caller);
  }
  if (!options.forwarded_for.empty()) {
    context.AddMetadata("x-forwarded-for", options.forwarded_for);
  }
}

template <class Reply>
void SetError(const grpc::Status& status, Answer<Reply>& answer) {
  const client::Error error = client::ErrorOf(status);
  answer.message = error.message;
  answer.reason = error.reason_name;
  answer.attempts_remaining = error.attempts_remaining;
  answer.retry_after = error.retry_after.value_or(absl::ZeroDuration());
  answer.status_bytes = status.error_details();
}

}  // namespace

struct AuthClient::Stubs {
  explicit Stubs(std::shared_ptr<grpc::Channel> on)
      : channel(std::move(on)), auth(v1::AuthService::NewStub(channel)) {}

  template <class Request, class Reply>
  Answer<Reply> Call(grpc::Status (v1::AuthService::Stub::*method)(grpc::ClientContext*,
                                                                   const Request&, Reply*),
                     const Request& request, const CallOptions& options) {
    grpc::ClientContext context;
    Prepare(options, context);
    Answer<Reply> answer;
    const grpc::Status status = (auth.get()->*method)(&context, request, &answer.reply);
    answer.code = static_cast<absl::StatusCode>(status.error_code());
    if (!status.ok()) SetError(status, answer);
    return answer;
  }

  const std::shared_ptr<grpc::Channel> channel;
  const std::unique_ptr<v1::AuthService::Stub> auth;
};

AuthClient::AuthClient(int port) : AuthClient(NewChannel(port)) {}
AuthClient::AuthClient(std::shared_ptr<grpc::Channel> channel)
    : stubs_(std::make_unique<Stubs>(std::move(channel))) {}
AuthClient::~AuthClient() = default;

Answer<v1::RequestOtpResponse> AuthClient::RequestOtp(const CodeRequest& request,
                                                      const CallOptions& options) {
  v1::RequestOtpRequest message;
  if (absl::StrContains(request.identifier, '@')) {
    message.mutable_identifier()->set_email(request.identifier);
  } else {
    message.mutable_identifier()->set_phone_number(request.identifier);
  }
  message.set_user_type(request.user_type);
  message.set_purpose(request.purpose);
  message.set_request_id(options.request_id);
  return stubs_->Call(&v1::AuthService::Stub::RequestOtp, message, options);
}

Answer<v1::ResendOtpResponse> AuthClient::ResendOtp(const std::string& handle,
                                                    const CallOptions& options) {
  v1::ResendOtpRequest message;
  message.set_handle(handle);
  message.set_request_id(options.request_id);
  return stubs_->Call(&v1::AuthService::Stub::ResendOtp, message, options);
}

Answer<v1::VerifyOtpResponse> AuthClient::VerifyOtp(const std::string& handle,
                                                    const std::string& code,
                                                    const CallOptions& options) {
  v1::VerifyOtpRequest message;
  message.set_handle(handle);
  message.set_code(code);
  message.set_request_id(options.request_id);
  return stubs_->Call(&v1::AuthService::Stub::VerifyOtp, message, options);
}

Answer<v1::RefreshTokenResponse> AuthClient::RefreshToken(const std::string& token,
                                                          const CallOptions& options) {
  v1::RefreshTokenRequest message;
  message.set_refresh_token(token);
  message.set_request_id(options.request_id);
  return stubs_->Call(&v1::AuthService::Stub::RefreshToken, message, options);
}

Answer<v1::RevokeTokenResponse> AuthClient::RevokeToken(const std::string& token,
                                                        const CallOptions& options) {
  v1::RevokeTokenRequest message;
  message.set_token(token);
  return stubs_->Call(&v1::AuthService::Stub::RevokeToken, message, options);
}

Answer<v1::IntrospectTokenResponse> AuthClient::IntrospectToken(const std::string& token,
                                                                const CallOptions& options) {
  v1::IntrospectTokenRequest message;
  message.set_token(token);
  return stubs_->Call(&v1::AuthService::Stub::IntrospectToken, message, options);
}

Answer<v1::ListSessionsResponse> AuthClient::ListSessions(const CallOptions& options) {
  return stubs_->Call(&v1::AuthService::Stub::ListSessions, v1::ListSessionsRequest(), options);
}

Answer<v1::RevokeSessionResponse> AuthClient::RevokeSession(const std::string& session_id,
                                                            const CallOptions& options) {
  v1::RevokeSessionRequest message;
  message.set_session_id(session_id);
  return stubs_->Call(&v1::AuthService::Stub::RevokeSession, message, options);
}

Answer<v1::RevokeAllSessionsResponse> AuthClient::RevokeAllSessions(const CallOptions& options) {
  return stubs_->Call(&v1::AuthService::Stub::RevokeAllSessions, v1::RevokeAllSessionsRequest(),
                      options);
}

Answer<v1::GetCurrentUserResponse> AuthClient::GetCurrentUser(const CallOptions& options) {
  return stubs_->Call(&v1::AuthService::Stub::GetCurrentUser, v1::GetCurrentUserRequest(), options);
}

Answer<v1::GetJwksResponse> AuthClient::GetJwks(const CallOptions& options) {
  return stubs_->Call(&v1::AuthService::Stub::GetJwks, v1::GetJwksRequest(), options);
}

std::string AuthClient::Health() {
  grpc::health::v1::HealthCheckRequest request;
  request.set_service("otpgate.v1.AuthService");
  grpc::health::v1::HealthCheckResponse reply;
  grpc::ClientContext context;
  Prepare({}, context);
  const grpc::Status status =
      CallMethod(stubs_->channel, "grpc.health.v1.Health/Check", context, request, &reply);
  return status.ok() ? grpc::health::v1::HealthCheckResponse::ServingStatus_Name(reply.status())
                     : "";
}

std::string WrongCode(const std::string& code, int n) {
  std::string wrong = code;
  int addend = n + 1;
  for (size_t i = wrong.size(); i-- > 0 && addend > 0; addend /= 10) {
    wrong[i] = static_cast<char>('0' + (wrong[i] - '0' + addend % 10) % 10);
  }
  return wrong;
}

}  // namespace otpgate::support
