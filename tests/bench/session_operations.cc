#include "tests/bench/session_operations.h"

#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "otpgate/v1/auth_service.pb.h"

namespace otpgate::bench {
namespace {

std::string Method(const char* name) { return absl::StrCat("otpgate.v1.AuthService/", name); }

const Tokens& InTurn(const std::vector<Tokens>& sessions, int64_t n) {
  return sessions[static_cast<size_t>(n) % sessions.size()];
}
const Tokens& Own(const std::vector<Tokens>& sessions, int64_t n) {
  return sessions.at(static_cast<size_t>(n));
}

template <class Message>
bool Parses(const std::string& reply) {
  return Message().ParseFromString(reply);
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
  return {Method("RefreshToken"), message.SerializeAsString()};
}

std::optional<LoadCall> Refresh::Continue(int64_t, const std::string& reply) {
  v1::RefreshTokenResponse message;
  OTPGATE_CHECK(message.ParseFromString(reply) && !message.refresh_token().empty());
  newest_.push_back(std::move(*message.mutable_refresh_token()));
  return std::nullopt;
}

std::optional<LoadCall> SingleCall::Continue(int64_t, const std::string& reply) {
  OTPGATE_CHECK(plausible_(reply));
  return std::nullopt;
}

SingleCall FetchKeys() {
  return {[](int64_t) {
            return LoadCall{Method("GetJwks"), ""};
          },
          [](const std::string& reply) {
            v1::GetJwksResponse message;
            return message.ParseFromString(reply) && message.keys_size() > 0;
          }};
}

SingleCall Introspect(const std::vector<Tokens>& sessions) {
  return {[&sessions](int64_t n) {
            v1::IntrospectTokenRequest message;
            message.set_token(InTurn(sessions, n).access);
            return LoadCall{Method("IntrospectToken"), message.SerializeAsString()};
          },
          [](const std::string& reply) {
            v1::IntrospectTokenResponse message;
            return message.ParseFromString(reply) && message.active();
          }};
}

SingleCall AskWhoIsSignedIn(const std::vector<Tokens>& sessions) {
  return {[&sessions](int64_t n) {
            return LoadCall{.method = Method("GetCurrentUser"),
                            .message = "",
                            .bearer = InTurn(sessions, n).access};
          },
          [](const std::string& reply) {
            v1::GetCurrentUserResponse message;
            return message.ParseFromString(reply) && message.has_user();
          }};
}

SingleCall ListSessions(const std::vector<Tokens>& sessions) {
  return {[&sessions](int64_t n) {
            return LoadCall{.method = Method("ListSessions"),
                            .message = "",
                            .bearer = InTurn(sessions, n).access};
          },
          [](const std::string& reply) {
            v1::ListSessionsResponse message;
            return message.ParseFromString(reply) && message.sessions_size() > 0;
          }};
}

SingleCall RevokeToken(const std::vector<Tokens>& sessions) {
  return {[&sessions](int64_t n) {
            v1::RevokeTokenRequest message;
            message.set_token(Own(sessions, n).refresh);
            return LoadCall{Method("RevokeToken"), message.SerializeAsString()};
          },
          &Parses<v1::RevokeTokenResponse>};
}

SingleCall RevokeSession(const std::vector<Tokens>& sessions) {
  return {[&sessions](int64_t n) {
            const Tokens& own = Own(sessions, n);
            v1::RevokeSessionRequest message;
            message.set_session_id(own.session_id);
            return LoadCall{.method = Method("RevokeSession"),
                            .message = message.SerializeAsString(),
                            .bearer = own.access};
          },
          &Parses<v1::RevokeSessionResponse>};
}

SingleCall RevokeAllSessions(const std::vector<Tokens>& sessions) {
  return {[&sessions](int64_t n) {
            return LoadCall{.method = Method("RevokeAllSessions"),
                            .message = "",
                            .bearer = Own(sessions, n).access};
          },
          &Parses<v1::RevokeAllSessionsResponse>};
}

}  // namespace otpgate::bench
