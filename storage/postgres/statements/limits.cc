#include "storage/postgres/statements/limits.h"

namespace otpgate {

BucketColumns::BucketColumns() : Columns({&bucket_, &version_, &expected_, &tat_, &updated_at_}) {}

void BucketColumns::Add(const Change<Bucket>& change) {
  bucket_.Add(change.key);
  version_.Add(change.version);
  expected_.Add(change.expected);
  tat_.Add(change.state.tat);
  updated_at_.Add(change.state.updated_at);
}

}  // namespace otpgate
