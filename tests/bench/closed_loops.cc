#include "tests/bench/closed_loops.h"

#include <algorithm>
#include <utility>

#include "base/status_macros.h"
#include "tests/bench/session_operations.h"

namespace otpgate::bench {
namespace {

constexpr Effect kNone = {};
constexpr Effect kAsked = {.subjects = 1, .messages = 1};
constexpr Effect kAskedForAnother = {.messages = 1, .resends = 1};
constexpr Effect kEntered = {.sessions = 1};
constexpr Effect kSignedIn = {.subjects = 1, .messages = 1, .sessions = 1};
constexpr Effect kSignedInAgain = {.messages = 1, .sessions = 1};
constexpr Effect kRefreshed = {.rotations = 1};
constexpr Effect kRevoked = {.revoked = 1};
constexpr Effect kSignedOutEverywhere = {.sign_outs = 1};

class Loops {
 public:
  Loops(Meter& meter, People& people, const ClosedLoops& loops)
      : meter_(meter), people_(people), loops_(loops) {}

  absl::Status Codes(RedisDesign* design) {
    EmptyCall empty;
    AskForCode ask(people_, AskForCode::Address::kNone);
    AskForCode ask_with_ip(people_, AskForCode::Address::kForwarded);
    SignIn sign_in(people_);
    OTPGATE_RETURN_IF_ERROR(Measure(kEmptyOperation, empty, kNone));
    OTPGATE_RETURN_IF_ERROR(Measure("RequestOtp", ask, kAsked));
    OTPGATE_RETURN_IF_ERROR(Measure("RequestOtpWithIp", ask_with_ip, kAsked));
    if (loops_.every_rpc) {
      std::vector<PendingCode> codes = ask_with_ip.TakeCodes();
      const size_t count = codes.size();
      AskForAnother ask_for_another(std::move(codes));
      OTPGATE_RETURN_IF_ERROR(Measure("ResendOtp", ask_for_another, kAskedForAnother, count));
    }
    std::vector<PendingCode> codes = ask.TakeCodes();
    const size_t count = codes.size();
    EnterCode enter(std::move(codes));
    OTPGATE_RETURN_IF_ERROR(Measure("VerifyOtp", enter, kEntered, count));
    sessions_ = enter.TakeTokens();
    OTPGATE_RETURN_IF_ERROR(Measure(kLogin, sign_in, kSignedIn));
    signed_in_ = sign_in.TakeTokens();
    if (design != nullptr) {
      OTPGATE_RETURN_IF_ERROR(meter_.MeasureRedisDesign(*design, loops_.limits));
    }
    if (!loops_.every_rpc) return absl::OkStatus();
    SignInAgain again(people_, sign_in.signed_in());
    return Measure(kLoginAgain, again, kSignedInAgain, sign_in.signed_in().size());
  }

  absl::Status Sessions() {
    if (!loops_.sessions) return absl::OkStatus();
    Refresh refresh(sessions_);
    SingleCall introspect = Introspect(sessions_);
    SingleCall ask_who = AskWhoIsSignedIn(sessions_);
    OTPGATE_RETURN_IF_ERROR(Measure("RefreshToken", refresh, kRefreshed));
    OTPGATE_RETURN_IF_ERROR(Measure("IntrospectToken", introspect, kNone));
    OTPGATE_RETURN_IF_ERROR(Measure("GetCurrentUser", ask_who, kNone));
    return loops_.every_rpc ? Others() : absl::OkStatus();
  }

  std::vector<Tokens> TakeSessions() { return std::move(sessions_); }

 private:
  absl::Status Others() {
    SingleCall list = ListSessions(sessions_);
    SingleCall fetch_keys = FetchKeys();
    SingleCall revoke_token = RevokeToken(signed_in_);
    OTPGATE_RETURN_IF_ERROR(Measure("ListSessions", list, kNone));
    OTPGATE_RETURN_IF_ERROR(Measure("GetJwks", fetch_keys, kNone));
    OTPGATE_RETURN_IF_ERROR(Measure("RevokeToken", revoke_token, kRevoked, signed_in_.size()));
    // Sessions of different accounts.
    const auto middle = sessions_.begin() + static_cast<ptrdiff_t>((sessions_.size() + 1) / 2);
    const std::vector<Tokens> some(sessions_.begin(), middle);
    const std::vector<Tokens> others(middle, sessions_.end());
    SingleCall revoke_session = RevokeSession(some);
    SingleCall revoke_all = RevokeAllSessions(others);
    OTPGATE_RETURN_IF_ERROR(Measure("RevokeSession", revoke_session, kRevoked, some.size()));
    if (others.empty()) return absl::OkStatus();
    return Measure("RevokeAllSessions", revoke_all, kSignedOutEverywhere, others.size());
  }

  // Takes at most `most` of them.
  absl::Status Measure(const char* name, Operation& operation, const Effect& effect,
                       size_t most = SIZE_MAX) {
    LoadLimits limits = loops_.limits;
    limits.operations =
        static_cast<int64_t>(std::min(most, static_cast<size_t>(limits.operations)));
    return meter_.Measure(name, loops_.server, operation, limits, effect);
  }

  Meter& meter_;
  People& people_;
  const ClosedLoops& loops_;
  std::vector<Tokens> sessions_;   // opened by VerifyOtp
  std::vector<Tokens> signed_in_;  // opened by login
};

}  // namespace

absl::StatusOr<std::vector<Tokens>> MeasureClosedLoops(Meter& meter, People& people,
                                                       RedisDesign* design,
                                                       const ClosedLoops& loops) {
  Loops all(meter, people, loops);
  OTPGATE_RETURN_IF_ERROR(all.Codes(design));
  OTPGATE_RETURN_IF_ERROR(all.Sessions());
  return all.TakeSessions();
}

}  // namespace otpgate::bench
