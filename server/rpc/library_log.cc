#include "server/rpc/library_log.h"

#include <google/protobuf/stubs/logging.h>
#include <grpc/support/log.h>

#include "absl/base/attributes.h"
#include "absl/base/const_init.h"
#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace otpgate::rpc {
namespace {

// gRPC logs from threads of its own at any time, also while the log is destroyed.
ABSL_CONST_INIT absl::Mutex mu(absl::kConstInit);
Log* the_log ABSL_GUARDED_BY(mu) = nullptr;

LogLevel LevelOf(gpr_log_severity severity) {
  return severity == GPR_LOG_SEVERITY_ERROR ? LogLevel::kWarning : LogLevel::kDebug;
}

void Forward(gpr_log_func_args* args) {
  absl::MutexLock lock(&mu);
  if (the_log != nullptr) {
    the_log->Write(LevelOf(args->severity), "GRPC",
                   {{"message", args->message}, {"file", args->file}, {"line", args->line}});
  }
}

}  // namespace

GrpcLogRedirect::GrpcLogRedirect(Log* log) {
  absl::MutexLock lock(&mu);
  the_log = log;
  gpr_set_log_function(Forward);
}

GrpcLogRedirect::~GrpcLogRedirect() {
  absl::MutexLock lock(&mu);
  the_log = nullptr;
  gpr_set_log_function(nullptr);
}

void DiscardProtobufLog() { google::protobuf::SetLogHandler(nullptr); }

}  // namespace otpgate::rpc
