#ifndef OTPGATE_STORAGE_STORAGE_H_
#define OTPGATE_STORAGE_STORAGE_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "storage/types.h"

// Load rows, write rows if unchanged. The contract every engine behind otpgate obeys;
// storage/conformance proves it. An aggregate A is Subject, Bucket or AccountView.
namespace otpgate {

template <class A>
struct Row {
  typename A::State state;
  Version version = 0;   // 0: the row is not there, `state` is empty
  Version previous = 0;  // the version the last write replaced
};

template <class A>
struct Loaded {
  std::vector<Row<A>> rows;  // rows[i] answers asks[i]
  absl::Time now;            // the store's clock, whole microseconds
};

// One guarded row and all it owns, as it shall be.
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
//   DATA_LOSS    a row holds what nobody here can have written; nothing happened
template <class A>
class Reader {
 public:
  virtual ~Reader() = default;

  // The rows of all asks (different keys). A guarded row, what it owns and the outcomes recorded
  // with it are of one moment; accounts, which are only compared, are at least as new.
  //   ABORTED  a row changes faster than it can be read
  virtual absl::StatusOr<Loaded<A>> Load(absl::Span<const typename A::Ask> asks) = 0;
};

template <class A>
class Store : public Reader<A> {
 public:
  // won[i]: changes[i] was written, whole. A change that lost left nothing behind.
  using Won = std::vector<bool>;

  // One transaction over changes with different keys and versions; locks in key order. Call after
  // Load on the same object: the clock of that load and the steady time since are compared with
  // `valid_until` just before COMMIT. Besides UNAVAILABLE:
  //   FAILED_PRECONDITION  the clock reached valid_until before COMMIT; nothing happened
  //   ABORTED              serialization failure or deadlock; nothing happened
  //   DEADLINE_EXCEEDED    a row stayed locked by somebody else; nothing happened
  //   INVALID_ARGUMENT     a row was refused by the schema; nothing happened
  //   UNKNOWN              COMMIT was sent and got no answer: it may have happened, or still may
  virtual absl::StatusOr<Won> Write(absl::Span<const Change<A>> changes,
                                    absl::Time valid_until) = 0;
};

}  // namespace otpgate

#endif  // OTPGATE_STORAGE_STORAGE_H_
