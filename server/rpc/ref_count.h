#ifndef OTPGATE_SERVER_RPC_REF_COUNT_H_
#define OTPGATE_SERVER_RPC_REF_COUNT_H_

#include <atomic>

namespace otpgate::rpc {

// The references to an object that deletes itself when the last one is gone. Begins with one.
// Thread-safe.
class RefCount {
 public:
  void Add() { count_.fetch_add(1, std::memory_order_relaxed); }
  // True: that was the last reference. Its thread sees what all others did before theirs was gone.
  bool Remove() { return count_.fetch_sub(1, std::memory_order_acq_rel) == 1; }

 private:
  std::atomic<int> count_{1};
};

}  // namespace otpgate::rpc

#endif  // OTPGATE_SERVER_RPC_REF_COUNT_H_
