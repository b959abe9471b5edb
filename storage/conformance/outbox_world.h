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

namespace otpgate::testing {

// A row of `outbox` as an admin sees it.
struct StoredMessage {
  MessageKey key;
  std::string state;
  bool has_payload = false;
  int generation = 0;
  bool finished = false;
  std::string reason;
  std::string provider_id;
};

// One empty database with its outbox, of whatever kind.
class OutboxWorld {
 public:
  virtual ~OutboxWorld() = default;

  // The way in of one more dispatcher.
  virtual std::unique_ptr<Outbox> NewOutbox() = 0;
  virtual Store<Subject>& store() = 0;
  // Lets time pass for all codes and messages.
  virtual void Advance(absl::Duration by) = 0;
  // DELETE by hand.
  virtual void DeleteCode(const SubjectKey& subject, CodeTable table, Purpose purpose) = 0;
  // All rows.
  virtual std::vector<StoredMessage> Messages() = 0;
};

struct OutboxWorldKind {
  std::string name;
  std::function<std::unique_ptr<OutboxWorld>()> make;
};

}  // namespace otpgate::testing

#endif  // OTPGATE_STORAGE_CONFORMANCE_OUTBOX_WORLD_H_
