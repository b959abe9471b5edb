#ifndef OTPGATE_SERVER_METRICS_FIXED_FAMILY_H_
#define OTPGATE_SERVER_METRICS_FIXED_FAMILY_H_

#include <prometheus/family.h>
#include <prometheus/labels.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

namespace otpgate::metrics {

// The label of every value that is not in the fixed set.
inline constexpr char kOther[] = "other";

// A family of metrics with one label whose values are fixed: no text of a caller can become a
// label. All start at zero. Thread-safe.
template <class Metric>
class FixedFamily {
 public:
  // `shared`: further labels of every metric. `args`: for the constructor of each metric.
  template <class... Args>
  FixedFamily(prometheus::Family<Metric>& family, const std::string& label,
              std::vector<std::string> values, const prometheus::Labels& shared, Args&&... args) {
    values.emplace_back(kOther);
    for (const std::string& value : values) {
      prometheus::Labels labels = shared;
      labels[label] = value;
      metrics_[value] = &family.Add(labels, args...);
    }
  }

  Metric& At(absl::string_view value) const {
    const auto found = metrics_.find(value);
    return *(found == metrics_.end() ? metrics_.find(kOther) : found)->second;
  }

 private:
  absl::flat_hash_map<std::string, Metric*> metrics_;
};

}  // namespace otpgate::metrics

#endif  // OTPGATE_SERVER_METRICS_FIXED_FAMILY_H_
