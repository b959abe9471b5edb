#ifndef OTPGATE_SERVER_ENGINE_REST_H_
#define OTPGATE_SERVER_ENGINE_REST_H_

#include <cstddef>
#include <optional>
#include <vector>

#include "server/engine/pending.h"

namespace otpgate {

// What a batch leaves behind: batches to run next, in this order, before anything newer.
template <class Rules>
struct Rest {
  std::vector<PendingList<Rules>> next;
  std::optional<typename Rules::Aggregate::Key> parked;  // held by somebody else: leave it alone
  bool refused_row = false;     // alarm: the schema refused what a rule wrote
  bool unreadable_row = false;  // alarm: a row holds what nobody here can have written
  bool pause = false;           // the store is away: wait before `next`
  size_t lost = 0;              // commands whose guard somebody else won
  size_t in_doubt = 0;          // commands whose write got no answer
};

}  // namespace otpgate

#endif  // OTPGATE_SERVER_ENGINE_REST_H_
