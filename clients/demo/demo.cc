#include "clients/demo/demo.h"

#include <grpcpp/grpcpp.h>

#include <initializer_list>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "clients/demo/session_steps.h"
#include "clients/demo/steps.h"
#include "otpgate/v1/auth_service.grpc.pb.h"
#include "server/crypto/jws.h"
#include "server/crypto/signing.h"

namespace otpgate::demo {
namespace {

// One person's way through the API.
class Login {
 public:
  Login(const std::string& address, const Person& person)
      : person_(person),
        stub_(v1::AuthService::NewStub(
            grpc::CreateChannel(address, grpc::InsecureChannelCredentials()))) {}

  absl::Status Run() {
    Print("\n", person_.identifier, " (", person_.demo_user ? "demo" : "live", ")");
    absl::Status status = Follow({&Login::Request, &Login::GuessWrong, &Login::GuessRight,
                                  &Login::GuessAgain, &Login::CheckToken, &Login::AskWhoIAm});
    if (status.ok()) status = ShowReplay(*stub_, tokens_);
    if (status.ok()) status = Follow({&Login::Request, &Login::GuessRight});
    if (status.ok()) status = ShowSignOut(*stub_, tokens_);
    if (status.ok()) status = Follow({&Login::Request, &Login::GuessRight});
    if (status.ok()) status = ShowSignOutEverywhere(*stub_, tokens_);
    return status;
  }

 private:
  absl::Status Follow(std::initializer_list<absl::Status (Login::*)()> steps) {
    for (const auto step : steps) {
      if (absl::Status status = (this->*step)(); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

  absl::Status Request() {
    v1::RequestOtpRequest request;
    if (absl::StrContains(person_.identifier, '@')) {
      request.mutable_identifier()->set_email(person_.identifier);
    } else {
      request.mutable_identifier()->set_phone_number(person_.identifier);
    }
    request.set_user_type(person_.demo_user ? v1::USER_TYPE_DEMO : v1::USER_TYPE_LIVE);
    grpc::ClientContext context;
    Prepare(context);
    v1::RequestOtpResponse response;
    const grpc::Status status = stub_->RequestOtp(&context, request, &response);
    if (!status.ok()) return Surprise("RequestOtp", status);
    handle_ = response.handle();
    code_ = response.development_code();
    if (code_.empty()) {
      return absl::FailedPreconditionError("the server does not reveal codes");
    }
    Print("  RequestOtp      a code is on its way to ", response.masked_destination(),
          ", good for ", response.expires_in(), " s");
    return absl::OkStatus();
  }

  grpc::Status Verify(const std::string& code, v1::VerifyOtpResponse* response) {
    v1::VerifyOtpRequest request;
    request.set_handle(handle_);
    request.set_code(code);
    request.set_device_info("otpgate-demo");
    grpc::ClientContext context;
    Prepare(context);
    return stub_->VerifyOtp(&context, request, response);
  }

  absl::Status ExpectRefusal(absl::string_view what, const std::string& code) {
    v1::VerifyOtpResponse response;
    const grpc::Status status = Verify(code, &response);
    if (status.error_code() != grpc::StatusCode::FAILED_PRECONDITION) return Surprise(what, status);
    Print("  VerifyOtp       ", what, ": refused (", status.error_message(), ")");
    return absl::OkStatus();
  }

  absl::Status GuessWrong() {
    std::string wrong = code_;
    wrong[0] = wrong[0] == '9' ? '0' : static_cast<char>(wrong[0] + 1);
    return ExpectRefusal("a wrong code", wrong);
  }
  absl::Status GuessAgain() { return ExpectRefusal("the same code again", code_); }

  absl::Status GuessRight() {
    v1::VerifyOtpResponse response;
    const grpc::Status status = Verify(code_, &response);
    if (!status.ok()) return Surprise("VerifyOtp", status);
    tokens_ = {response.access_token(), response.refresh_token()};
    user_id_ = response.user().id();
    Print("  VerifyOtp       the right code: signed in as ", user_id_,
          response.new_user() ? " (new account)" : "", ", access token for ", response.expires_in(),
          " s");
    return absl::OkStatus();
  }

  // As a microservice would, without asking the server about the token.
  absl::Status CheckToken() {
    grpc::ClientContext context;
    Prepare(context);
    v1::GetJwksResponse response;
    const grpc::Status status = stub_->GetJwks(&context, {}, &response);
    if (!status.ok()) return Surprise("GetJwks", status);
    std::vector<crypto::VerifyKey> keys;
    for (const v1::Jwk& jwk : response.keys()) {
      auto key = crypto::VerifyKey::FromJwk(jwk.x(), jwk.y());
      if (!key.ok()) return key.status();
      keys.push_back(*std::move(key));
    }
    const auto lookup = [&](absl::string_view kid) -> const crypto::VerifyKey* {
      for (const crypto::VerifyKey& key : keys) {
        if (key.kid() == kid) return &key;
      }
      return nullptr;
    };
    const crypto::VerifyOptions options{
        .issuer = "otpgate",
        .audiences = {person_.demo_user ? "otpgate-demo" : "otpgate"},
        .leeway = absl::Seconds(5)};
    const auto claims = crypto::VerifyAccessToken(tokens_.access, lookup, absl::Now(), options);
    if (!claims.ok()) return claims.status();
    Print("  GetJwks         the token's signature and claims are in order (sub ", claims->sub,
          ")");
    return absl::OkStatus();
  }

  absl::Status AskWhoIAm() {
    grpc::ClientContext context;
    Prepare(context);
    context.AddMetadata("authorization", absl::StrCat("Bearer ", tokens_.access));
    v1::GetCurrentUserResponse response;
    const grpc::Status status = stub_->GetCurrentUser(&context, {}, &response);
    if (!status.ok()) return Surprise("GetCurrentUser", status);
    if (response.user().id() != user_id_) {
      return absl::FailedPreconditionError("GetCurrentUser names somebody else");
    }
    Print("  GetCurrentUser  ", response.user().id(), " ", response.user().phone_number(),
          response.user().email());
    return absl::OkStatus();
  }

  const Person person_;
  const std::unique_ptr<v1::AuthService::Stub> stub_;
  std::string handle_;
  std::string code_;
  Tokens tokens_;
  std::string user_id_;
};

}  // namespace

absl::Status SignIn(const std::string& address, const Person& person) {
  return Login(address, person).Run();
}

}  // namespace otpgate::demo
