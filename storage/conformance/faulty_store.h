#ifndef OTPGATE_STORAGE_CONFORMANCE_FAULTY_STORE_H_
#define OTPGATE_STORAGE_CONFORMANCE_FAULTY_STORE_H_

#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "storage/conformance/faults.h"
#include "storage/storage.h"

namespace otpgate::storage::conformance {

// A store whose calls fail as a plan says, only in ways that the contract allows, so that every
// user of a Store must cope with it. A real error of the inner store is returned as it is. One
// thread per object; the plan must outlive it.
template <class A>
class FaultyStore final : public Store<A> {
 public:
  using typename Store<A>::Won;

  FaultyStore(std::unique_ptr<Store<A>> inner, FaultPlan& plan)
      : inner_(std::move(inner)), plan_(&plan) {}

  absl::StatusOr<Loaded<A>> Load(absl::Span<const typename A::Ask> asks) override {
    if (plan_->NextLoad() != Fault::kNone) return absl::UnavailableError("injected");
    return inner_->Load(asks);
  }

  absl::StatusOr<Won> Write(absl::Span<const Change<A>> changes, absl::Time valid_until) override {
    switch (plan_->NextWrite()) {
      case Fault::kNone:
        return inner_->Write(changes, valid_until);
      case Fault::kUnknownDone: {
        absl::StatusOr<Won> won = inner_->Write(changes, valid_until);
        if (!won.ok()) return won;
        return absl::UnknownError("injected, done");
      }
      case Fault::kUnknownNotDone:
        return absl::UnknownError("injected, not done");
      case Fault::kUnavailable:
        return absl::UnavailableError("injected");
      case Fault::kAborted:
        return absl::AbortedError("injected");
      case Fault::kDeadlineExceeded:
        return absl::DeadlineExceededError("injected");
      case Fault::kFailedPrecondition:
        return absl::FailedPreconditionError("injected");
    }
    return absl::InternalError("no such fault");
  }

 private:
  const std::unique_ptr<Store<A>> inner_;
  FaultPlan* const plan_;
};

}  // namespace otpgate::storage::conformance

#endif  // OTPGATE_STORAGE_CONFORMANCE_FAULTY_STORE_H_
