#ifndef OTPGATE_TESTS_SUPPORT_RUN_TASK_H_
#define OTPGATE_TESTS_SUPPORT_RUN_TASK_H_

#include <optional>
#include <utility>

#include "absl/synchronization/notification.h"
#include "server/runtime/task.h"

namespace otpgate::support {

// Starts a task on this thread and waits for its result.
template <class T>
T Await(runtime::Task<T> task) {
  std::optional<T> result;
  absl::Notification ended;
  runtime::Spawn(std::move(task), [&](T value) {
    result = std::move(value);
    ended.Notify();
  });
  ended.WaitForNotification();
  return *std::move(result);
}

}  // namespace otpgate::support

#endif  // OTPGATE_TESTS_SUPPORT_RUN_TASK_H_
