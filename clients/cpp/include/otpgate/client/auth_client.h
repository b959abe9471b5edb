#ifndef OTPGATE_CLIENTS_CPP_INCLUDE_OTPGATE_CLIENT_AUTH_CLIENT_H_
#define OTPGATE_CLIENTS_CPP_INCLUDE_OTPGATE_CLIENT_AUTH_CLIENT_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/time/time.h"
#include "otpgate/client/error.h"
#include "otpgate/client/request_id.h"
#include "otpgate/v1/auth_service.pb.h"

namespace grpc {
class Channel;
}

namespace otpgate::client {

// Options of one call. A token with anything but printable ASCII gives UNAUTHENTICATED, and such an
// address INVALID_ARGUMENT, without a call to the service.
struct CallOptions {
  std::string bearer_token = {};                          // the end user's, without "Bearer "
  std::string client_ip = {};                             // address of the end user
  std::optional<absl::Duration> deadline = std::nullopt;  // instead of the client's
};

// Calls AuthService and waits for the answer. otpgate/v1/auth_service.proto describes the methods.
//
// Requests that may carry a `request_id` get a random one when theirs is empty, so that the repeats
// of the channel have one effect. Set your own (NewRequestId) when you repeat calls yourself, for
// example after a restart of your process, and send the same one again.
//
// Thread-safe; make one per process.
class AuthClient {
 public:
  struct Options {
    // The `id` and the secret of the calling service, from its [[clients]] entry in the
    // configuration of the server. Empty for a service with a client certificate, and for a
    // development server.
    std::string caller_id = {};
    std::string caller_secret = {};
    // Of one call, retries of the channel included.
    absl::Duration deadline = absl::Seconds(10);
  };

  // `channel` should come from NewChannel, which retries and balances.
  AuthClient(std::shared_ptr<grpc::Channel> channel, const Options& options);
  explicit AuthClient(std::shared_ptr<grpc::Channel> channel);
  ~AuthClient();
  AuthClient(const AuthClient&) = delete;
  AuthClient& operator=(const AuthClient&) = delete;

  Result<v1::RequestOtpResponse> RequestOtp(v1::RequestOtpRequest request,
                                            const CallOptions& options = {}) {
    return Call<v1::RequestOtpResponse>("RequestOtp", WithId(std::move(request)), options);
  }
  Result<v1::ResendOtpResponse> ResendOtp(v1::ResendOtpRequest request,
                                          const CallOptions& options = {}) {
    return Call<v1::ResendOtpResponse>("ResendOtp", WithId(std::move(request)), options);
  }
  Result<v1::VerifyOtpResponse> VerifyOtp(v1::VerifyOtpRequest request,
                                          const CallOptions& options = {}) {
    return Call<v1::VerifyOtpResponse>("VerifyOtp", WithId(std::move(request)), options);
  }
  Result<v1::RefreshTokenResponse> RefreshToken(v1::RefreshTokenRequest request,
                                                const CallOptions& options = {}) {
    return Call<v1::RefreshTokenResponse>("RefreshToken", WithId(std::move(request)), options);
  }
  Result<v1::RevokeTokenResponse> RevokeToken(const v1::RevokeTokenRequest& request,
                                              const CallOptions& options = {}) {
    return Call<v1::RevokeTokenResponse>("RevokeToken", request, options);
  }
  Result<v1::IntrospectTokenResponse> IntrospectToken(const v1::IntrospectTokenRequest& request,
                                                      const CallOptions& options = {}) {
    return Call<v1::IntrospectTokenResponse>("IntrospectToken", request, options);
  }
  // These need a bearer token.
  Result<v1::GetCurrentUserResponse> GetCurrentUser(const CallOptions& options) {
    return Call<v1::GetCurrentUserResponse>("GetCurrentUser", v1::GetCurrentUserRequest(), options);
  }
  Result<v1::ListSessionsResponse> ListSessions(const CallOptions& options) {
    return Call<v1::ListSessionsResponse>("ListSessions", v1::ListSessionsRequest(), options);
  }
  Result<v1::RevokeSessionResponse> RevokeSession(const v1::RevokeSessionRequest& request,
                                                  const CallOptions& options) {
    return Call<v1::RevokeSessionResponse>("RevokeSession", request, options);
  }
  Result<v1::RevokeAllSessionsResponse> RevokeAllSessions(const CallOptions& options) {
    return Call<v1::RevokeAllSessionsResponse>("RevokeAllSessions", v1::RevokeAllSessionsRequest(),
                                               options);
  }

  Result<v1::GetJwksResponse> GetJwks(const CallOptions& options = {}) {
    return Call<v1::GetJwksResponse>("GetJwks", v1::GetJwksRequest(), options);
  }

 private:
  struct Connection;

  template <class Request>
  static Request WithId(Request request) {
    if (request.request_id().empty()) request.set_request_id(NewRequestId());
    return request;
  }

  template <class Response>
  Result<Response> Call(const char* method, const google::protobuf::MessageLite& request,
                        const CallOptions& options) const {
    Response response;
    std::optional<Error> error = Send(method, request, options, response);
    if (error) return *std::move(error);
    return response;
  }
  // Calls the method of AuthService with this name. No error: `response` is the answer.
  std::optional<Error> Send(const char* method, const google::protobuf::MessageLite& request,
                            const CallOptions& options,
                            google::protobuf::MessageLite& response) const;

  const std::unique_ptr<const Connection> connection_;
};

}  // namespace otpgate::client

#endif  // OTPGATE_CLIENTS_CPP_INCLUDE_OTPGATE_CLIENT_AUTH_CLIENT_H_
