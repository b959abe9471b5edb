#ifndef OTPGATE_TESTS_SUPPORT_CONTEND_H_
#define OTPGATE_TESTS_SUPPORT_CONTEND_H_

#include <thread>
#include <vector>

#include "absl/synchronization/barrier.h"

namespace otpgate::testing {

// Runs body(0) to body(n - 1) on threads of their own that are let go together; returns when all
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

}  // namespace otpgate::testing

#endif  // OTPGATE_TESTS_SUPPORT_CONTEND_H_
