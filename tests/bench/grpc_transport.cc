#include "tests/bench/grpc_transport.h"

#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/generic/generic_stub.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/check.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "tests/support/grpc_call.h"

namespace otpgate::bench {
namespace {

constexpr std::chrono::seconds kDeadline(20);

grpc::ByteBuffer ToBuffer(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

std::string ToString(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (!buffer.Dump(&slices).ok()) return bytes;
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

bool HasRetryInfo(const grpc::Status& status) {
  google::rpc::Status details;
  if (!details.ParseFromString(status.error_details())) return false;
  return std::any_of(details.details().begin(), details.details().end(), [](const auto& detail) {
    return detail.template Is<google::rpc::RetryInfo>();
  });
}

}  // namespace

struct GrpcTransport::Call {
  size_t slot = 0;
  std::string method;
  std::unique_ptr<grpc::ClientContext> context;
  std::unique_ptr<grpc::GenericClientAsyncResponseReader> reader;
  grpc::ByteBuffer reply;
  grpc::Status status;
};

struct GrpcTransport::State {
  std::vector<grpc::GenericStub> stubs;
  grpc::CompletionQueue queue;
  std::deque<Call> calls;  // by slot; a deque, since the queue points at them
};

GrpcTransport::GrpcTransport(int port, size_t connections) : state_(std::make_unique<State>()) {
  for (size_t i = 0; i < connections; ++i) {
    state_->stubs.emplace_back(support::NewChannel(port));
  }
}

GrpcTransport::~GrpcTransport() = default;

void GrpcTransport::Send(size_t slot, const LoadCall& load_call) {
  for (size_t next = state_->calls.size(); next <= slot; ++next) {
    state_->calls.emplace_back().slot = next;
  }
  Call& call = state_->calls[slot];
  call.method = load_call.method;
  call.context = std::make_unique<grpc::ClientContext>();
  call.context->set_deadline(std::chrono::system_clock::now() + kDeadline);
  call.context->set_wait_for_ready(true);
  if (!load_call.client_ip.empty()) {
    call.context->AddMetadata("x-otpgate-client-ip", load_call.client_ip);
  }
  if (!load_call.bearer.empty()) {
    call.context->AddMetadata("authorization", absl::StrCat("Bearer ", load_call.bearer));
  }
  call.reply.Clear();
  grpc::GenericStub& stub = state_->stubs[slot % state_->stubs.size()];
  call.reader = stub.PrepareUnaryCall(call.context.get(), absl::StrCat("/", call.method),
                                      ToBuffer(load_call.message), &state_->queue);
  call.reader->StartCall();
  call.reader->Finish(&call.reply, &call.status, &call);
}

std::optional<Transport::Answer> GrpcTransport::Next(absl::Duration timeout) {
  void* tag = nullptr;
  bool ok = false;
  if (timeout == absl::InfiniteDuration()) {
    OTPGATE_CHECK(state_->queue.Next(&tag, &ok));
  } else if (state_->queue.AsyncNext(&tag, &ok, absl::ToChronoTime(absl::Now() + timeout)) !=
             grpc::CompletionQueue::GOT_EVENT) {
    return std::nullopt;
  }
  const Call& call = *static_cast<Call*>(tag);
  Answer answer{.slot = call.slot, .status = absl::OkStatus(), .reply = ToString(call.reply)};
  if (!call.status.ok()) {
    answer.status = absl::Status(static_cast<absl::StatusCode>(call.status.error_code()),
                                 absl::StrCat(call.method, ": ", call.status.error_message()));
    answer.hint = HasRetryInfo(call.status);
  }
  return answer;
}

}  // namespace otpgate::bench
