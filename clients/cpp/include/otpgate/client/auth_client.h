#ifndef OTPGATE_CLIENT_AUTH_CLIENT_H_
#define OTPGATE_CLIENT_AUTH_CLIENT_H_

#include <memory>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "otpgate/client/error.h"
#include "otpgate/v1/auth_service.pb.h"

namespace grpc {
class Channel;
}

namespace otpgate::client {

// A token or an address with anything but printable ASCII is refused like a wrong one, without
// asking the service: UNAUTHENTICATED, INVALID_ARGUMENT.
struct CallOptions {
  std::string bearer_token = {};                          // the end user's, without "Bearer "
  std::string client_ip = {};                             // address of the end user
  std::optional<absl::Duration> deadline = std::nullopt;  // instead of the client's
};

// Calls AuthService and waits for the answer. otpgate/v1/auth_service.proto describes the methods.
//
// Requests that may carry a `request_id` get a random one when theirs is empty, so that the repeats
// of the channel have one effect. Set your own (NewRequestId) when you also repeat calls yourself,
// over a restart of your process say, and send the same one again.
//
// Thread-safe; make one per process.
class AuthClient {
 public:
  struct Options {
    // Who the calling service is: the `id` and the secret of its [[clients]] entry at the service.
    // Empty for a service that is known by its certificate, and for a development server.
    std::string caller_id = {};
    std::string caller_secret = {};
    // For a call with all its repeats.
    absl::Duration deadline = absl::Seconds(10);
  };

  // `channel` best from NewChannel.
  AuthClient(std::shared_ptr<grpc::Channel> channel, const Options& options);
  explicit AuthClient(std::shared_ptr<grpc::Channel> channel);
  ~AuthClient();
  AuthClient(const AuthClient&) = delete;
  AuthClient& operator=(const AuthClient&) = delete;

  Result<v1::RequestOtpResponse> RequestOtp(v1::RequestOtpRequest request,
                                            const CallOptions& options = {});
  Result<v1::ResendOtpResponse> ResendOtp(v1::ResendOtpRequest request,
                                          const CallOptions& options = {});
  Result<v1::VerifyOtpResponse> VerifyOtp(v1::VerifyOtpRequest request,
                                          const CallOptions& options = {});
  Result<v1::RefreshTokenResponse> RefreshToken(v1::RefreshTokenRequest request,
                                                const CallOptions& options = {});
  Result<v1::RevokeTokenResponse> RevokeToken(const v1::RevokeTokenRequest& request,
                                              const CallOptions& options = {});
  Result<v1::IntrospectTokenResponse> IntrospectToken(const v1::IntrospectTokenRequest& request,
                                                      const CallOptions& options = {});
  // These need a bearer token.
  Result<v1::GetCurrentUserResponse> GetCurrentUser(const CallOptions& options);
  Result<v1::ListSessionsResponse> ListSessions(const CallOptions& options);
  Result<v1::RevokeSessionResponse> RevokeSession(const v1::RevokeSessionRequest& request,
                                                  const CallOptions& options);
  Result<v1::RevokeAllSessionsResponse> RevokeAllSessions(const CallOptions& options);

  Result<v1::GetJwksResponse> GetJwks(const CallOptions& options = {});

 private:
  struct Stubs;
  const std::unique_ptr<Stubs> stubs_;
};

}  // namespace otpgate::client

#endif  // OTPGATE_CLIENT_AUTH_CLIENT_H_
