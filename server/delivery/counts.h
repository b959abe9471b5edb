#ifndef OTPGATE_SERVER_DELIVERY_COUNTS_H_
#define OTPGATE_SERVER_DELIVERY_COUNTS_H_

#include <cstdint>

namespace otpgate::delivery {

// What became of messages since the start of this process.
struct Counts {
  int64_t taken = 0;       // under the lease they were born with
  int64_t taken_over = 0;  // after a lease or a waiting time had ended
  int64_t sent = 0;
  int64_t dropped = 0;   // not sent, because the code was of no use any more
  int64_t retried = 0;   // put back
  int64_t failed = 0;    // dead-lettered
  int64_t lapsed = 0;    // left alone, because too little of the lease was left
  int64_t fenced = 0;    // completed too late: another holder had taken over, so maybe sent twice
  int64_t not_kept = 0;  // handed in while too many waited; taken over later

  friend bool operator==(const Counts&, const Counts&) = default;
};

}  // namespace otpgate::delivery

#endif  // OTPGATE_SERVER_DELIVERY_COUNTS_H_
