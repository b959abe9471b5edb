#ifndef OTPGATE_TESTS_SUPPORT_AUTH_CLIENT_H_
#define OTPGATE_TESTS_SUPPORT_AUTH_CLIENT_H_

#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "otpgate/v1/auth_service.pb.h"

namespace grpc {
class Channel;
}

namespace otpgate::support {

// Metadata and options of a call; empty: not sent.
struct CallOptions {
  std::string request_id = {};
  std::string client_ip = {};      // x-otpgate-client-ip
  std::string authorization = {};  // of the end user: "Bearer ..."
  std::string caller = {};         // x-otpgate-client-authorization: "Basic ..."
  std::string forwarded_for = {};  // x-forwarded-for, which the server ignores
  absl::Duration deadline = absl::Seconds(30);
  bool wait_for_ready = true;  // false: fails at once while there is no connection
};

// A reply, or a status with its google.rpc details.
template <class Reply>
struct Answer {
  absl::StatusCode code = absl::StatusCode::kUnknown;
  std::string message;
  std::string reason;                     // ErrorInfo.reason; empty: none was sent
  std::optional<int> attempts_remaining;  // of OTP_INVALID
  absl::Duration retry_after;             // RetryInfo; zero: none
  std::string status_bytes;               // google.rpc.Status as received
  Reply reply;

  bool ok() const { return code == absl::StatusCode::kOk; }
};

// What a code is requested for: each user type and purpose of an identifier has codes of its own.
struct CodeRequest {
  std::string identifier;  // "+14155550123" or "test@example.com"
  v1::UserType user_type = v1::USER_TYPE_LIVE;
  v1::Purpose purpose = v1::PURPOSE_LOGIN;
};

// Calls AuthService over its own connection. Unlike the client library it does not retry, sends what
// the library refuses to send, and returns statuses as received. Thread-safe.
class AuthClient {
 public:
  explicit AuthClient(int port);
  explicit AuthClient(std::shared_ptr<grpc::Channel> channel);
  ~AuthClient();

  Answer<v1::RequestOtpResponse> RequestOtp(const CodeRequest& request,
                                            const CallOptions& options = {});
  Answer<v1::RequestOtpResponse> RequestOtp(const std::string& identifier,
                                            const CallOptions& options = {}) {
    return RequestOtp(CodeRequest{.identifier = identifier}, options);
  }
  Answer<v1::ResendOtpResponse> ResendOtp(const std::string& handle,
                                          const CallOptions& options = {});
  Answer<v1::VerifyOtpResponse> VerifyOtp(const std::string& handle, const std::string& code,
                                          const CallOptions& options = {});
  Answer<v1::RefreshTokenResponse> RefreshToken(const std::string& token,
                                                const CallOptions& options = {});
  Answer<v1::RevokeTokenResponse> RevokeToken(const std::string& token,
                                              const CallOptions& options = {});
  Answer<v1::IntrospectTokenResponse> IntrospectToken(const std::string& token,
                                                      const CallOptions& options = {});
  Answer<v1::ListSessionsResponse> ListSessions(const CallOptions& options);
  Answer<v1::RevokeSessionResponse> RevokeSession(const std::string& session_id,
                                                  const CallOptions& options);
  Answer<v1::RevokeAllSessionsResponse> RevokeAllSessions(const CallOptions& options);
  Answer<v1::GetCurrentUserResponse> GetCurrentUser(const CallOptions& options);
  Answer<v1::GetJwksResponse> GetJwks(const CallOptions& options = {});

  // The status of otpgate.v1.AuthService by grpc.health.v1: "SERVING", "NOT_SERVING", or "" without
  // an answer.
  std::string Health();

 private:
  struct Stubs;
  const std::unique_ptr<Stubs> stubs_;
};

// A code of the same length that differs from `code`. Different `n`, from 0, give different codes.
std::string WrongCode(const std::string& code, int n = 0);

}  // namespace otpgate::support

#endif  // OTPGATE_TESTS_SUPPORT_AUTH_CLIENT_H_
