#ifndef OTPGATE_STORAGE_CONFORMANCE_BROKEN_ROWS_H_
#define OTPGATE_STORAGE_CONFORMANCE_BROKEN_ROWS_H_

#include <functional>
#include <string>
#include <vector>

#include "storage/session_types.h"
#include "storage/storage.h"

// Cases that break each rule of a row in one way, for tests of the check and of every store.
namespace otpgate::storage::conformance {

template <class A>
struct BrokenRow {
  std::string name;                      // of the case
  std::string constraint;                // the name that storage/row_limits.h gives it
  std::function<void(Change<A>&)> edit;  // of a FullChange
};

std::vector<BrokenRow<Subject>> BrokenSubjects();
std::vector<BrokenRow<Bucket>> BrokenBuckets();
std::vector<BrokenRow<Session>> BrokenSessions();
std::vector<BrokenRow<User>> BrokenUsers();

// Constraints of migrations/sql that no struct can break, with the reason.
struct HeldByType {
  std::string constraint;
  std::string why;
};
std::vector<HeldByType> ConstraintsHeldByTypes();

}  // namespace otpgate::storage::conformance

#endif  // OTPGATE_STORAGE_CONFORMANCE_BROKEN_ROWS_H_
