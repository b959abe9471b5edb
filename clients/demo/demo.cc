#include "clients/demo/demo.h"

#include <cstdio>
#include <initializer_list>
#include <memory>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "otpgate/client.h"

namespace otpgate::demo {
namespace {

template <class... Parts>
void Print(const Parts&... parts) {
  std::printf("%s\n", absl::StrCat(parts...).c_str());
}

absl::Status Unexpected(absl::string_view step, absl::string_view what) {
  return absl::FailedPreconditionError(absl::StrCat(step, ": ", what));
}
absl::Status Unexpected(absl::string_view step, const client::Error& error) {
  return Unexpected(step, client::ToStatus(error).ToString());
}

client::TokenVerifier::Options VerifierOptions(const Person& person) {
  client::TokenVerifier::Options options;
  if (person.demo_user) {
    options.audiences = {};
    options.demo_audiences = {"otpgate-demo"};
  }
  return options;
}

// One person's way through the API.
class Walk {
 public:
  Walk(std::shared_ptr<client::AuthClient> client, const Person& person)
      : person_(person), client_(std::move(client)), verifier_(client_, VerifierOptions(person)) {}

  absl::Status Run() {
    Print("\n", person_.identifier, " (", person_.demo_user ? "demo" : "live", ")");
    return Follow({&Walk::RequestCode, &Walk::GuessWrong, &Walk::SignIn, &Walk::GuessAgain,
                   &Walk::CheckToken, &Walk::AskWhoIAm, &Walk::Replay,             // first session
                   &Walk::RequestCode, &Walk::SignIn, &Walk::SignOut,              // second
                   &Walk::RequestCode, &Walk::SignIn, &Walk::SignOutEverywhere});  // third
  }

 private:
  struct Tokens {
    std::string access;
    std::string refresh;
  };

  absl::Status Follow(std::initializer_list<absl::Status (Walk::*)()> steps) {
    for (const auto step : steps) {
      if (absl::Status status = (this->*step)(); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

  absl::Status RequestCode() {
    v1::RequestOtpRequest request;
    if (absl::StrContains(person_.identifier, '@')) {
      request.mutable_identifier()->set_email(person_.identifier);
    } else {
      request.mutable_identifier()->set_phone_number(person_.identifier);
    }
    request.set_user_type(person_.demo_user ? v1::USER_TYPE_DEMO : v1::USER_TYPE_LIVE);
    const auto asked = client_->RequestOtp(std::move(request));
    if (!asked.ok()) return Unexpected("RequestOtp", asked.error());
    handle_ = asked->handle();
    code_ = asked->development_code();
    if (code_.empty()) return Unexpected("RequestOtp", "the server does not reveal codes");
    Print("  RequestOtp      a code is on its way to ", asked->masked_destination(), ", good for ",
          asked->expires_in(), " s");
    return absl::OkStatus();
  }

  client::Result<v1::VerifyOtpResponse> Verify(const std::string& code) {
    v1::VerifyOtpRequest request;
    request.set_handle(handle_);
    request.set_code(code);
    request.set_device_info("otpgate-demo");
    return client_->VerifyOtp(std::move(request));
  }

  absl::Status ExpectRefusal(absl::string_view what, const std::string& code) {
    const auto verified = Verify(code);
    if (verified.ok()) return Unexpected(what, "accepted");
    const client::Error& error = verified.error();
    if (error.code != absl::StatusCode::kFailedPrecondition) return Unexpected(what, error);
    Print("  VerifyOtp       ", what, ": refused (", error.message, ")");
    return absl::OkStatus();
  }

  absl::Status GuessWrong() {
    std::string wrong = code_;
    wrong[0] = wrong[0] == '9' ? '0' : static_cast<char>(wrong[0] + 1);
    return ExpectRefusal("a wrong code", wrong);
  }
  absl::Status GuessAgain() { return ExpectRefusal("the same code again", code_); }

  absl::Status SignIn() {
    const auto verified = Verify(code_);
    if (!verified.ok()) return Unexpected("VerifyOtp", verified.error());
    tokens_ = {verified->access_token(), verified->refresh_token()};
    user_id_ = verified->user().id();
    Print("  VerifyOtp       the right code: signed in as ", user_id_,
          verified->new_user() ? " (new account)" : "", ", access token for ",
          verified->expires_in(), " s");
    return absl::OkStatus();
  }

  // As a microservice would, without asking the server about the token.
  absl::Status CheckToken() {
    const absl::StatusOr<client::AccessClaims> claims = verifier_.Verify(tokens_.access);
    if (!claims.ok()) return claims.status();
    Print("  GetJwks         the token's signature and claims are in order (sub ", claims->sub,
          ")");
    return absl::OkStatus();
  }

  absl::Status AskWhoIAm() {
    const auto me = client_->GetCurrentUser({.bearer_token = tokens_.access});
    if (!me.ok()) return Unexpected("GetCurrentUser", me.error());
    if (me->user().id() != user_id_) return Unexpected("GetCurrentUser", "names somebody else");
    Print("  GetCurrentUser  ", me->user().id(), " ", me->user().phone_number(),
          me->user().email());
    return absl::OkStatus();
  }

  client::Result<v1::RefreshTokenResponse> Refresh(const std::string& token,
                                                   const std::string& request_id) {
    v1::RefreshTokenRequest request;
    request.set_refresh_token(token);
    request.set_request_id(request_id);
    return client_->RefreshToken(std::move(request));
  }

  // Refreshes, repeats that call as if its answer was lost, and is caught with a replaced token.
  absl::Status Replay() {
    const std::string id = client::NewRequestId();
    const auto second = Refresh(tokens_.refresh, id);
    if (!second.ok()) return Unexpected("RefreshToken", second.error());
    Print("  RefreshToken    the next pair of tokens");
    const auto again = Refresh(tokens_.refresh, id);
    if (!again.ok()) return Unexpected("a lost answer", again.error());
    if (again->refresh_token() != second->refresh_token()) {
      return Unexpected("a lost answer", "another successor");
    }
    Print("  RefreshToken    the same token again, as if the answer was lost: the same successor");
    const auto third = Refresh(second->refresh_token(), client::NewRequestId());
    if (!third.ok()) return Unexpected("RefreshToken", third.error());
    absl::Status active = ExpectActive(third->access_token(), true);
    if (!active.ok()) return active;
    const auto replay = Refresh(tokens_.refresh, client::NewRequestId());
    if (replay.ok()) return Unexpected("replay", "accepted");
    if (replay.error().code != absl::StatusCode::kUnauthenticated) {
      return Unexpected("replay", replay.error());
    }
    Print("  RefreshToken    a token that was replaced long ago: refused, and the session is over");
    return ExpectRevoked({third->access_token(), third->refresh_token()});
  }

  absl::Status SignOut() {
    v1::RevokeTokenRequest request;
    request.set_token(tokens_.refresh);
    const auto revoked = client_->RevokeToken(request);
    if (!revoked.ok()) return Unexpected("RevokeToken", revoked.error());
    Print("  RevokeToken     signed out");
    return ExpectRevoked(tokens_);
  }

  absl::Status SignOutEverywhere() {
    const auto revoked = client_->RevokeAllSessions({.bearer_token = tokens_.access});
    if (!revoked.ok()) return Unexpected("RevokeAllSessions", revoked.error());
    Print("  RevokeAllSess.  signed out everywhere");
    return ExpectRevoked(tokens_);
  }

  absl::Status ExpectActive(const std::string& token, bool active) {
    v1::IntrospectTokenRequest request;
    request.set_token(token);
    const auto facts = client_->IntrospectToken(request);
    if (!facts.ok()) return Unexpected("IntrospectToken", facts.error());
    if (facts->active() == active) return absl::OkStatus();
    return Unexpected("IntrospectToken", active ? "the token is dead" : "the token is alive");
  }

  absl::Status ExpectRevoked(const Tokens& tokens) {
    for (const std::string& token : {tokens.access, tokens.refresh}) {
      if (absl::Status status = ExpectActive(token, false); !status.ok()) return status;
    }
    Print("  IntrospectToken both tokens are good for nothing now");
    return absl::OkStatus();
  }

  const Person person_;
  const std::shared_ptr<client::AuthClient> client_;
  client::TokenVerifier verifier_;
  std::string handle_;
  std::string code_;
  Tokens tokens_;
  std::string user_id_;
};

}  // namespace

absl::Status SignIn(const std::string& address, const Person& person) {
  // The server is a development server, which has no certificate wherever it runs.
  const auto channel = client::NewChannel({.target = address, .plaintext_is_safe = true});
  if (!channel.ok()) return channel.status();
  return Walk(std::make_shared<client::AuthClient>(*channel), person).Run();
}

}  // namespace otpgate::demo
