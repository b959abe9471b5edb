#ifndef OTPGATE_STORAGE_CONFORMANCE_STORAGE_WORLD_H_
#define OTPGATE_STORAGE_CONFORMANCE_STORAGE_WORLD_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "storage/session_types.h"
#include "storage/storage.h"

namespace otpgate::storage::conformance {

// An empty database of some kind.
class StorageWorld {
 public:
  virtual ~StorageWorld() = default;

  // The stores of one more server.
  virtual std::unique_ptr<Store<Subject>> NewSubjects() = 0;
  virtual std::unique_ptr<Store<Bucket>> NewBuckets() = 0;
  virtual std::unique_ptr<Store<Session>> NewSessions() = 0;
  virtual std::unique_ptr<Store<User>> NewUsers() = 0;
  virtual std::unique_ptr<Reader<AccountView>> NewAccounts() = 0;
  virtual std::unique_ptr<Reader<SessionList>> NewSessionLists() = 0;

  // Reads tables as an admin can.
  virtual std::map<std::string, int64_t> CountRows() = 0;  // by table
  virtual std::vector<Message> MessagesOf(const SubjectKey& subject) = 0;
  virtual std::vector<AuditEvent> AuditOf(const SubjectKey& subject) = 0;
  virtual std::vector<NewSession> SessionsOf(const UserId& user) = 0;
  virtual std::vector<AuditEvent> AuditOf(const UserId& user) = 0;

  // Writes tables by hand as an admin can, without a guard.
  virtual void DeleteSubject(const SubjectKey& subject) = 0;
  virtual void DeleteCode(const SubjectKey& subject, CodeTable table, Purpose purpose) = 0;
  virtual void DeleteExpiredSignupOtps() = 0;  // DELETE FROM signup_otps WHERE expires_at <= NOW()
  virtual void SetAccount(const UserId& user, bool disabled, int token_version) = 0;
  virtual void SetSession(const UserId& user, const SessionId& session, int generation,
                          bool revoked) = 0;
  virtual void DeleteSession(const UserId& user, const SessionId& session) = 0;
  virtual void SetNotBefore(absl::Time at) = 0;
};

struct StorageWorldKind {
  std::string name;
  std::function<std::unique_ptr<StorageWorld>()> make;
  // The probability that a call of a store fails, in some way that the contract allows.
  double fault_rate = 0;
};
inline void PrintTo(const StorageWorldKind& kind, std::ostream* out) { *out << kind.name; }

}  // namespace otpgate::storage::conformance

#endif  // OTPGATE_STORAGE_CONFORMANCE_STORAGE_WORLD_H_
