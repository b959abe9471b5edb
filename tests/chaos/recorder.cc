#include "tests/chaos/recorder.h"

#include <utility>

#include "base/clock.h"

namespace otpgate::chaos {
namespace {

// Shorter than some faults, so that calls also run into their deadline.
constexpr absl::Duration kDeadline = absl::Milliseconds(1500);

support::CallOptions With(const std::string& request_id) {
  return {.request_id = request_id, .deadline = kDeadline, .wait_for_ready = false};
}

// A status without a reason does not come from the server: the connection was lost or the deadline
// passed.
template <class Reply>
void Note(const support::Answer<Reply>& answer, Call& call) {
  call.reason = answer.reason;
  call.remaining = answer.attempts_remaining;
  if (answer.ok()) {
    call.outcome = Outcome::kOk;
  } else if (answer.reason.empty() || answer.reason == "OUTCOME_UNKNOWN") {
    call.outcome = Outcome::kUnknown;
  } else {
    call.outcome = Outcome::kRefused;
  }
}

}  // namespace

template <class Ask>
auto Recorder::Run(Call& call, Ask ask) {
  const SystemClock clock;
  call.start = clock.Steady();
  auto answer = ask();
  call.end = clock.Steady();
  Note(answer, call);
  return answer;
}

Recorder::Asked Recorder::Request(int server, const std::string& person,
                                  const std::string& request_id) {
  Asked asked{.call = {.op = Op::kRequest, .person = person, .request_id = request_id}};
  const auto answer =
      Run(asked.call, [&] { return fleet_.client(server)->RequestOtp(person, With(request_id)); });
  asked.call.got = answer.reply.handle();
  asked.code = answer.reply.development_code();
  history_.Add(asked.call);
  return asked;
}

Recorder::SignedIn Recorder::Verify(int server, const Call& request, const std::string& code,
                                    bool right, const std::string& request_id) {
  SignedIn in{.call = {.op = Op::kVerify,
                       .person = request.person,
                       .request_id = request_id,
                       .given = request.got,
                       .right = right}};
  const auto answer = Run(in.call, [&] {
    return fleet_.client(server)->VerifyOtp(request.got, code, With(request_id));
  });
  in.call.session = answer.reply.session_id();
  in.call.got = answer.reply.refresh_token();
  in.access_token = answer.reply.access_token();
  history_.Add(in.call);
  return in;
}

Call Recorder::Show(int server, const std::string& person, const std::string& session,
                    const std::string& token, const std::string& request_id) {
  Call call{.op = Op::kRefresh,
            .person = person,
            .request_id = request_id,
            .given = token,
            .session = session};
  const auto answer =
      Run(call, [&] { return fleet_.client(server)->RefreshToken(token, With(request_id)); });
  call.got = answer.reply.refresh_token();
  return call;
}

Call Recorder::Refresh(int server, const std::string& person, const std::string& session,
                       const std::string& token, const std::string& request_id) {
  Call call = Show(server, person, session, token, request_id);
  history_.Add(call);
  return call;
}

Call Recorder::Replay(int server, const std::string& person, const std::string& session,
                      const std::string& token, const std::string& request_id) {
  Call call = Show(server, person, session, token, request_id);
  if (call.outcome != Outcome::kOk) call.op = Op::kSignOut;
  if (call.reason == "TOKEN_INVALID") call.outcome = Outcome::kOk;
  history_.Add(call);
  return call;
}

Call Recorder::Use(int server, const std::string& person, const std::string& session,
                   const std::string& token) {
  Call call{.op = Op::kUse, .person = person, .given = token, .session = session};
  const auto answer =
      Run(call, [&] { return fleet_.client(server)->IntrospectToken(token, With({})); });
  call.active = answer.reply.active();
  history_.Add(call);
  return call;
}

Call Recorder::SignOut(int server, const std::string& person, const std::string& token) {
  Call call{.op = Op::kSignOut, .person = person};
  Run(call, [&] { return fleet_.client(server)->RevokeToken(token, With({})); });
  history_.Add(call);
  return call;
}

Call Recorder::SignOutEverywhere(int server, const std::string& person,
                                 const std::string& access_token) {
  Call call{.op = Op::kSignOut, .person = person};
  support::CallOptions options = With({});
  options.authorization = "Bearer " + access_token;
  Run(call, [&] { return fleet_.client(server)->RevokeAllSessions(options); });
  history_.Add(call);
  return call;
}

}  // namespace otpgate::chaos
