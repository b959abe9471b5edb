#ifndef OTPGATE_STORAGE_CONFORMANCE_OUTBOX_WORLD_H_
#define OTPGATE_STORAGE_CONFORMANCE_OUTBOX_WORLD_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "storage/outbox.h"
#include "storage/storage.h"

namespace otpgate::storage::conformance {

// A row of `outbox`.
struct StoredMessage {
  MessageKey key;
  std::string state;
  bool has_payload = false;
  int generation = 0;
  bool finished = false;
  std::string reason;
  std::string provider_id;
};

// An empty database of some kind, for tests of the outbox.
class OutboxWorld {
 public:
  virtual ~OutboxWorld() = default;

  // The outbox of one more dispatcher.
  virtual std::unique_ptr<Outbox> NewOutbox() = 0;
  virtual Store<Subject>& store() = 0;
  // Lets time pass for all codes and messages.
  virtual void Advance(absl::Duration by) = 0;
  // Removes a code by hand.
  virtual void DeleteCode(const SubjectKey& subject, CodeTable table, Purpose purpose) = 0;
  // All rows.
  virtual std::vector<StoredMessage> Messages() = 0;
};

struct OutboxWorldKind {
  std::string name;
  std::function<std::unique_ptr<OutboxWorld>()> make;
};

}  // namespace otpgate::storage::conformance

#endif  // OTPGATE_STORAGE_CONFORMANCE_OUTBOX_WORLD_H_
