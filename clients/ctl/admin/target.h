#ifndef OTPGATE_CLIENTS_CTL_ADMIN_TARGET_H_
#define OTPGATE_CLIENTS_CTL_ADMIN_TARGET_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/ctl/admin/admin.h"
#include "storage/types.h"

// Whom a command is about, and what every command needs.
namespace otpgate::ctl {

// The subject named by --who. INVALID_ARGUMENT: that is no identifier.
absl::StatusOr<SubjectKey> SubjectOf(const AdminOptions& options);

// The account named by --who, by id or by identifier. NOT_FOUND: there is none.
absl::StatusOr<UserId> UserOf(Place& place, const AdminOptions& options);

// Who acts, for the audit; the id is new.
Actor ActorOf(const AdminOptions& options);

// Masked, unless a reason to reveal was given.
std::string Shown(const std::string& identifier, const AdminOptions& options);

// Whether this role may write the audit, without which it may change nothing.
absl::StatusOr<bool> MayWriteAudit(Place& place);

// Leaves an audit event of a command that only looks; `what` names it. Call before showing
// anything. PERMISSION_DENIED: identifiers would be shown in full to a role that cannot write the
// audit. Masked, such a role (otpgate_readonly) looks without an event.
absl::Status NoteLook(Place& place, const AdminOptions& options, const std::string& what);

// Leaves an audit event about a key. Call before the change: what was tried is told, too.
absl::Status NoteKeyChange(Place& place, const AdminOptions& options, const std::string& event,
                           const std::string& key_id);

// For what cannot be undone: --yes, or `word` typed by a person. ABORTED: neither.
absl::Status Confirm(const AdminOptions& options, const Output& output, const std::string& what,
                     const std::string& word);

// bytea as psql writes it, to the id of the API; empty stays empty.
std::string IdText(const std::string& hex);

}  // namespace otpgate::ctl

#endif  // OTPGATE_CLIENTS_CTL_ADMIN_TARGET_H_
