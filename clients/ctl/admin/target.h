#ifndef OTPGATE_CLIENTS_CTL_ADMIN_TARGET_H_
#define OTPGATE_CLIENTS_CTL_ADMIN_TARGET_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/ctl/admin/admin.h"
#include "storage/types.h"

// The target of a command, and what every command needs.
namespace otpgate::ctl {

// The subject named by `who`. INVALID_ARGUMENT: it is not an identifier.
absl::StatusOr<storage::SubjectKey> SubjectOf(const AdminOptions& options);

// The account named by `who`, by id or by identifier. NOT_FOUND: there is no such account.
absl::StatusOr<UserId> UserOf(AdminContext& context, const AdminOptions& options);

// The actor for the audit, with a new audit id.
domain::Actor ActorOf(const AdminOptions& options);

// The identifier, masked unless --reveal was given.
std::string Shown(const std::string& identifier, const AdminOptions& options);

// Whether this role may insert audit events; only such a role may change anything.
absl::StatusOr<bool> MayWriteAudit(AdminContext& context);

// Writes an audit event for a command that only reads; `what` names the command. Call before
// showing anything. A role that may not write the audit (otpgate_readonly) leaves no event and sees
// masked identifiers only.
//   PERMISSION_DENIED  --reveal by such a role
absl::Status AuditRead(AdminContext& context, const AdminOptions& options, const std::string& what);

enum class KeyChange { kAdded, kRetired, kDestroyed };

// Writes an audit event about a key of the kind --of, such as PEPPER_KEY_RETIRED. Call before the
// change, so that a failed attempt is in the audit, too.
absl::Status AuditKeyChange(AdminContext& context, const AdminOptions& options, KeyChange change,
                            const std::string& key_id);

// Confirms what cannot be undone: by --yes, or by `word` typed by a person. ABORTED: by neither.
absl::Status Confirm(const AdminOptions& options, const Output& output, const std::string& what,
                     const std::string& word);

// The id in the form of the API, from bytes in hexadecimal; empty stays empty.
std::string IdText(const std::string& hex);

}  // namespace otpgate::ctl

#endif  // OTPGATE_CLIENTS_CTL_ADMIN_TARGET_H_
