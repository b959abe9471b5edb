// otpgate-example ADDRESS E-MAIL [ISSUER]: signs a user in, checks the access token without a call,
// and exchanges the refresh token. Works against a development server, which tells the code.
#include <otpgate/client.h>

#include <iostream>
#include <memory>
#include <string>

namespace {

using otpgate::client::AccessClaims;
using otpgate::client::AuthClient;
using otpgate::client::Error;
using otpgate::client::NewChannel;
using otpgate::client::TokenVerifier;
namespace v1 = otpgate::v1;

// Error.reason tells what to do about it; see otpgate/v1/errors.proto.
absl::Status SignIn(const std::string& address, const std::string& email,
                    const std::string& issuer) {
  const auto channel = NewChannel({.target = address});
  if (!channel.ok()) return channel.status();
  const auto otpgate = std::make_shared<AuthClient>(*channel);
  TokenVerifier verifier(otpgate, {.issuer = issuer});

  v1::RequestOtpRequest request;
  request.mutable_identifier()->set_email(email);
  const auto asked = otpgate->RequestOtp(request);
  if (!asked.ok()) return ToStatus(asked.error());
  std::cout << "sent to " << asked->masked_destination() << '\n';

  v1::VerifyOtpRequest entered;
  entered.set_handle(asked->handle());
  entered.set_code(asked->development_code());  // in production the user types it
  const auto signed_in = otpgate->VerifyOtp(entered);
  if (!signed_in.ok()) return ToStatus(signed_in.error());

  // No call: the published keys are fetched once and kept.
  const absl::StatusOr<AccessClaims> claims = verifier.Verify(signed_in->access_token());
  if (!claims.ok()) return claims.status();
  std::cout << "signed in as " << claims->sub << '\n';
  std::cout << "token good until " << claims->exp << '\n';

  v1::RefreshTokenRequest refresh;
  refresh.set_refresh_token(signed_in->refresh_token());
  const auto refreshed = otpgate->RefreshToken(refresh);
  if (!refreshed.ok()) return ToStatus(refreshed.error());
  std::cout << "refreshed session " << refreshed->session_id() << '\n';
  return verifier.Verify(refreshed->access_token()).status();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3 || argc > 4) {
    std::cerr << "usage: otpgate-example ADDRESS E-MAIL [ISSUER]\n";
    return 2;
  }
  const absl::Status status = SignIn(argv[1], argv[2], argc > 3 ? argv[3] : "otpgate");
  if (!status.ok()) std::cerr << status << '\n';
  return status.ok() ? 0 : 1;
}
