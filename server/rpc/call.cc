#include "server/rpc/call.h"

#include <grpcpp/support/error_details.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/container/inlined_vector.h"
#include "absl/strings/match.h"
#include "base/check.h"
#include "server/rpc/admission.h"
#include "server/rpc/grpc_values.h"
#include "server/rpc/status.h"

namespace otpgate::rpc {

// The Reply of a call. Gives up its reference to the call with the answer, so that a Reply which
// outlives the answer holds nothing.
class Call::OneReply final : public Reply {
 public:
  explicit OneReply(Call* call) : call_(call) { call->references_.Add(); }
  ~OneReply() override {
    if (call_.load() != nullptr) Refuse(errors::Failure{});
  }

  void Send(const google::protobuf::MessageLite& response) override {
    Call* call = Take();
    call->Send(response);
    call->RemoveReference();
  }
  void Refuse(const errors::Failure& failure) override {
    Call* call = Take();
    call->Refuse(failure);
    call->RemoveReference();
  }
  void Abort(google::rpc::Code code, absl::string_view message) override {
    Call* call = Take();
    call->Abort(grpc::Status(static_cast<grpc::StatusCode>(code), std::string(message)));
    call->RemoveReference();
  }

 private:
  Call* Take() {
    Call* call = call_.exchange(nullptr);
    OTPGATE_CHECK(call != nullptr);  // answered twice
    return call;
  }

  std::atomic<Call*> call_;
};

void Call::Post(const CallParts& parts, int index, ServerQueue* queue) {
  Call* call = new Call(parts, index, queue);
  call->context_.AsyncNotifyWhenDone(&call->done_);
  parts.service.Request(index, &call->context_, &call->request_, &call->writer_, queue->get(),
                        &call->accepted_);
}

void Call::OnAccepted(bool ok) {
  if (ok) {
    Post(parts_, index_, queue_);
    references_.Add();  // until OnDone, which gRPC promises for accepted calls only
    Serve();
  }
  RemoveReference();
}

void Call::Serve() {
  const ServerEnvironment& environment = parts_.environment;
  start_ = environment.clock->Steady();
  if (environment.observer.on_start) environment.observer.on_start(method().name);
  id_ = parts_.ids.Next();
  cancelled_ = std::make_shared<std::atomic<bool>>(false);
  CallInfo info;
  info.id = id_;
  info.cancelled = cancelled_;
  auto reply = std::make_shared<OneReply>(this);
  const CallHeaders headers = HeadersOf(context_);
  x_request_id_ = LoggedRequestId(headers);
  const std::optional<errors::Failure> refusal =
      Admit(headers, Names(), method(), *environment.callers, info);
  caller_ = info.caller;
  SetDeadline(info);
  if (refusal) {
    reply->Refuse(*refusal);
  } else {
    // Health checks are not counted: they go on as long as the server answers, so they would delay
    // its end.
    if (!absl::StartsWith(method().name, "grpc.health.v1.")) parts_.open.NoteAdmitted();
    grpc::Slice slice;
    method().serve(std::move(info), FlatBytes(request_, slice), std::move(reply));
  }
}

// The names are read only where certificates are in use, because reading them takes time.
CertificateNames Call::Names() const {
  const ClientCertificates mode = parts_.options.tls.client_certificates;
  return mode == ClientCertificates::kOff ? CertificateNames() : CertificateNamesOf(context_);
}

// gRPC ends a call at the deadline it came with; a deadline of ours needs an alarm.
void Call::SetDeadline(CallInfo& info) {
  const absl::Duration asked = TimeLeft(context_);
  const absl::Duration granted = asked == absl::InfiniteDuration()
                                     ? parts_.options.default_deadline
                                     : std::min(asked, parts_.options.max_deadline);
  info.deadline = start_ + granted;
  if (granted == asked) return;
  references_.Add();  // until OnExpired
  alarm_.emplace();
  alarm_->Set(queue_->get(), std::chrono::system_clock::now() + absl::ToChronoNanoseconds(granted),
              &expired_);
}

void Call::OnDone(bool) {
  if (context_.IsCancelled()) cancelled_->store(true, std::memory_order_relaxed);
  RemoveReference();
}

void Call::OnExpired(bool ok) {
  if (ok) {
    cancelled_->store(true, std::memory_order_relaxed);
    errors::Failure late;
    // The change may already have been made.
    late.reason =
        method().changes ? errors::Reason::kOutcomeUnknown : errors::Reason::kDeadlineExceeded;
    Refuse(late);
  }
  RemoveReference();
}

void Call::Send(const google::protobuf::MessageLite& response) {
  if (TakeAnswer()) Answer(Serialize(response), grpc::Status::OK);
}

void Call::Refuse(const errors::Failure& failure) {
  if (!TakeAnswer()) return;
  reason_ = errors::ReasonName(failure.reason);
  if (IsLimit(failure.reason)) context_.AddTrailingMetadata("grpc-retry-pushback-ms", "-1");
  grpc::Status status;
  grpc::SetErrorDetails(ToRpcStatus(failure, id_), &status);
  Answer({}, std::move(status));
}

void Call::Abort(const grpc::Status& status) {
  if (TakeAnswer()) Answer({}, status);
}

void Call::Answer(const grpc::ByteBuffer& message, grpc::Status status) {
  message_ = message;
  status_ = std::move(status);
  references_.Add();  // until OnFinished
  queue_->Post(&ready_);
}

void Call::OnAnswered(bool) {
  if (alarm_) alarm_->Cancel();
  if (status_.ok()) {
    writer_.Finish(message_, status_, &finished_);
  } else {
    writer_.FinishWithError(status_, &finished_);
  }
}

void Call::OnFinished(bool ok) {
  const ServerEnvironment& environment = parts_.environment;
  const absl::Duration took = environment.clock->Steady() - start_;
  LogOutcome(ok, took);
  if (environment.observer.on_end) {
    environment.observer.on_end(
        {method().name, static_cast<int>(status_.error_code()), reason_, took});
  }
  RemoveReference();
}

void Call::LogOutcome(bool delivered, absl::Duration took) const {
  const ServerEnvironment& environment = parts_.environment;
  const grpc::StatusCode code = status_.error_code();
  const bool fault = code == grpc::StatusCode::INTERNAL;
  const std::string peer = code == grpc::StatusCode::UNAUTHENTICATED ? context_.peer() : "";
  absl::InlinedVector<LogField, 9> fields = {
      {"method", method().name}, {"code", static_cast<int>(code)},
      {"reason", reason_},       {"caller", caller_->id()},
      {"delivered", delivered},  {"duration_us", absl::ToInt64Microseconds(took)},
      {"request_id", id_},
  };
  if (!x_request_id_.empty()) fields.push_back({"x_request_id", x_request_id_});
  if (!peer.empty()) fields.push_back({"peer", peer});
  environment.log->Write(fault ? LogLevel::kError : method().log_level, "RPC", fields);
}

}  // namespace otpgate::rpc
