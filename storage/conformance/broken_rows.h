#ifndef OTPGATE_STORAGE_CONFORMANCE_BROKEN_ROWS_H_
#define OTPGATE_STORAGE_CONFORMANCE_BROKEN_ROWS_H_

#include <functional>
#include <string>
#include <vector>

#include "storage/session_types.h"
#include "storage/storage.h"

// One way to break each rule of a row: for the check itself and for every store.
namespace otpgate::testing {

template <class A>
struct BrokenRow {
  std::string name;                      // of the case
  std::string constraint;                // what storage/row_limits.h calls it
  std::function<void(Change<A>&)> edit;  // of a FullChange
};

std::vector<BrokenRow<Subject>> BrokenSubjects();
std::vector<BrokenRow<Bucket>> BrokenBuckets();
std::vector<BrokenRow<Session>> BrokenSessions();
std::vector<BrokenRow<User>> BrokenUsers();

// Constraints of migrations/sql that no plain struct can break, with the reason.
struct HeldByType {
  std::string constraint;
  std::string why;
};
std::vector<HeldByType> ConstraintsHeldByTypes();

}  // namespace otpgate::testing

#endif  // OTPGATE_STORAGE_CONFORMANCE_BROKEN_ROWS_H_
