#include <algorithm>
#include <utility>
#include <variant>

#include "otpgate/v1/auth_service.pb.h"
#include "server/crypto/base64url.h"
#include "server/rpc/handlers/auth_methods.h"
#include "server/rpc/handlers/convert.h"
#include "server/validation/requests.h"

namespace otpgate {
namespace {

void Fill(const SessionView& view, v1::Session& session) {
  session.set_id(crypto::Base64UrlEncode(view.info.id.bytes));
  session.set_current(view.current);
  session.set_device_info(view.info.device_info);
  session.set_ip_address(view.info.ip);
  session.set_amr(view.info.amr);
  session.set_client_id(view.info.caller);
  SetTimestamp(view.info.created_at, *session.mutable_create_time());
  SetTimestamp(view.info.last_seen_at, *session.mutable_last_seen_time());
  SetTimestamp(std::min(view.info.idle_expires_at, view.info.absolute_expires_at),
               *session.mutable_expire_time());
}

v1::ListSessionsResponse ResponseOf(const std::vector<SessionView>& views) {
  v1::ListSessionsResponse response;
  for (const SessionView& view : views) Fill(view, *response.add_sessions());
  return response;
}

}  // namespace

UnaryMethod ListSessionsMethod(SessionUseCases use_cases) {
  return ReadOnly(Unary<v1::ListSessionsRequest, v1::ListSessionsResponse>(
      "otpgate.v1.AuthService/ListSessions", Access::kCallers,
      [use_case = std::move(use_cases.list_sessions)](const CallInfo& info,
                                                      const v1::ListSessionsRequest&,
                                                      Done<v1::ListSessionsResponse> done) {
        use_case(ContextOf(info), Answer<std::vector<SessionView>, v1::ListSessionsResponse>(
                                      std::move(done), ResponseOf));
      }));
}

}  // namespace otpgate
