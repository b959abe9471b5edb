#ifndef OTPGATE_CLIENTS_GATEWAY_TRANSCODE_TRANSCODER_H_
#define OTPGATE_CLIENTS_GATEWAY_TRANSCODE_TRANSCODER_H_

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "clients/gateway/transcode/route_table.h"
#include "clients/gateway/transcode/violation.h"

namespace otpgate::gateway {

// The largest body. Messages of the API stay below 20 KiB.
inline constexpr size_t kMaxBodyBytes = size_t{64} << 10;

// The parts of an HTTP request that say which RPC it is. Views, which must outlive the call.
struct RestRequest {
  absl::string_view method;                       // "POST", as it came
  absl::string_view path;                         // "/v1/sessions/a%2Fb", as it came
  absl::string_view query;                        // without "?", as it came; empty: none
  std::optional<absl::string_view> content_type;  // none: no such header
  absl::string_view body;                         // empty: none
};

// The RPC that a request means.
struct RpcRequest {
  const google::protobuf::MethodDescriptor* method = nullptr;
  std::string grpc_path;  // "/otpgate.v1.AuthService/RequestOtp"
  std::unique_ptr<google::protobuf::Message> message;
  const Binding* binding = nullptr;  // for RenderReply; lives as long as the transcoder
};

// Why a request means no RPC. ErrorOf in error_body.h makes an answer of it.
struct Rejection {
  int http_status = 400;                // 400, 404, 405, 413, 415 or 501
  std::string message;                  // for people; quotes nothing of the request
  std::vector<Violation> violations;    // 400: never empty
  std::vector<std::string> allow = {};  // 405: sorted
  const google::protobuf::MethodDescriptor* method = nullptr;  // that it was for, as far as known
};

// The refusal of an HTTP method by a path that takes those of `allow`: 405; 501 for one that nobody
// knows (RFC 9110, 9.1). Thread-safe.
Rejection RejectMethod(absl::string_view http_method, std::vector<std::string> allow);

// Turns HTTP requests into RPCs by the google.api.http annotations of services that are compiled
// in; see google/api/http.proto. Does no I/O. Thread-safe.
class Transcoder {
 public:
  // INVALID_ARGUMENT, naming the method: see RouteTable::Create. Descriptors are those of
  // DescriptorPool::generated_pool().
  static absl::StatusOr<Transcoder> Create(
      absl::Span<const google::protobuf::ServiceDescriptor* const> services);

  // An empty body is an empty object where the method takes a body, whatever its content type.
  // Where it takes none, a body is refused. Each field has one source: path, body or query.
  std::variant<RpcRequest, Rejection> Transcode(const RestRequest& request) const;

  const RouteTable& routes() const { return routes_; }

 private:
  explicit Transcoder(RouteTable routes) : routes_(std::move(routes)) {}

  RouteTable routes_;
};

// Sets the field `request_id` of a request to the UUID that came in a header (Idempotency-Key). A
// type without such a string field is left alone. False: the request has another one already;
// nothing was changed. Case makes no difference (RFC 9562, 4).
bool SetRequestId(google::protobuf::Message& request, absl::string_view uuid);

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_TRANSCODE_TRANSCODER_H_
