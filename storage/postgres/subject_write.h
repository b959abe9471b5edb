#ifndef OTPGATE_STORAGE_POSTGRES_SUBJECT_WRITE_H_
#define OTPGATE_STORAGE_POSTGRES_SUBJECT_WRITE_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "storage/postgres/statement.h"
#include "storage/postgres/statements/accounts.h"
#include "storage/postgres/statements/audit_events.h"
#include "storage/postgres/statements/codes.h"
#include "storage/postgres/statements/outbox.h"
#include "storage/postgres/statements/requests.h"
#include "storage/postgres/statements/sessions.h"
#include "storage/postgres/statements/subjects.h"
#include "storage/storage.h"

namespace otpgate::storage::postgres {

// The prefix of the names of all statements that write subjects.
inline constexpr char kWriteSubjectsName[] = "write_subjects";

// Turns changes of subjects into one statement and its parameters. A table that gets no row is not
// in the statement: even an empty INSERT makes the server open the table, its indexes and
// constraints. So there is one statement per set of tables, all joined from the same parts. Not
// thread-safe.
class SubjectWrite {
 public:
  SubjectWrite();

  // Makes the statement and parameters for `changes`. They are valid until the next call, and the
  // parameters no longer than this object.
  void Fill(absl::Span<const Change<Subject>> changes);
  const Statement& statement() const { return *statement_; }
  const Params& params() const { return params_; }

  // The statement with every part, for a check against the schema.
  const Statement& whole() { return StatementOf((1u << kParts) - 1); }

 private:
  struct Part {
    const Fragment* fragment;
    Columns* columns;
  };
  static constexpr size_t kParts = 8;

  void AddCodes(const Change<Subject>& change);
  void AddEffects(const Change<Subject>& change);
  const Statement& StatementOf(uint32_t parts);

  SubjectColumns subjects_;
  SignupOtpColumns signup_otps_;
  OtpSessionColumns otp_sessions_;
  UserColumns users_;
  IdentityColumns identities_;
  SessionColumns sessions_;
  MessageColumns messages_;
  RequestColumns requests_;
  AuditColumns audit_;

  const std::vector<Part> parts_;
  std::vector<std::optional<Statement>> statements_;  // by set of parts
  const Statement* statement_ = nullptr;
  Params params_;
};

}  // namespace otpgate::storage::postgres

#endif  // OTPGATE_STORAGE_POSTGRES_SUBJECT_WRITE_H_
