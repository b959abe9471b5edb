#ifndef OTPGATE_SERVER_RPC_COMPLETION_H_
#define OTPGATE_SERVER_RPC_COMPLETION_H_

namespace otpgate::rpc {

// A tag of a gRPC completion queue: Run is called on the thread of the queue when the operation is
// over. Every tag of our queues is a Completion.
class Completion {
 public:
  virtual void Run(bool ok) = 0;

 protected:
  ~Completion() = default;
};

// A completion that calls a member function of its owner.
template <class Owner, void (Owner::*kFunction)(bool ok)>
class MemberCompletion final : public Completion {
 public:
  explicit MemberCompletion(Owner* owner) : owner_(owner) {}
  void Run(bool ok) override { (owner_->*kFunction)(ok); }

 private:
  Owner* const owner_;
};

}  // namespace otpgate::rpc

#endif  // OTPGATE_SERVER_RPC_COMPLETION_H_
