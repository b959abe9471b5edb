#ifndef OTPGATE_STORAGE_STORAGE_H_
#define OTPGATE_STORAGE_STORAGE_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "storage/types.h"

// Loads rows, and writes rows that did not change since. Every store obeys this contract;
// storage/conformance proves it. An aggregate A is Subject, Bucket, Session or User (read and
// written), or AccountView or SessionList (only read).
namespace otpgate::storage {

template <class A>
struct Row {
  typename A::State state;
  Version version = 0;   // 0: there is no such row, and `state` is empty
  Version previous = 0;  // the version the last write replaced
};

template <class A>
struct Loaded {
  std::vector<Row<A>> rows;  // rows[i] answers asks[i]
  absl::Time now;            // the store's clock, whole microseconds
};

// The new state of one guarded row and of all rows it owns.
template <class A>
struct Change {
  typename A::Key key;
  Version expected = 0;  // written only if this is still the version
  Version version = 0;   // never 0; unique to this attempt
  typename A::State before;
  typename A::State state;
  typename A::Effects effects;
};

// Blocking; one thread per object. Any call may return
//   UNAVAILABLE  the store cannot be reached or is not well; nothing happened
//   DATA_LOSS    a row holds values that no server can have written; nothing happened
template <class A>
class Reader {
 public:
  virtual ~Reader() = default;

  // Loads the rows of all asks (different keys). A guarded row, the rows it owns and the outcomes
  // recorded with it are of one moment; accounts, which are only compared, are at least as new.
  //   ABORTED  a row changes faster than it can be read
  virtual absl::StatusOr<Loaded<A>> Load(absl::Span<const typename A::Ask> asks) = 0;
};

template <class A>
class Store : public Reader<A> {
 public:
  // won[i]: changes[i] was written, whole. Nothing is written of a change that lost.
  using Won = std::vector<bool>;

  // Writes changes with different keys and versions in one transaction; locks in key order. Call
  // after Load on the same object: the clock of that load plus the steady time since is compared
  // with `valid_until` just before COMMIT. Besides UNAVAILABLE:
  //   FAILED_PRECONDITION  the clock reached valid_until before COMMIT; nothing happened
  //   ABORTED              serialization failure or deadlock; nothing happened
  //   DEADLINE_EXCEEDED    a row stayed locked by somebody else; nothing happened
  //   INVALID_ARGUMENT     a row was refused by the schema; nothing happened
  //   UNKNOWN              no answer to COMMIT: it may have happened, or may still happen
  virtual absl::StatusOr<Won> Write(absl::Span<const Change<A>> changes,
                                    absl::Time valid_until) = 0;
};

}  // namespace otpgate::storage

#endif  // OTPGATE_STORAGE_STORAGE_H_
