#ifndef OTPGATE_TESTS_SUPPORT_CONTEND_H_
#define OTPGATE_TESTS_SUPPORT_CONTEND_H_

#include <thread>
#include <vector>

#include "absl/synchronization/barrier.h"

namespace otpgate::support {

// Runs body(0) to body(n - 1), each on its own thread, from the same moment on. Returns when all
// have ended.
template <class Body>
void Contend(int n, Body body) {
  auto* const barrier = new absl::Barrier(n);
  std::vector<std::thread> threads;
  threads.reserve(n);
  for (int i = 0; i < n; ++i) {
    threads.emplace_back([&body, barrier, i] {
      if (barrier->Block()) delete barrier;
      body(i);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace otpgate::support

#endif  // OTPGATE_TESTS_SUPPORT_CONTEND_H_
