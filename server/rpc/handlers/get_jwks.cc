#include <google/protobuf/util/json_util.h>

#include <utility>
#include <variant>
#include <vector>

#include "otpgate/v1/auth_service.pb.h"
#include "server/crypto/jwks.h"
#include "server/rpc/handlers/auth_methods.h"

namespace otpgate {
namespace {

// The message has the names of the standard, so the standard's JSON is its JSON.
Outcome<v1::GetJwksResponse> ResponseOf(const Outcome<std::vector<crypto::VerifyKey>>& known) {
  if (const auto* failure = std::get_if<Failure>(&known)) return *failure;
  const auto& keys = std::get<std::vector<crypto::VerifyKey>>(known);
  v1::GetJwksResponse response;
  const google::protobuf::util::Status parsed =
      google::protobuf::util::JsonStringToMessage(crypto::JwksJson(keys), &response);
  if (!parsed.ok()) return Failure{};
  return response;
}

}  // namespace

// Public keys are for anyone.
UnaryMethod GetJwksMethod(AuthUseCases use_cases) {
  return ReadOnly(Unary<v1::GetJwksRequest, v1::GetJwksResponse>(
      "otpgate.v1.AuthService/GetJwks", Access::kAnyone,
      [public_keys = std::move(use_cases.public_keys)](const CallInfo&, const v1::GetJwksRequest&,
                                                       Done<v1::GetJwksResponse> done) {
        done(ResponseOf(public_keys()));
      }));
}

}  // namespace otpgate
