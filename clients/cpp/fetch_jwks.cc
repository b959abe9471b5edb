#include <google/protobuf/util/json_util.h>

#include <utility>

#include "otpgate/client/jwks.h"

namespace otpgate::client {

JwksFetch FetchJwksFrom(std::shared_ptr<AuthClient> client, absl::Duration deadline) {
  return [client = std::move(client), deadline]() -> absl::StatusOr<std::string> {
    const Result<v1::GetJwksResponse> response = client->GetJwks({.deadline = deadline});
    if (!response.ok()) return ToStatus(response.error());
    // The fields have the names of RFC 7517, so the JSON of the message is a JWK Set.
    std::string json;
    if (!google::protobuf::util::MessageToJsonString(*response, &json).ok()) {
      return absl::UnavailableError("a key set that is no JSON");
    }
    return json;
  };
}

}  // namespace otpgate::client
