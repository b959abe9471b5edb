#ifndef OTPGATE_STORAGE_CONFORMANCE_CLEANUP_FIXTURE_H_
#define OTPGATE_STORAGE_CONFORMANCE_CLEANUP_FIXTURE_H_

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

#include "storage/conformance/cleanup_world.h"
#include "storage/conformance/samples.h"
#include "tests/support/seeded_random.h"

namespace otpgate::storage::conformance {

// Longer than any test takes in real time.
inline constexpr absl::Duration kAWhile = absl::Minutes(5);

// The contract of storage/cleanup.h and storage/job_leases.h, for every kind of store:
//
//   otpgate_test(x_cleanup_test SOURCES <cleanup and job_leases contracts> x_cleanup_test.cc ...)
//   INSTANTIATE_TEST_SUITE_P(X, CleanupContract, ::testing::Values(...), NameOfCleanupWorld);
class CleanupContract : public ::testing::TestWithParam<CleanupWorldKind> {
 protected:
  using Edit = std::function<void(Change<Subject>&, absl::Time now)>;

  CleanupContract();

  // A change of subject n, which may be new: updated_at is the store's clock, then `edit` runs.
  Change<Subject> Changed(int n, const Edit& edit);
  // Writes `change`. True: it won.
  bool Write(const Change<Subject>& change);
  // Changed and Write; the change must win.
  Change<Subject> Put(int n, const Edit& edit);
  Row<Subject> Load(int n);
  Row<Session> LoadSession(const AccountKey& key);

  // Runs all steps over one kind and returns the number of removed rows.
  int64_t Clean(CleanupKind kind, int limit = 1000);
  // The same over all kinds.
  int64_t CleanAll();
  int64_t CountRemovable(CleanupKind kind);
  int64_t Rows(CleanupKind kind) { return world_->CountRows(std::string(NameOf(kind))); }

  // Puts a subject n that may be removed but for what `edit` does to it, and cleans subjects. True:
  // the subject was removed.
  bool Goes(int n, const Edit& edit);

  support::SeededRandom random_{11};
  Retention retention_;
  const std::unique_ptr<CleanupWorld> world_;
  const std::unique_ptr<Store<Subject>> subjects_;
  const std::unique_ptr<Cleaner> cleaner_;
};

// A pending code of the change's subject that lives until `expires_at`.
Code LiveUntil(absl::Time expires_at, CodeTable table, Random& random);
// Adds to `change` a new account with a session that ends at `absolute_end`.
NewSession SignIn(Change<Subject>& change, absl::Time now, absl::Time absolute_end, Random& random);
Message MessageOf(const Code& code, MessageState state, Random& random);

inline std::string NameOfCleanupWorld(const ::testing::TestParamInfo<CleanupWorldKind>& info) {
  return info.param.name;
}

}  // namespace otpgate::storage::conformance

#endif  // OTPGATE_STORAGE_CONFORMANCE_CLEANUP_FIXTURE_H_
