#ifndef OTPGATE_SERVER_POLICIES_H_
#define OTPGATE_SERVER_POLICIES_H_

#include "server/auth/token_issuer.h"
#include "server/config/config.h"
#include "server/domain/bucket_rules.h"
#include "server/domain/otp_policy.h"
#include "server/domain/session_rules.h"
#include "server/engine/queue.h"
#include "server/rpc/server.h"
#include "server/validation/inputs.h"

namespace otpgate {

// The configuration as each layer wants it. Pure.
OtpPolicy OtpPolicyFrom(const Config& config);
SessionPolicy SessionPolicyFrom(const SessionsConfig& sessions);
TokenPolicy TokenPolicyFrom(const TokensConfig& tokens);
BucketLimit ClientLimitFrom(const LimitsConfig& limits);
QueueLimits QueueLimitsFrom(const EngineConfig& engine);
TlsOptions TlsOptionsFrom(const ListenConfig& listen);
ServerOptions ServerOptionsFrom(const ListenConfig& listen);
ValidationLimits ValidationLimitsFrom(const Config& config);

}  // namespace otpgate

#endif  // OTPGATE_SERVER_POLICIES_H_
