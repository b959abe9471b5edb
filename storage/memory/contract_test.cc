#include <gtest/gtest.h>

#include <memory>

#include "base/clock.h"
#include "storage/conformance/session_fixture.h"
#include "storage/memory/database.h"
#include "storage/memory/store.h"

namespace otpgate::storage::memory {
namespace {

using conformance::SessionContract;
using conformance::StorageContract;

class MemoryWorld final : public conformance::StorageWorld {
 public:
  std::unique_ptr<Store<Subject>> NewSubjects() override {
    return std::make_unique<MemoryStore<Subject>>(database_);
  }
  std::unique_ptr<Store<Bucket>> NewBuckets() override {
    return std::make_unique<MemoryStore<Bucket>>(database_);
  }
  std::unique_ptr<Store<Session>> NewSessions() override {
    return std::make_unique<MemoryStore<Session>>(database_);
  }
  std::unique_ptr<Store<User>> NewUsers() override {
    return std::make_unique<MemoryStore<User>>(database_);
  }
  std::unique_ptr<Reader<AccountView>> NewAccounts() override {
    return std::make_unique<MemoryReader>(database_);
  }
  std::unique_ptr<Reader<SessionList>> NewSessionLists() override {
    return std::make_unique<MemoryReaderOf<SessionList>>(database_);
  }

  std::map<std::string, int64_t> CountRows() override {
    return database_.With([](Tables& tables) {
      std::map<std::string, int64_t> rows = {{"signup_otps", 0}, {"otp_sessions", 0}};
      for (const auto& [key, code] : tables.codes) {
        ++rows[code.table == CodeTable::kSignupOtps ? "signup_otps" : "otp_sessions"];
      }
      rows["subjects"] = static_cast<int64_t>(tables.subjects.size());
      rows["users"] = static_cast<int64_t>(tables.users.size());
      rows["identities"] = static_cast<int64_t>(tables.identities.size());
      rows["sessions"] = static_cast<int64_t>(tables.sessions.size());
      rows["requests"] = static_cast<int64_t>(tables.requests.size());
      rows["limits"] = static_cast<int64_t>(tables.limits.size());
      rows["outbox"] = static_cast<int64_t>(tables.outbox.size());
      rows["audit_events"] = static_cast<int64_t>(tables.audit.size());
      return rows;
    });
  }
  std::vector<Message> MessagesOf(const SubjectKey& subject) override {
    std::vector<Message> messages;
    for (const OutboxRow& row : database_.Messages()) {
      if (row.subject == subject) messages.push_back(row.message);
    }
    return messages;
  }
  std::vector<AuditEvent> AuditOf(const SubjectKey& subject) override {
    std::vector<AuditEvent> events;
    for (const AuditRow& row : database_.AuditEvents()) {
      if (row.user.empty() && row.scope == subject) events.push_back(row.event);
    }
    return events;
  }
  std::vector<AuditEvent> AuditOf(const UserId& user) override {
    std::vector<AuditEvent> events;
    for (const AuditRow& row : database_.AuditEvents()) {
      if (row.user == user) events.push_back(row.event);
    }
    return events;
  }
  std::vector<NewSession> SessionsOf(const UserId& user) override {
    std::vector<NewSession> sessions;
    for (const NewSession& session : database_.Sessions()) {
      if (session.user_id == user) sessions.push_back(session);
    }
    return sessions;
  }

  void DeleteSubject(const SubjectKey& subject) override {
    EXPECT_TRUE(database_.DeleteSubject(subject));
  }
  void DeleteCode(const SubjectKey& subject, CodeTable table, Purpose purpose) override {
    EXPECT_TRUE(database_.DeleteCode(subject, table, purpose));
  }
  void DeleteExpiredSignupOtps() override { database_.DeleteExpiredSignupOtps(); }
  void SetAccount(const UserId& user, bool disabled, int token_version) override {
    EXPECT_TRUE(database_.SetAccount(user, disabled, token_version));
  }
  void SetSession(const UserId& user, const SessionId& session, int generation,
                  bool revoked) override {
    EXPECT_TRUE(database_.SetSession(user, session, generation, revoked));
  }
  void DeleteSession(const UserId& user, const SessionId& session) override {
    EXPECT_TRUE(database_.With([&](Tables& tables) {
      return tables.sessions.erase(SessionKey{user, session}) > 0;
    }));
  }
  void SetNotBefore(absl::Time at) override {
    database_.With([&](Tables& tables) { tables.not_before = at; });
  }

 private:
  SystemClock clock_;
  MemoryDatabase database_{clock_};
};

std::unique_ptr<conformance::StorageWorld> MakeWorld() { return std::make_unique<MemoryWorld>(); }

const auto kKinds =
    ::testing::Values(conformance::StorageWorldKind{"Plain", MakeWorld},
                      conformance::StorageWorldKind{"BehindFaults", MakeWorld, 0.3});
INSTANTIATE_TEST_SUITE_P(Memory, StorageContract, kKinds, conformance::NameOfStorage);
INSTANTIATE_TEST_SUITE_P(Memory, SessionContract, kKinds, conformance::NameOfStorage);

}  // namespace
}  // namespace otpgate::storage::memory
