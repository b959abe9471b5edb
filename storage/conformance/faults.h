#ifndef OTPGATE_STORAGE_CONFORMANCE_FAULTS_H_
#define OTPGATE_STORAGE_CONFORMANCE_FAULTS_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <random>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace otpgate::storage::conformance {

// The fault of one call of a store; see storage/storage.h for what each code promises.
enum class Fault {
  kNone,
  kUnavailable,         // load or write: UNAVAILABLE, nothing sent
  kUnknownDone,         // write: done, and then UNKNOWN
  kUnknownNotDone,      // write: UNKNOWN, and nothing done
  kAborted,             // write: ABORTED, nothing done
  kDeadlineExceeded,    // write: DEADLINE_EXCEEDED, nothing done
  kFailedPrecondition,  // write: FAILED_PRECONDITION, nothing done
};

// Chooses the fault of each call. Thread-safe: stores of several threads may share one plan.
class FaultPlan {
 public:
  virtual ~FaultPlan() = default;
  virtual Fault NextLoad() = 0;   // kNone or kUnavailable
  virtual Fault NextWrite() = 0;  // any
};

// Returns the given faults in order, and then none.
class ScriptedFaults final : public FaultPlan {
 public:
  void OnLoads(std::deque<Fault> faults) {
    absl::MutexLock lock(&mu_);
    loads_ = std::move(faults);
  }
  void OnWrites(std::deque<Fault> faults) {
    absl::MutexLock lock(&mu_);
    writes_ = std::move(faults);
  }
  Fault NextLoad() override {
    absl::MutexLock lock(&mu_);
    return Take(loads_);
  }
  Fault NextWrite() override {
    absl::MutexLock lock(&mu_);
    return Take(writes_);
  }

 private:
  static Fault Take(std::deque<Fault>& faults) {
    if (faults.empty()) return Fault::kNone;
    const Fault next = faults.front();
    faults.pop_front();
    return next;
  }

  absl::Mutex mu_;
  std::deque<Fault> loads_ ABSL_GUARDED_BY(mu_);
  std::deque<Fault> writes_ ABSL_GUARDED_BY(mu_);
};

// Each call fails with `probability`. The same seed gives the same sequence of faults.
class SeededFaults final : public FaultPlan {
 public:
  SeededFaults(uint64_t seed, double probability) : engine_(seed), probability_(probability) {}

  Fault NextLoad() override {
    absl::MutexLock lock(&mu_);
    return Strikes() ? Fault::kUnavailable : Fault::kNone;
  }
  Fault NextWrite() override {
    static constexpr Fault kAny[] = {Fault::kUnavailable,      Fault::kUnknownDone,
                                     Fault::kUnknownNotDone,   Fault::kAborted,
                                     Fault::kDeadlineExceeded, Fault::kFailedPrecondition};
    absl::MutexLock lock(&mu_);
    return Strikes() ? kAny[engine_() % std::size(kAny)] : Fault::kNone;
  }

 private:
  bool Strikes() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
    return std::bernoulli_distribution(probability_)(engine_);
  }

  absl::Mutex mu_;
  std::mt19937_64 engine_ ABSL_GUARDED_BY(mu_);
  const double probability_;
};

}  // namespace otpgate::storage::conformance

#endif  // OTPGATE_STORAGE_CONFORMANCE_FAULTS_H_
