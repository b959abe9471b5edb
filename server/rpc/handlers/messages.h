#ifndef OTPGATE_SERVER_RPC_HANDLERS_MESSAGES_H_
#define OTPGATE_SERVER_RPC_HANDLERS_MESSAGES_H_

#include <google/protobuf/timestamp.pb.h>

#include <cstdint>

#include "absl/time/time.h"
#include "otpgate/v1/types.pb.h"
#include "server/service/results.h"

// Parts of messages that several responses share. Pure.
namespace otpgate::rpc {

v1::UserType ToProto(storage::UserType type);

void SetTimestamp(absl::Time time, google::protobuf::Timestamp& timestamp);

// Whole seconds: lifetimes are rounded down and waits are rounded up, so that the caller comes
// neither too late nor too early.
uint32_t SecondsLeft(absl::Duration life);
uint32_t SecondsToWait(absl::Duration wait);

// An account has an identifier only after a code sent to it was entered correctly, so each one it
// has is verified.
void SetUser(const service::UserProfile& profile, v1::User& user);

}  // namespace otpgate::rpc

#endif  // OTPGATE_SERVER_RPC_HANDLERS_MESSAGES_H_
