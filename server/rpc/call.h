#ifndef OTPGATE_SERVER_RPC_CALL_H_
#define OTPGATE_SERVER_RPC_CALL_H_

#include <grpcpp/alarm.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/byte_buffer.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "server/rpc/byte_service.h"
#include "server/rpc/call_ids.h"
#include "server/rpc/call_info.h"
#include "server/rpc/completion.h"
#include "server/rpc/open_calls.h"
#include "server/rpc/ref_count.h"
#include "server/rpc/server.h"
#include "server/rpc/server_queue.h"
#include "server/rpc/unary_method.h"

namespace otpgate::rpc {

// What all calls of a server share; owned by the server.
struct CallParts {
  const ServerOptions& options;
  const ServerEnvironment& environment;
  const std::vector<UnaryMethod>& methods;
  ByteService& service;
  CallIds& ids;
  OpenCalls& open;
};

// One call in the server: posted to a completion queue, accepted, served, answered once and logged;
// then it deletes itself. It counts references: one for each event, and one for the reply, that may
// still touch it.
class Call final {
 public:
  // Posts a call for the method at `index`. Each accepted call posts its own successor.
  static void Post(const CallParts& parts, int index, ServerQueue* queue);

 private:
  class OneReply;

  Call(const CallParts& parts, int index, ServerQueue* queue)
      : parts_(parts), index_(index), queue_(queue) {}
  ~Call() = default;

  void OnAccepted(bool ok);
  void OnDone(bool ok);      // the call is over, with or without our answer
  void OnAnswered(bool);     // an answer is there; runs on the queue's thread
  void OnFinished(bool ok);  // our answer was sent, or could not be
  void OnExpired(bool ok);   // not ok: the alarm was cancelled

  void Serve();
  void SetDeadline(CallInfo& info);
  CertificateNames Names() const;

  // The first answer counts: a handler that answers after the deadline is ignored.
  void Send(const google::protobuf::MessageLite& response);
  void Refuse(const errors::Failure& failure);
  void Abort(const grpc::Status& status);
  bool TakeAnswer() { return !answered_.exchange(true); }
  void Answer(const grpc::ByteBuffer& message, grpc::Status status);
  void LogOutcome(bool delivered, absl::Duration took) const;

  void RemoveReference() {
    if (references_.Remove()) delete this;
  }

  const UnaryMethod& method() const { return parts_.methods[index_]; }

  const CallParts& parts_;
  const OpenCalls::Member member_{parts_.open};
  const int index_;
  ServerQueue* const queue_;

  grpc::ServerContext context_;
  grpc::ByteBuffer request_;
  ByteService::Writer writer_{&context_};
  std::optional<grpc::Alarm> alarm_;  // only when gRPC keeps no deadline of its own for this call

  MemberCompletion<Call, &Call::OnAccepted> accepted_{this};
  MemberCompletion<Call, &Call::OnDone> done_{this};
  MemberCompletion<Call, &Call::OnAnswered> ready_{this};
  MemberCompletion<Call, &Call::OnFinished> finished_{this};
  MemberCompletion<Call, &Call::OnExpired> expired_{this};

  RefCount references_;
  std::atomic<bool> answered_{false};
  grpc::ByteBuffer message_;  // of the answer, when status_ is OK
  grpc::Status status_;
  std::shared_ptr<std::atomic<bool>> cancelled_;

  // For the log line.
  std::string id_;
  absl::string_view x_request_id_;  // of context_; empty: none
  const Caller* caller_ = nullptr;
  absl::Duration start_;
  absl::string_view reason_;
};

}  // namespace otpgate::rpc

#endif  // OTPGATE_SERVER_RPC_CALL_H_
