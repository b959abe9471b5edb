#include "clients/demo/session_steps.h"

#include "clients/demo/steps.h"

namespace otpgate::demo {
namespace {

grpc::Status Refresh(v1::AuthService::Stub& stub, const std::string& token, Tokens* next) {
  v1::RefreshTokenRequest request;
  request.set_refresh_token(token);
  grpc::ClientContext context;
  Prepare(context);
  v1::RefreshTokenResponse response;
  grpc::Status status = stub.RefreshToken(&context, request, &response);
  *next = {response.access_token(), response.refresh_token()};
  return status;
}

// The token must be good for something, or for nothing.
absl::Status ExpectActive(v1::AuthService::Stub& stub, const std::string& token, bool active) {
  v1::IntrospectTokenRequest request;
  request.set_token(token);
  grpc::ClientContext context;
  Prepare(context);
  v1::IntrospectTokenResponse response;
  const grpc::Status status = stub.IntrospectToken(&context, request, &response);
  if (!status.ok()) return Surprise("IntrospectToken", status);
  if (response.active() == active) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("IntrospectToken: the token is ", active ? "dead" : "alive"));
}

absl::Status ExpectDead(v1::AuthService::Stub& stub, const Tokens& tokens) {
  for (const std::string& token : {tokens.access, tokens.refresh}) {
    if (absl::Status status = ExpectActive(stub, token, false); !status.ok()) return status;
  }
  Print("  IntrospectToken both tokens are good for nothing now");
  return absl::OkStatus();
}

}  // namespace

absl::Status ShowReplay(v1::AuthService::Stub& stub, const Tokens& tokens) {
  Tokens second, again, third, none;
  grpc::Status status = Refresh(stub, tokens.refresh, &second);
  if (!status.ok()) return Surprise("RefreshToken", status);
  Print("  RefreshToken    the next pair of tokens");
  status = Refresh(stub, tokens.refresh, &again);
  if (!status.ok() || again.refresh != second.refresh) return Surprise("a lost answer", status);
  Print("  RefreshToken    the same token again, as if the answer was lost: the same successor");
  status = Refresh(stub, second.refresh, &third);
  if (!status.ok()) return Surprise("RefreshToken", status);
  if (absl::Status active = ExpectActive(stub, third.access, true); !active.ok()) return active;
  status = Refresh(stub, tokens.refresh, &none);
  if (status.error_code() != grpc::StatusCode::UNAUTHENTICATED) return Surprise("replay", status);
  Print("  RefreshToken    a token that was replaced long ago: refused, and the session is over");
  return ExpectDead(stub, third);
}

absl::Status ShowSignOut(v1::AuthService::Stub& stub, const Tokens& tokens) {
  v1::RevokeTokenRequest request;
  request.set_token(tokens.refresh);
  grpc::ClientContext context;
  Prepare(context);
  v1::RevokeTokenResponse response;
  const grpc::Status status = stub.RevokeToken(&context, request, &response);
  if (!status.ok()) return Surprise("RevokeToken", status);
  Print("  RevokeToken     signed out");
  return ExpectDead(stub, tokens);
}

absl::Status ShowSignOutEverywhere(v1::AuthService::Stub& stub, const Tokens& tokens) {
  grpc::ClientContext context;
  Prepare(context);
  context.AddMetadata("authorization", absl::StrCat("Bearer ", tokens.access));
  v1::RevokeAllSessionsResponse response;
  const grpc::Status status = stub.RevokeAllSessions(&context, {}, &response);
  if (!status.ok()) return Surprise("RevokeAllSessions", status);
  Print("  RevokeAllSess.  signed out everywhere");
  return ExpectDead(stub, tokens);
}

}  // namespace otpgate::demo
