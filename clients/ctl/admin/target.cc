#include "clients/ctl/admin/target.h"

#include <unistd.h>

#include <cstdio>
#include <iostream>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/crypto/base64url.h"
#include "base/crypto/system_random.h"
#include "base/status_macros.h"
#include "server/domain/events.h"
#include "server/runtime/mask.h"

namespace otpgate::ctl {
namespace {

bool LooksLikeIdentifier(const std::string& text) {
  return absl::StrContains(text, '@') || absl::StartsWith(text, "+");
}

bool IsUserId(const std::string& text) {
  const auto bytes = crypto::Base64UrlDecode(text);
  return bytes && bytes->size() == UserId::kBytes;
}

// Everything but an account id is masked, as it may be an identifier, even a mistyped one.
std::string MaskedWho(const std::string& who) {
  return IsUserId(who) ? who : runtime::MaskIdentifier(who);
}

std::string HexOf(const std::string& bytes) {
  return absl::StrCat("\\x", absl::BytesToHexString(bytes));
}

absl::Status WriteAudit(AdminContext& context, const AdminOptions& options,
                        const std::string& scope, domain::Event event, const std::string& detail) {
  const domain::Actor actor = ActorOf(options);
  return context.connection->Run(
      "write the audit",
      "INSERT INTO audit_events (scope, id, event, at, caller, ip, detail) "
      "VALUES ($1, $2::bytea, $3, clock_timestamp(), $4, '', $5)",
      {scope, HexOf(actor.audit_id.bytes), std::string(NameOf(event)), actor.caller, detail});
}

struct KeyEvent {
  absl::string_view of;
  KeyChange change;
  domain::Event event;
};
// Master keys are never retired or destroyed.
constexpr KeyEvent kKeyEvents[] = {
    {"signing", KeyChange::kAdded, domain::Event::kSigningKeyAdded},
    {"signing", KeyChange::kRetired, domain::Event::kSigningKeyRetired},
    {"signing", KeyChange::kDestroyed, domain::Event::kSigningKeyDestroyed},
    {"pepper", KeyChange::kAdded, domain::Event::kPepperKeyAdded},
    {"pepper", KeyChange::kRetired, domain::Event::kPepperKeyRetired},
    {"pepper", KeyChange::kDestroyed, domain::Event::kPepperKeyDestroyed},
    {"handle", KeyChange::kAdded, domain::Event::kHandleKeyAdded},
    {"handle", KeyChange::kRetired, domain::Event::kHandleKeyRetired},
    {"handle", KeyChange::kDestroyed, domain::Event::kHandleKeyDestroyed},
    {"refresh", KeyChange::kAdded, domain::Event::kRefreshKeyAdded},
    {"refresh", KeyChange::kRetired, domain::Event::kRefreshKeyRetired},
    {"refresh", KeyChange::kDestroyed, domain::Event::kRefreshKeyDestroyed},
    {"master", KeyChange::kAdded, domain::Event::kMasterKeyAdded},
};

domain::Event EventOf(absl::string_view of, KeyChange change) {
  for (const KeyEvent& one : kKeyEvents) {
    if (one.of == of && one.change == change) return one.event;
  }
  OTPGATE_CHECK(false && "a change that --of has");
}

}  // namespace

absl::StatusOr<storage::SubjectKey> SubjectOf(const AdminOptions& options) {
  if (!LooksLikeIdentifier(options.who)) {
    return absl::InvalidArgumentError("needs a phone number (+...) or an e-mail address");
  }
  return storage::SubjectKey{options.who,
                             options.demo ? storage::UserType::kDemo : storage::UserType::kLive};
}

absl::StatusOr<UserId> UserOf(AdminContext& context, const AdminOptions& options) {
  if (LooksLikeIdentifier(options.who)) {
    OTPGATE_ASSIGN_OR_RETURN(
        const pg::Rows rows,
        context.connection->Query(
            "find the account",
            "SELECT encode(user_id, 'hex') FROM subjects WHERE identifier = $1 AND "
            "user_type = $2 AND user_id IS NOT NULL",
            {options.who, options.demo ? "demo" : "live"}));
    if (rows.empty()) return absl::NotFoundError("there is no account with this identifier");
    return UserId{absl::HexStringToBytes(rows[0][0])};
  }
  const auto bytes = crypto::Base64UrlDecode(options.who);
  if (!bytes || bytes->size() != UserId::kBytes) {
    return absl::InvalidArgumentError("needs an identifier, or the id of an account");
  }
  OTPGATE_ASSIGN_OR_RETURN(
      const pg::Rows rows,
      context.connection->Query("find the account", "SELECT FROM users WHERE id = $1::bytea",
                                {HexOf(*bytes)}));
  if (rows.empty()) return absl::NotFoundError("there is no account with this id");
  return UserId{*bytes};
}

domain::Actor ActorOf(const AdminOptions& options) {
  crypto::SystemRandom random;
  return {.caller = absl::StrCat("otpgatectl:", options.by),
          .ip = {},
          .audit_id = NewId<AuditTag>(SystemClock().Now(), random)};
}

std::string Shown(const std::string& identifier, const AdminOptions& options) {
  return options.reveal.empty() ? runtime::MaskIdentifier(identifier) : identifier;
}

absl::StatusOr<bool> MayWriteAudit(AdminContext& context) {
  OTPGATE_ASSIGN_OR_RETURN(
      const pg::Rows may,
      context.connection->Query("ask for rights",
                                "SELECT 1 WHERE has_table_privilege('audit_events', 'INSERT')"));
  return !may.empty();
}

absl::Status AuditRead(AdminContext& context, const AdminOptions& options,
                       const std::string& what) {
  const bool reveals = !options.reveal.empty();
  OTPGATE_ASSIGN_OR_RETURN(const bool may, MayWriteAudit(context));
  if (!may && !reveals) return absl::OkStatus();
  std::string detail = what;
  if (!options.who.empty()) absl::StrAppend(&detail, " ", MaskedWho(options.who));
  if (reveals) absl::StrAppend(&detail, ": ", options.reveal);
  return WriteAudit(context, options, "admin",
                    reveals ? domain::Event::kIdentifiersRevealed : domain::Event::kAdminLooked,
                    detail);
}

absl::Status AuditKeyChange(AdminContext& context, const AdminOptions& options, KeyChange change,
                            const std::string& key_id) {
  return WriteAudit(context, options, "keys", EventOf(options.of, change), key_id);
}

absl::Status Confirm(const AdminOptions& options, const Output& output, const std::string& what,
                     const std::string& word) {
  if (options.yes) return absl::OkStatus();
  if (output.json() || isatty(STDIN_FILENO) == 0) {
    return absl::AbortedError(absl::StrCat(what, ": needs --yes, as nobody can be asked here"));
  }
  std::printf("%s. Type \"%s\" to do it: ", what.c_str(), word.c_str());
  std::fflush(stdout);
  std::string typed;
  std::getline(std::cin, typed);
  if (absl::StripAsciiWhitespace(typed) == word) return absl::OkStatus();
  return absl::AbortedError("nothing was changed");
}

std::string IdText(const std::string& hex) {
  return hex.empty() ? "" : crypto::Base64UrlEncode(absl::HexStringToBytes(hex));
}

}  // namespace otpgate::ctl
