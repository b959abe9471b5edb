#ifndef OTPGATE_SERVER_RPC_COMPLETION_H_
#define OTPGATE_SERVER_RPC_COMPLETION_H_

namespace otpgate {

// The tag of an operation on a completion queue: what runs, on a thread of that queue, when the
// operation is over. Every tag of our queues is one.
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

}  // namespace otpgate

#endif  // OTPGATE_SERVER_RPC_COMPLETION_H_
