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

namespace otpgate {

// Turns changes of subjects into one statement and its parameters. A table that gets no row has no
// part in the statement: even an empty INSERT costs the server the opening of its table, indexes
// and constraints. So there is one statement per set of tables, all joined from the same parts.
class SubjectWrite {
 public:
  SubjectWrite();

  // The statement and parameters for `changes`; both valid until the next call.
  void Fill(absl::Span<const Change<Subject>> changes);
  const Statement& statement() const { return *statement_; }
  const Params& params() const { return params_; }

  // The statement with every part, to be checked against the schema.
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
  CodeColumns signup_otps_, otp_sessions_;
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

}  // namespace otpgate

#endif  // OTPGATE_STORAGE_POSTGRES_SUBJECT_WRITE_H_
