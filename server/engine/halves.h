#ifndef OTPGATE_SERVER_ENGINE_HALVES_H_
#define OTPGATE_SERVER_ENGINE_HALVES_H_

#include <cstddef>
#include <utility>
#include <vector>

#include "server/engine/pending.h"

namespace otpgate {

// Two batches that together are this one: by keys, or within the only key by queue order. `by_key`
// has one list per key and at least two commands.
template <class Rules>
std::vector<PendingList<Rules>> Halves(std::vector<PendingList<Rules>> by_key) {
  std::vector<PendingList<Rules>> halves(2);
  const bool one_key = by_key.size() == 1;
  const size_t middle = one_key ? by_key[0].size() / 2 : by_key.size() / 2;
  for (size_t g = 0; g < by_key.size(); ++g) {
    for (size_t i = 0; i < by_key[g].size(); ++i) {
      halves[(one_key ? i : g) < middle ? 0 : 1].push_back(std::move(by_key[g][i]));
    }
  }
  return halves;
}

}  // namespace otpgate

#endif  // OTPGATE_SERVER_ENGINE_HALVES_H_
