#ifndef OTPGATE_SERVER_RUNTIME_CHECK_H_
#define OTPGATE_SERVER_RUNTIME_CHECK_H_

#include <cstdio>
#include <cstdlib>

// Ends the process when one of our own invariants is broken: a crash is recovered by a restart,
// answering the wrong caller is not. Never for input or weather.
#define OTPGATE_CHECK(condition)                                                             \
  do {                                                                                       \
    if (!(condition)) {                                                                      \
      std::fprintf(stderr, "%s:%d: broken invariant: %s\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                                          \
    }                                                                                        \
  } while (false)

#endif  // OTPGATE_SERVER_RUNTIME_CHECK_H_
