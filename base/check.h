#ifndef OTPGATE_BASE_CHECK_H_
#define OTPGATE_BASE_CHECK_H_

#include <cstdio>
#include <cstdlib>

// Aborts the process if an invariant of our own code is broken: a restart recovers from a crash,
// but not from a wrong answer. Never use it for input or for failures of the environment.
#define OTPGATE_CHECK(condition)                                                             \
  do {                                                                                       \
    if (!(condition)) {                                                                      \
      std::fprintf(stderr, "%s:%d: broken invariant: %s\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                                          \
    }                                                                                        \
  } while (false)

#endif  // OTPGATE_BASE_CHECK_H_
