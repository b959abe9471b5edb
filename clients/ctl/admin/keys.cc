#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/crypto/system_random.h"
#include "base/status_macros.h"
#include "clients/ctl/admin/admin.h"
#include "clients/ctl/admin/key_files.h"
#include "clients/ctl/admin/target.h"
#include "migrations/migrator/connection.h"
#include "server/keys/keyring.h"
#include "server/service/signing_key_rows.h"
#include "storage/postgres/pg_signing_keys.h"

namespace otpgate::ctl {
namespace {

constexpr char kKeys[] = R"sql(
SELECT kid, created_at, CASE WHEN active_from = 'epoch' THEN created_at ELSE active_from END,
       CASE WHEN revoked_at IS NOT NULL THEN 'retired'
            WHEN active_from > now() THEN 'next'
            WHEN kid = (SELECT kid FROM signing_keys
                         WHERE revoked_at IS NULL AND active_from <= now()
                         ORDER BY active_from DESC LIMIT 1) THEN 'signs'
            ELSE 'replaced' END
  FROM signing_keys ORDER BY active_from DESC)sql";

// Changes one key and writes an audit event, in one transaction. `sql` returns a row if it changed
// the key; otherwise NOT_FOUND with the text `nothing`.
absl::StatusOr<Exit> ChangeKey(AdminContext& context, const AdminOptions& options, const char* sql,
                               KeyChange change, const char* nothing, Output& output) {
  migrator::Transaction transaction(*context.connection);
  OTPGATE_RETURN_IF_ERROR(transaction.Begin());
  OTPGATE_ASSIGN_OR_RETURN(const pg::Rows rows,
                           context.connection->Query("change the key", sql, {options.who}));
  if (rows.empty()) return absl::NotFoundError(nothing);
  OTPGATE_RETURN_IF_ERROR(AuditKeyChange(context, options, change, options.who));
  OTPGATE_RETURN_IF_ERROR(transaction.Commit());
  output.Set("kid", options.who);
  output.Line("done");
  return Exit::kOk;
}

// Checks that the master key is that of the servers: they could not sign with a new key that they
// cannot open.
absl::Status OpensTheSigningKey(const keys::Keyring& master, const storage::SigningKeyList& list,
                                const std::string& path) {
  for (const storage::SigningKeyRow& key : list.keys) {
    if (key.revoked || key.active_from > list.now) continue;
    if (service::SigningKeySealer(master).Open(key.sealed_private, key.kid))
      return absl::OkStatus();
    return absl::NotFoundError(absl::StrCat(path, " does not open ", key.kid,
                                            ", the key that signs now: nothing was changed; give "
                                            "the master key file of the servers"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Exit> ListKeys(AdminContext& context, const AdminOptions& options, Output& output) {
  OTPGATE_RETURN_IF_ERROR(AuditRead(context, options, absl::StrCat("keys list --of ", options.of)));
  if (options.of != kSigning) return ListKeyFile(context, options, output);
  OTPGATE_ASSIGN_OR_RETURN(const pg::Rows rows, context.connection->Query("list keys", kKeys));
  std::vector<std::vector<std::string>> table = {{"KEY", "CREATED", "SIGNS FROM", "STATE"}};
  nlohmann::json list = nlohmann::json::array();
  for (const pg::Row& row : rows) {
    table.push_back(row);
    list.push_back(
        {{"kid", row[0]}, {"created_at", row[1]}, {"active_from", row[2]}, {"state", row[3]}});
  }
  output.Table(table);
  output.Set("keys", std::move(list));
  return Exit::kOk;
}

absl::StatusOr<Exit> RotateKey(AdminContext& context, const AdminOptions& options, Output& output) {
  if (options.of != kSigning) return RotateKeyFile(context, options, output);
  const std::string& path =
      options.master_key_file.empty() ? context.secrets.master_key_file : options.master_key_file;
  if (path.empty()) {
    return absl::InvalidArgumentError("needs --master-key-file, or secrets.master_key_file");
  }
  OTPGATE_ASSIGN_OR_RETURN(const keys::KeyFile file, keys::KeyFile::Load(path));
  OTPGATE_ASSIGN_OR_RETURN(const keys::Keyring master,
                           keys::Keyring::At(file, SystemClock().Now()));
  crypto::SystemRandom random;
  storage::postgres::PgSigningKeys keys(context.options);
  OTPGATE_ASSIGN_OR_RETURN(const storage::SigningKeyList before, keys.List());
  if (!before.keys.empty() && before.keys[0].active_from > before.now && !before.keys[0].revoked) {
    return absl::AlreadyExistsError("the next key is there already: see keys list");
  }
  OTPGATE_RETURN_IF_ERROR(OpensTheSigningKey(master, before, path));
  const storage::SigningKeyRow fresh = service::NewSigningKey(
      service::SigningKeySealer(master), random, before.now, before.now + service::kPublishedAhead);
  OTPGATE_RETURN_IF_ERROR(AuditKeyChange(context, options, KeyChange::kAdded, fresh.kid));
  OTPGATE_RETURN_IF_ERROR(keys.Add(fresh).status());
  const std::string from =
      absl::FormatTime(absl::RFC3339_sec, fresh.active_from, absl::UTCTimeZone());
  output.Set("kid", fresh.kid);
  output.Set("active_from", from);
  output.Line(absl::StrCat(fresh.kid, " is published now and signs from ", from));
  return Exit::kOk;
}

absl::StatusOr<Exit> RetireKey(AdminContext& context, const AdminOptions& options, Output& output) {
  if (options.of != kSigning) return RetireKeyFile(context, options, output);
  OTPGATE_RETURN_IF_ERROR(Confirm(
      options, output, "Every access token of this key is refused within seconds", "retire"));
  return ChangeKey(context, options,
                   "UPDATE signing_keys SET revoked_at = clock_timestamp() "
                   "WHERE kid = $1 AND revoked_at IS NULL RETURNING kid",
                   KeyChange::kRetired, "there is no such key, or it is retired already", output);
}

absl::StatusOr<Exit> DestroyKey(AdminContext& context, const AdminOptions& options,
                                Output& output) {
  if (options.of != kSigning) return DestroyKeyFile(context, options, output);
  OTPGATE_RETURN_IF_ERROR(Confirm(options, output, "The key is deleted for good", "destroy"));
  return ChangeKey(context, options,
                   "DELETE FROM signing_keys WHERE kid = $1 AND (revoked_at IS NOT NULL OR "
                   "active_from < (SELECT max(active_from) FROM signing_keys WHERE revoked_at IS "
                   "NULL AND active_from < now() - interval '20 minutes')) RETURNING kid",
                   KeyChange::kDestroyed,
                   "there is no such key, or it is still in use: retire it first", output);
}

}  // namespace otpgate::ctl
