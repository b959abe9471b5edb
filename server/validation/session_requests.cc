#include <utility>

#include "server/validation/forms.h"
#include "server/validation/requests.h"
#include "server/validation/violations.h"

namespace otpgate {
namespace {

template <class Request>
Outcome<TokenInput> TakeToken(const Request& request) {
  FieldViolations bad;
  bad.Check("token", CheckToken(request.token(), kTokenBytesMax));
  return std::move(bad).Finish(TokenInput{request.token()});
}

}  // namespace

Outcome<RefreshTokenInput> Validate(const v1::RefreshTokenRequest& request) {
  FieldViolations bad;
  RefreshTokenInput input;
  bad.Check("refresh_token", CheckToken(request.refresh_token(), kRefreshTokenBytesMax));
  input.refresh_token = request.refresh_token();
  input.request_id = bad.Take("request_id", ParseRequestId(request.request_id()));
  return std::move(bad).Finish(std::move(input));
}

Outcome<TokenInput> Validate(const v1::RevokeTokenRequest& request) { return TakeToken(request); }

Outcome<TokenInput> Validate(const v1::IntrospectTokenRequest& request) {
  return TakeToken(request);
}

Outcome<SessionInput> Validate(const v1::RevokeSessionRequest& request) {
  FieldViolations bad;
  SessionInput input;
  input.session_id.bytes = bad.Take("session_id", ParseId(request.session_id()));
  return std::move(bad).Finish(std::move(input));
}

}  // namespace otpgate
