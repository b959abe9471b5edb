#include "server/rpc/grpc_log.h"

#include <grpc/support/log.h>

#include <atomic>

namespace otpgate {
namespace {

std::atomic<Log*> the_log{nullptr};

LogLevel LevelOf(gpr_log_severity severity) {
  return severity == GPR_LOG_SEVERITY_ERROR ? LogLevel::kWarning : LogLevel::kDebug;
}

void Forward(gpr_log_func_args* args) {
  if (Log* log = the_log.load()) {
    log->Write(LevelOf(args->severity), "GRPC",
               {{"message", args->message}, {"file", args->file}, {"line", args->line}});
  }
}

}  // namespace

void SendGrpcLogTo(Log* log) {
  the_log = log;
  gpr_set_log_function(log == nullptr ? nullptr : Forward);
}

}  // namespace otpgate
