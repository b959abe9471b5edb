#include "clients/gateway/grpc_backend.h"

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/support/slice.h>

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"

namespace otpgate::gateway {
namespace {

grpc::ByteBuffer ToBuffer(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

// False: the reply cannot be read, which would be a fault of gRPC.
bool FromBuffer(const grpc::ByteBuffer& buffer, std::string& bytes) {
  std::vector<grpc::Slice> slices;
  if (!buffer.Dump(&slices).ok()) return false;
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return true;
}

}  // namespace

struct GrpcBackend::Pending {
  grpc::ClientContext context;
  std::unique_ptr<grpc::ClientAsyncResponseReader<grpc::ByteBuffer>> reader;
  grpc::ByteBuffer reply;
  grpc::Status status;
  std::function<void(RpcReply)> done;
  Pending* previous = nullptr;
  Pending* next = nullptr;

  RpcReply Answer() const {
    RpcReply out;
    out.code = status.error_code();
    out.message = status.error_message();
    out.details = status.error_details();
    if (status.ok() && !FromBuffer(reply, out.message)) out.code = grpc::StatusCode::INTERNAL;
    return out;
  }
};

GrpcBackend::GrpcBackend(std::vector<std::shared_ptr<grpc::Channel>> channels)
    : channels_(std::move(channels)) {
  for (const auto& channel : channels_) stubs_.push_back(std::make_unique<Stub>(channel));
  thread_ = std::thread([this] { TakeAnswers(); });
}

GrpcBackend::~GrpcBackend() {
  {
    const absl::MutexLock lock(&mu_);
    ending_ = true;
    for (Pending* call = first_; call != nullptr; call = call->next) call->context.TryCancel();
    const auto none_left = [this]() ABSL_SHARED_LOCKS_REQUIRED(mu_) { return first_ == nullptr; };
    mu_.Await(absl::Condition(&none_left));
  }
  queue_.Shutdown();
  thread_.join();
}

void GrpcBackend::Call(RpcCall call, std::function<void(RpcReply)> done) {
  auto pending = std::make_unique<Pending>();
  pending->done = std::move(done);
  pending->context.set_deadline(absl::ToChronoTime(absl::Now() + call.timeout));
  // A user waits: without a server the answer is 503 after the retries of the channel.
  pending->context.set_wait_for_ready(false);
  for (const auto& [name, value] : call.metadata) pending->context.AddMetadata(name, value);
  if (!Begin(*pending)) {
    pending->done({grpc::StatusCode::UNAVAILABLE, "the gateway ends", ""});
    return;
  }
  Stub& stub = *stubs_[next_.fetch_add(1, std::memory_order_relaxed) % stubs_.size()];
  Pending* tag = pending.release();
  tag->reader = stub.PrepareUnaryCall(&tag->context, call.path, ToBuffer(call.message), &queue_);
  tag->reader->StartCall();
  tag->reader->Finish(&tag->reply, &tag->status, tag);
}

bool GrpcBackend::ready() {
  return std::any_of(channels_.begin(), channels_.end(), [](const auto& channel) {
    return channel->GetState(/*try_to_connect=*/true) == GRPC_CHANNEL_READY;
  });
}

void GrpcBackend::TakeAnswers() {
  void* tag = nullptr;
  bool ok = false;
  while (queue_.Next(&tag, &ok)) {
    const std::unique_ptr<Pending> call(static_cast<Pending*>(tag));
    call->done(call->Answer());
    End(*call);
  }
}

bool GrpcBackend::Begin(Pending& call) {
  const absl::MutexLock lock(&mu_);
  if (ending_) return false;
  call.next = first_;
  if (first_ != nullptr) first_->previous = &call;
  first_ = &call;
  return true;
}

void GrpcBackend::End(Pending& call) {
  const absl::MutexLock lock(&mu_);
  (call.previous != nullptr ? call.previous->next : first_) = call.next;
  if (call.next != nullptr) call.next->previous = call.previous;
}

}  // namespace otpgate::gateway
