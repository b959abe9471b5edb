#ifndef OTPGATE_SERVER_ENGINE_ENGINE_OPTIONS_H_
#define OTPGATE_SERVER_ENGINE_ENGINE_OPTIONS_H_

#include <cstddef>

#include "absl/time/time.h"

namespace otpgate::engine {

// Limits of the queue of one worker.
struct QueueLimits {
  size_t capacity = 4096;  // commands that wait for one worker
  size_t per_key = 64;     // of them on the same key, so that one subject cannot fill the queue
  size_t batch = 256;      // commands taken at once; at most kOrdinalMask
  // While the oldest command has waited longer than this, new ones are refused, if at least a batch
  // of commands waits and they are on more than batch / 4 keys (a few busy keys are limited by
  // per_key instead).
  absl::Duration wait = absl::Seconds(1);
};

struct EngineOptions {
  // Number of threads, each with its own store.
  size_t workers = 2;
  QueueLimits queue;
};

}  // namespace otpgate::engine

#endif  // OTPGATE_SERVER_ENGINE_ENGINE_OPTIONS_H_
