#include "tests/bench/load.h"

#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/generic/generic_stub.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "server/runtime/check.h"
#include "server/runtime/clock.h"
#include "tests/support/grpc_call.h"

namespace otpgate::bench {
namespace {

constexpr size_t kConnections = 4;
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

// One of the operations under way.
struct Slot {
  grpc::GenericStub* stub = nullptr;
  int64_t operation = 0;
  absl::Duration started;
  std::string method;
  std::unique_ptr<grpc::ClientContext> context;
  std::unique_ptr<grpc::GenericClientAsyncResponseReader> reader;
  grpc::ByteBuffer reply;
  grpc::Status status;
};

// One load from its first call to its last answer.
class Load {
 public:
  Load(grpc::CompletionQueue& queue, Operation& operation, const LoadLimits& limits)
      : queue_(queue), operation_(operation), limits_(limits) {}

  absl::StatusOr<LoadResult> Run(std::vector<grpc::GenericStub>& stubs) {
    start_ = clock_.Steady();
    std::vector<Slot> slots(static_cast<size_t>(limits_.concurrency));
    for (size_t i = 0; i < slots.size(); ++i) {
      slots[i].stub = &stubs[i % stubs.size()];
      BeginIn(slots[i]);
    }
    while (open_ > 0) {
      void* tag = nullptr;
      bool ok = false;
      OTPGATE_CHECK(queue_.Next(&tag, &ok));
      --open_;
      Answered(*static_cast<Slot*>(tag));
    }
    if (!failure_.ok()) return failure_;
    result_.elapsed = clock_.Steady() - start_;
    std::sort(result_.latencies.begin(), result_.latencies.end());
    return std::move(result_);
  }

 private:
  void BeginIn(Slot& slot) {
    const absl::Duration now = clock_.Steady();
    const bool over = begun_ >= limits_.operations || now - start_ >= limits_.duration;
    if (over || !failure_.ok()) return;
    slot.operation = begun_++;
    slot.started = now;
    Send(slot, operation_.Begin(slot.operation));
  }

  void Send(Slot& slot, LoadCall call) {
    slot.method = std::move(call.method);
    slot.context = std::make_unique<grpc::ClientContext>();
    slot.context->set_deadline(std::chrono::system_clock::now() + kDeadline);
    slot.context->set_wait_for_ready(true);
    if (!call.client_ip.empty()) slot.context->AddMetadata("x-otpgate-client-ip", call.client_ip);
    if (!call.bearer.empty()) {
      slot.context->AddMetadata("authorization", absl::StrCat("Bearer ", call.bearer));
    }
    slot.reply.Clear();
    slot.reader = slot.stub->PrepareUnaryCall(slot.context.get(), absl::StrCat("/", slot.method),
                                              ToBuffer(call.message), &queue_);
    slot.reader->StartCall();
    slot.reader->Finish(&slot.reply, &slot.status, &slot);
    ++open_;
  }

  void Answered(Slot& slot) {
    if (!slot.status.ok()) {
      failure_ = absl::Status(static_cast<absl::StatusCode>(slot.status.error_code()),
                              absl::StrCat(slot.method, ": ", slot.status.error_message()));
      return;
    }
    if (auto next = operation_.Continue(slot.operation, ToString(slot.reply))) {
      return Send(slot, *std::move(next));
    }
    result_.latencies.push_back(clock_.Steady() - slot.started);
    BeginIn(slot);
  }

  const SystemClock clock_{};
  grpc::CompletionQueue& queue_;
  Operation& operation_;
  const LoadLimits limits_;
  absl::Duration start_;
  int64_t begun_ = 0;
  int open_ = 0;
  absl::Status failure_;
  LoadResult result_;
};

}  // namespace

struct LoadGenerator::Connections {
  std::vector<grpc::GenericStub> stubs;
  grpc::CompletionQueue queue;
};

LoadGenerator::LoadGenerator(int port) : connections_(std::make_unique<Connections>()) {
  for (size_t i = 0; i < kConnections; ++i) {
    connections_->stubs.emplace_back(testing::NewChannel(port));
  }
}

LoadGenerator::~LoadGenerator() = default;

absl::StatusOr<LoadResult> LoadGenerator::Run(Operation& operation, const LoadLimits& limits) {
  return Load(connections_->queue, operation, limits).Run(connections_->stubs);
}

}  // namespace otpgate::bench
