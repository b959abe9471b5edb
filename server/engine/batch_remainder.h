#ifndef OTPGATE_SERVER_ENGINE_BATCH_REMAINDER_H_
#define OTPGATE_SERVER_ENGINE_BATCH_REMAINDER_H_

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "server/engine/pending.h"

namespace otpgate::engine {

// What a batch leaves to be done after it is settled.
template <class Rules>
struct BatchRemainder {
  std::vector<PendingList<Rules>> next;  // batches to run in this order, before newer commands
  std::optional<typename Rules::Aggregate::Key> parked;  // another transaction locks this row
  bool refused_row = false;     // alarm: the schema refused what a rule wrote
  bool unreadable_row = false;  // alarm: a row holds a value that this server never writes
  bool pause = false;           // the store is unavailable: wait before `next`
  size_t lost = 0;              // commands that lost the guard to another server
  size_t in_doubt = 0;          // commands whose write got no answer
};

// Splits a batch in two: by key, or by queue order when there is only one key. `by_key` has one
// list per key and at least two commands in all.
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

}  // namespace otpgate::engine

#endif  // OTPGATE_SERVER_ENGINE_BATCH_REMAINDER_H_
