#include "server/rpc/health_service.h"

#include <grpcpp/impl/rpc_service_method.h>

#include "google/rpc/code.pb.h"
#include "grpc/health/v1/health.pb.h"
#include "server/rpc/grpc_values.h"

namespace otpgate::rpc {
namespace {

using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;

HealthCheckResponse ResponseOf(Health health) {
  HealthCheckResponse response;
  switch (health) {
    case Health::kServing:
      response.set_status(HealthCheckResponse::SERVING);
      break;
    case Health::kNotServing:
      response.set_status(HealthCheckResponse::NOT_SERVING);
      break;
    case Health::kServiceUnknown:
      response.set_status(HealthCheckResponse::SERVICE_UNKNOWN);
      break;
  }
  return response;
}

}  // namespace

UnaryMethod HealthCheck(const HealthBoard* board) {
  UnaryMethod method;
  method.name = "grpc.health.v1.Health/Check";
  method.access = Access::kAnyone;
  method.log_level = LogLevel::kDebug;
  method.serve = [board](const CallInfo&, absl::string_view bytes, std::shared_ptr<Reply> reply) {
    HealthCheckRequest request;
    if (!request.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
      reply->Abort(google::rpc::INVALID_ARGUMENT, "malformed request");
      return;
    }
    const Health health = board->Of(request.service());
    if (health == Health::kServiceUnknown) {
      reply->Abort(google::rpc::NOT_FOUND, "unknown service");
    } else {
      reply->Send(ResponseOf(health));
    }
  };
  return method;
}

HealthWatchService::HealthWatchService() {
  AddMethod(new grpc::internal::RpcServiceMethod("/grpc.health.v1.Health/Watch",
                                                 grpc::internal::RpcMethod::SERVER_STREAMING,
                                                 /*handler=*/nullptr));
  MarkMethodRaw(0);
}

void HealthWatch::Post(HealthWatchService* service, HealthBoard* board, OpenCalls* open,
                       grpc::ServerCompletionQueue* queue) {
  auto* watch = new HealthWatch(service, board, open, queue);
  watch->context_.AsyncNotifyWhenDone(&watch->done_);
  service->Request(&watch->context_, &watch->request_, &watch->writer_, queue, &watch->accepted_);
}

void HealthWatch::OnAccepted(bool ok) {
  if (ok) {
    Post(service_, board_, open_, queue_);
    references_.Add();  // until OnDone
    grpc::Slice slice;
    const absl::string_view bytes = FlatBytes(request_, slice);
    HealthCheckRequest request;
    if (request.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
      board_->Watch(request.service(), this);
    } else {
      OnClosed();
    }
  }
  RemoveReference();
}

void HealthWatch::OnHealth(Health health) {
  absl::MutexLock lock(&mu_);
  wanted_ = health;
  Advance();
}

void HealthWatch::OnClosed() {
  absl::MutexLock lock(&mu_);
  closing_ = true;
  Advance();
}

void HealthWatch::Advance() {
  if (busy_ || over_) return;
  if (wanted_ != written_health_) {
    busy_ = true;
    written_health_ = wanted_;
    references_.Add();  // until OnWritten
    writer_.Write(Serialize(ResponseOf(*wanted_)), &written_);
  } else if (closing_) {
    over_ = true;
    references_.Add();  // until OnFinished
    writer_.Finish(grpc::Status(grpc::StatusCode::UNAVAILABLE, "the server goes away"), &finished_);
  }
}

void HealthWatch::OnWritten(bool ok) {
  {
    absl::MutexLock lock(&mu_);
    busy_ = false;
    if (!ok) over_ = true;
    Advance();
  }
  RemoveReference();
}

void HealthWatch::OnFinished(bool) { RemoveReference(); }

void HealthWatch::OnDone(bool) {
  board_->Unwatch(this);
  {
    absl::MutexLock lock(&mu_);
    over_ = true;
  }
  RemoveReference();
}

}  // namespace otpgate::rpc
