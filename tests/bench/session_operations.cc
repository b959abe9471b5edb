#include "tests/bench/session_operations.h"

#include <utility>

#include "otpgate/v1/auth_service.pb.h"
#include "server/runtime/check.h"

namespace otpgate::bench {
namespace {

constexpr char kRefreshToken[] = "otpgate.v1.AuthService/RefreshToken";
constexpr char kIntrospectToken[] = "otpgate.v1.AuthService/IntrospectToken";
constexpr char kGetCurrentUser[] = "otpgate.v1.AuthService/GetCurrentUser";

const std::string& AccessTokenOf(const std::vector<Tokens>& sessions, int64_t n) {
  return sessions[static_cast<size_t>(n) % sessions.size()].access;
}

}  // namespace

Refresh::Refresh(const std::vector<Tokens>& sessions) {
  for (const Tokens& session : sessions) newest_.push_back(session.refresh);
}

LoadCall Refresh::Begin(int64_t) {
  OTPGATE_CHECK(!newest_.empty());
  v1::RefreshTokenRequest message;
  message.set_refresh_token(std::move(newest_.back()));
  newest_.pop_back();
  return {kRefreshToken, message.SerializeAsString()};
}

std::optional<LoadCall> Refresh::Continue(int64_t, const std::string& reply) {
  v1::RefreshTokenResponse message;
  OTPGATE_CHECK(message.ParseFromString(reply) && !message.refresh_token().empty());
  newest_.push_back(std::move(*message.mutable_refresh_token()));
  return std::nullopt;
}

LoadCall Introspect::Begin(int64_t n) {
  v1::IntrospectTokenRequest message;
  message.set_token(AccessTokenOf(sessions_, n));
  return {kIntrospectToken, message.SerializeAsString()};
}

std::optional<LoadCall> Introspect::Continue(int64_t, const std::string& reply) {
  v1::IntrospectTokenResponse message;
  OTPGATE_CHECK(message.ParseFromString(reply) && message.active());
  return std::nullopt;
}

LoadCall AskWhoIsSignedIn::Begin(int64_t n) {
  LoadCall call{kGetCurrentUser, ""};
  call.bearer = AccessTokenOf(sessions_, n);
  return call;
}

std::optional<LoadCall> AskWhoIsSignedIn::Continue(int64_t, const std::string& reply) {
  v1::GetCurrentUserResponse message;
  OTPGATE_CHECK(message.ParseFromString(reply) && message.has_user());
  return std::nullopt;
}

}  // namespace otpgate::bench
