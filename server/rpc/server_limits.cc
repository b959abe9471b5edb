#include "server/rpc/server_limits.h"

#include <grpcpp/resource_quota.h>

#include <algorithm>
#include <limits>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "server/rpc/listen_address.h"

namespace otpgate::rpc {
namespace {

absl::Status InRange(const char* option, int64_t value, int64_t least, int64_t most) {
  if (value >= least && value <= most) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(option, " is ", value, ", must be ", least, " to ", most));
}

absl::Status Positive(const char* option, absl::Duration value) {
  if (value > absl::ZeroDuration()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(option, " must be positive"));
}

absl::Status CheckAddress(const ServerOptions& options, const std::string& address) {
  const absl::Status status = CheckPlaintextAddress(address);
  const bool others_may_reach_it = !options.tls.directory.empty() || options.plaintext_is_safe;
  return absl::IsFailedPrecondition(status) && others_may_reach_it ? absl::OkStatus() : status;
}

int Millis(absl::Duration duration) {
  return static_cast<int>(
      std::min<int64_t>(absl::ToInt64Milliseconds(duration), std::numeric_limits<int>::max()));
}

}  // namespace

absl::Status CheckOptions(const ServerOptions& options) {
  if (options.addresses.empty()) return absl::InvalidArgumentError("no address to listen on");
  for (const std::string& address : options.addresses) {
    OTPGATE_RETURN_IF_ERROR(CheckAddress(options, address));
  }
  OTPGATE_RETURN_IF_ERROR(InRange("threads", options.threads, 0, 64));
  OTPGATE_RETURN_IF_ERROR(InRange("posted_calls", options.posted_calls, 1, 1024));
  OTPGATE_RETURN_IF_ERROR(InRange("max_message_bytes", options.max_message_bytes, 1024, 4 << 20));
  OTPGATE_RETURN_IF_ERROR(InRange("max_metadata_bytes", options.max_metadata_bytes, 1024, 1 << 20));
  OTPGATE_RETURN_IF_ERROR(InRange("max_streams", options.max_streams, 1, 1 << 20));
  OTPGATE_RETURN_IF_ERROR(InRange("max_buffer_bytes", options.max_buffer_bytes, 1 << 20,
                                  std::numeric_limits<int64_t>::max()));
  OTPGATE_RETURN_IF_ERROR(Positive("max_deadline", options.max_deadline));
  OTPGATE_RETURN_IF_ERROR(Positive("default_deadline", options.default_deadline));
  if (options.default_deadline > options.max_deadline) {
    return absl::InvalidArgumentError("default_deadline is longer than max_deadline");
  }
  return absl::OkStatus();
}

void SetLimits(const ServerOptions& options, grpc::ServerBuilder& builder) {
  builder.SetMaxReceiveMessageSize(options.max_message_bytes);
  // A compressed message may be a thousand times larger than the size that was checked.
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_DEFLATE, false);
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_GZIP, false);
  builder.SetResourceQuota(
      grpc::ResourceQuota("otpgate").Resize(static_cast<size_t>(options.max_buffer_bytes)));
  const auto set = [&builder](const char* argument, int value) {
    builder.AddChannelArgument(argument, value);
  };
  set(GRPC_ARG_MAX_METADATA_SIZE, options.max_metadata_bytes);
  set(GRPC_ARG_MAX_CONCURRENT_STREAMS, options.max_streams);
  set(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, Millis(options.handshake_timeout));
  set(GRPC_ARG_KEEPALIVE_TIME_MS, Millis(options.keepalive_time));
  set(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, Millis(options.keepalive_timeout));
  set(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, Millis(options.min_ping_interval));
  set(GRPC_ARG_MAX_CONNECTION_AGE_MS, Millis(options.max_connection_age));
  set(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS, Millis(options.max_connection_age_grace));
  // Otherwise a second server on the same port would silently take half of the calls.
  set(GRPC_ARG_ALLOW_REUSEPORT, 0);
}

}  // namespace otpgate::rpc
