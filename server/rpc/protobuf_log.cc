#include "server/rpc/protobuf_log.h"

#include <google/protobuf/stubs/logging.h>

namespace otpgate {

void DiscardProtobufLog() { google::protobuf::SetLogHandler(nullptr); }

}  // namespace otpgate
