#ifndef OTPGATE_STORAGE_CONFORMANCE_SAMPLES_H_
#define OTPGATE_STORAGE_CONFORMANCE_SAMPLES_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/id.h"
#include "base/random.h"
#include "storage/storage.h"

// Rows to write in tests. Ids and versions come from `random`, one object per thread.
namespace otpgate::storage::conformance {

// 2026-03-04 05:06:07.000001
inline const absl::Time kSampleTime = absl::FromUnixMicros(1'772'600'767'000'001);
// No store can keep this time.
inline const absl::Time kBetweenMicros = kSampleTime + absl::Nanoseconds(1);

template <class AnyId>
AnyId FreshId(Random& random) {
  return AnyId{NewIdBytes(kSampleTime, random)};
}
std::string FreshBytes(Random& random, size_t size);
Version FreshVersion(Random& random);

// "+1555000<n>", live.
SubjectKey SampleSubject(int n);

Code SampleCode(CodeTable table, Purpose purpose, Random& random);
RequestRecord SampleRequest(Random& random);

// A new subject with only a request record, which proves later that it was written.
Change<Subject> SmallChange(const SubjectKey& key, Random& random);
// The next change of a loaded subject: state and version from `row`, and a new request record.
Change<Subject> NextChange(const SubjectKey& key, const Row<Subject>& row, Random& random);

// A new subject with an account and at least one row of every kind; each column has a value of its
// own. `state` is what a load that asks for everything returns.
Change<Subject> FullChange(const SubjectKey& key, Random& random);

// Full changes at the limits of what the schema accepts.
struct NamedChange {
  std::string name;
  Change<Subject> change;
};
std::vector<NamedChange> ExtremeChanges(Random& random);

// Sorts codes, requests and identities, whose order has no meaning.
SubjectState InOrder(SubjectState state);

}  // namespace otpgate::storage::conformance

#endif  // OTPGATE_STORAGE_CONFORMANCE_SAMPLES_H_
