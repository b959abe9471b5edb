#ifndef OTPGATE_SERVER_RPC_HANDLERS_CONVERT_H_
#define OTPGATE_SERVER_RPC_HANDLERS_CONVERT_H_

#include <cstdint>
#include <functional>
#include <utility>
#include <variant>

#include "absl/time/time.h"
#include "otpgate/v1/types.pb.h"
#include "server/auth/call_context.h"
#include "server/auth/results.h"
#include "server/errors/failure.h"
#include "server/rpc/call_info.h"
#include "server/runtime/mask.h"

// What several handlers need to get from plain values to messages and back.
namespace otpgate {

CallContext ContextOf(const CallInfo& info);

v1::User UserOf(const UserProfile& profile);
v1::UserType ToProto(UserType type);
void SetTimestamp(absl::Time time, google::protobuf::Timestamp& timestamp);

// Whole seconds: less than a second more is not promised, less than a second less not demanded.
uint32_t SecondsLeft(absl::Duration life);    // rounded down
uint32_t SecondsToWait(absl::Duration wait);  // rounded up

// Passes a result on as a response, a failure as it is.
template <class Result, class Response>
Done<Result> Answer(Done<Response> done, Response (*to_response)(const Result&)) {
  return [done = std::move(done), to_response](Outcome<Result> outcome) {
    if (auto* failure = std::get_if<Failure>(&outcome)) {
      done(std::move(*failure));
    } else {
      done(to_response(std::get<Result>(outcome)));
    }
  };
}

// For responses that say nothing but that it is done.
template <class Response>
Response EmptyResponse(const std::monostate&) {
  return {};
}

// RequestOtpResponse and ResendOtpResponse hold the same fields.
template <class Response>
Response IssuedResponse(const OtpIssued& issued) {
  Response response;
  response.set_handle(issued.handle);
  response.set_expires_in(SecondsLeft(issued.expires_in));
  response.set_resend_after(SecondsToWait(issued.resend_after));
  response.set_masked_destination(MaskIdentifier(issued.identifier));
  response.set_code_length(static_cast<uint32_t>(issued.code_length));
  response.set_development_code(issued.development_code);
  return response;
}

}  // namespace otpgate

#endif  // OTPGATE_SERVER_RPC_HANDLERS_CONVERT_H_
