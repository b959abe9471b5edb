#ifndef OTPGATE_STORAGE_CONFORMANCE_SAMPLES_H_
#define OTPGATE_STORAGE_CONFORMANCE_SAMPLES_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/runtime/id.h"
#include "server/runtime/random.h"
#include "storage/storage.h"

// Rows to write in tests. Ids and versions come from `random`: give each thread its own.
namespace otpgate::testing {

// 2026-03-04 05:06:07.000001
inline const absl::Time kSampleTime = absl::FromUnixMicros(1'772'600'767'000'001);
// No store can keep it.
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

// A new subject with nothing but a request record, which proves later that it was written.
Change<Subject> SmallChange(const SubjectKey& key, Random& random);
// The next change of a subject that was loaded: state and guard from `row`, a new request record.
Change<Subject> NextChange(const SubjectKey& key, const Row<Subject>& row, Random& random);

// A new subject with an account and at least one row of every kind, every column with a value of
// its own. `state` is what a load that asks for everything gives back.
Change<Subject> FullChange(const SubjectKey& key, Random& random);

// Full changes that sit on the edges of what the schema takes.
struct NamedChange {
  std::string name;
  Change<Subject> change;
};
std::vector<NamedChange> ExtremeChanges(Random& random);

// The order of codes, requests and identities in a state has no meaning.
SubjectState InOrder(SubjectState state);

}  // namespace otpgate::testing

#endif  // OTPGATE_STORAGE_CONFORMANCE_SAMPLES_H_
