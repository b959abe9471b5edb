#ifndef OTPGATE_STORAGE_CONFORMANCE_STORAGE_FIXTURE_H_
#define OTPGATE_STORAGE_CONFORMANCE_STORAGE_FIXTURE_H_

#include <gmock/gmock.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "storage/conformance/faults.h"
#include "storage/conformance/faulty_store.h"
#include "storage/conformance/persist.h"
#include "storage/conformance/samples.h"
#include "storage/conformance/storage_world.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace otpgate::storage::conformance {

// The contract of storage/storage.h, for every kind of store, with and without injected faults:
//
//   otpgate_test(x_test SOURCES x_contract_test.cc DEPENDS storage_contract ...)
//   INSTANTIATE_TEST_SUITE_P(X, StorageContract, ::testing::Values(...), NameOfStorage);
//   INSTANTIATE_TEST_SUITE_P(X, SessionContract, ::testing::Values(...), NameOfStorage);
//
// The cases of both are in the library storage_contract. They load and write through Persist, as the
// engine does.
class StorageContract : public ::testing::TestWithParam<StorageWorldKind> {
 protected:
  StorageContract();

  StorageWorld& world() { return *world_; }

  // A store of one more server, with faults if the kind of world has a fault_rate.
  template <class A>
  std::unique_ptr<Store<A>> NewStore();

  // Load one row; a subject with everything that can be asked for.
  Row<Subject> Load(const SubjectKey& key, std::vector<RequestKey> requests = {});
  Row<Bucket> Load(const std::string& key);
  // Loads the subject of `change` with the requests that it wrote.
  Row<Subject> LoadBack(const Change<Subject>& change);
  AccountViewState LoadAccount(const UserId& user, const SessionId& session);

  // Writes in one transaction. Versions may change: an attempt whose outcome is unknown is repeated
  // under new ones.
  absl::StatusOr<std::vector<Fate>> Write(std::vector<Change<Subject>>& changes,
                                          absl::Time valid_until = absl::InfiniteFuture()) {
    return Persist(*subjects_, changes, random_, valid_until);
  }
  absl::StatusOr<std::vector<Fate>> Write(std::vector<Change<Bucket>>& changes,
                                          absl::Time valid_until = absl::InfiniteFuture()) {
    return Persist(*buckets_, changes, random_, valid_until);
  }
  // Writes a change that must win.
  template <class A>
  void Win(Change<A>& change) {
    std::vector<Change<A>> changes = {change};
    const auto fates = Write(changes);
    ASSERT_OK(fates);
    EXPECT_THAT(*fates, ::testing::ElementsAre(Fate::kWon));
    change = changes[0];
  }
  // Writes a change that must lose.
  template <class A>
  void Lose(const Change<A>& change) {
    std::vector<Change<A>> changes = {change};
    const auto fates = Write(changes);
    ASSERT_OK(fates);
    EXPECT_THAT(*fates, ::testing::ElementsAre(Fate::kLost));
  }
  // Writes changes that must be refused with `code`.
  template <class A>
  void Refuse(std::vector<Change<A>> changes, absl::StatusCode code,
              absl::Time valid_until = absl::InfiniteFuture()) {
    EXPECT_THAT(Write(changes, valid_until), support::StatusIs(code));
  }

  // Writes a full subject and returns its next change.
  Change<Subject> Stored(const SubjectKey& key);
  Change<Bucket> NewBucket(const std::string& key);
  Change<Bucket> NextBucket(const std::string& key, const Row<Bucket>& row);

  support::SeededRandom random_{7};

 private:
  const std::unique_ptr<StorageWorld> world_;
  uint64_t stores_ = 0;
  std::vector<std::unique_ptr<FaultPlan>> plans_;
  const std::unique_ptr<Store<Subject>> subjects_;
  const std::unique_ptr<Store<Bucket>> buckets_;
  const std::unique_ptr<Reader<AccountView>> accounts_;
};

// Expects equal states, ignoring order where it has no meaning; reports which part differs.
void ExpectSame(const SubjectState& stored, const SubjectState& written, const std::string& what);

inline std::string NameOfStorage(const ::testing::TestParamInfo<StorageWorldKind>& info) {
  return info.param.name;
}

}  // namespace otpgate::storage::conformance

#endif  // OTPGATE_STORAGE_CONFORMANCE_STORAGE_FIXTURE_H_
