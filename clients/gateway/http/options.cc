#include "clients/gateway/http/options.h"

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace otpgate::gateway {
namespace {

// Beast keeps sizes of fields in 16 bits.
constexpr size_t kMostHeaderBytes = 60'000;
constexpr size_t kMostBodyBytes = 16 << 20;

absl::Status InBounds(const char* name, size_t value, size_t least, size_t most) {
  if (value >= least && value <= most) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(name, " must be ", least, " to ", most));
}

absl::Status CheckTimeouts(const HttpServerOptions& options) {
  for (const absl::Duration timeout :
       {options.handshake_timeout, options.header_timeout, options.body_timeout,
        options.idle_timeout, options.write_timeout, options.linger_timeout}) {
    if (timeout < absl::Milliseconds(1) || timeout > absl::Hours(24)) {
      return absl::InvalidArgumentError("timeouts must be 1 ms to 24 h");
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckOptions(const HttpServerOptions& options) {
  if (options.threads < 1 || options.threads > 64) {
    return absl::InvalidArgumentError("threads must be 1 to 64");
  }
  if (options.max_connections < 1 || options.max_requests_per_connection < 1) {
    return absl::InvalidArgumentError("max_connections and its requests must be at least 1");
  }
  OTPGATE_RETURN_IF_ERROR(
      InBounds("max_header_bytes", options.max_header_bytes, 64, kMostHeaderBytes));
  OTPGATE_RETURN_IF_ERROR(InBounds("max_headers", options.max_headers, 1, 1000));
  OTPGATE_RETURN_IF_ERROR(
      InBounds("max_target_bytes", options.max_target_bytes, 1, kMostHeaderBytes));
  OTPGATE_RETURN_IF_ERROR(InBounds("max_body_bytes", options.max_body_bytes, 0, kMostBodyBytes));
  return CheckTimeouts(options);
}

}  // namespace otpgate::gateway
