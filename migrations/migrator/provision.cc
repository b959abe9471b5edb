#include "migrations/migrator/provision.h"

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace otpgate::migrator {
namespace {

// Others may create the same roles at the same time; each round finds fewer gaps.
constexpr int kRounds = 10;

constexpr char kMissingRoles[] = R"sql(
  SELECT format('role %s is missing', name),
         format('CREATE ROLE %I %s NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS',
                name, login)
    FROM (VALUES ('otpgate_owner', 'NOLOGIN'), ('otpgate_migrator', 'LOGIN'),
                 ('otpgate_app', 'LOGIN'), ('otpgate_cleanup', 'LOGIN'),
                 ('otpgate_readonly', 'LOGIN')) AS wanted(name, login)
    LEFT JOIN pg_roles ON rolname = name
   WHERE rolname IS NULL
)sql";

// Privileges are checked by the oid of the role, so that there is no error for a role that does not
// exist yet (in a dry run).
constexpr char kGaps[] = R"sql(
  WITH role AS (
    SELECT oid, rolname AS name, rolcanlogin, rolsuper OR rolcreatedb OR rolcreaterole
           OR rolreplication OR rolbypassrls AS mighty
      FROM pg_roles
     WHERE rolname IN ('otpgate_owner', 'otpgate_migrator', 'otpgate_app', 'otpgate_cleanup',
                       'otpgate_readonly')
  ), database AS (
    SELECT oid, datname AS name, datdba, datacl FROM pg_database WHERE datname = current_database()
  ), setting(role, name, value) AS (
    VALUES ('otpgate_app', 'lock_timeout', '200ms'),
           ('otpgate_app', 'statement_timeout', '2s'),
           ('otpgate_app', 'idle_in_transaction_session_timeout', '1s'),
           ('otpgate_app', 'enable_hashjoin', 'off'),
           ('otpgate_app', 'enable_mergejoin', 'off'),
           ('otpgate_app', 'enable_seqscan', 'off'),
           ('otpgate_app', 'plan_cache_mode', 'force_generic_plan'),
           ('otpgate_cleanup', 'lock_timeout', '200ms'),
           ('otpgate_cleanup', 'statement_timeout', '2s'),
           ('otpgate_cleanup', 'idle_in_transaction_session_timeout', '1s'),
           ('otpgate_cleanup', 'enable_hashjoin', 'off'),
           ('otpgate_cleanup', 'enable_mergejoin', 'off'),
           ('otpgate_cleanup', 'enable_seqscan', 'off'),
           ('otpgate_cleanup', 'plan_cache_mode', 'force_generic_plan')
  )
  SELECT format('role %s has powers it does not need', name),
         format('ALTER ROLE %I NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS', name)
    FROM role WHERE mighty
  UNION ALL
  SELECT 'role otpgate_owner can sign in', 'ALTER ROLE otpgate_owner NOLOGIN'
    FROM role WHERE name = 'otpgate_owner' AND rolcanlogin
  UNION ALL
  SELECT format('role %s is a member of %s', role.name, granted.rolname),
         format('REVOKE %I FROM %I', granted.rolname, role.name)
    FROM role
    JOIN pg_auth_members ON member = role.oid
    JOIN pg_roles AS granted ON granted.oid = roleid
   WHERE NOT (role.name = 'otpgate_migrator' AND granted.rolname = 'otpgate_owner')
  UNION ALL
  SELECT format('%s cannot act as otpgate_owner', acting.rolname),
         format('GRANT otpgate_owner TO %I', acting.rolname)
    FROM role
    JOIN pg_roles AS acting ON acting.rolname = 'otpgate_migrator'
      OR (acting.rolname = current_user
          AND acting.rolname NOT IN ('otpgate_app', 'otpgate_cleanup', 'otpgate_readonly'))
   WHERE role.name = 'otpgate_owner' AND NOT pg_has_role(acting.oid, role.oid, 'MEMBER')
  UNION ALL
  SELECT format('role %s cannot connect', role.name),
         format('GRANT CONNECT ON DATABASE %I TO %I', database.name, role.name)
    FROM role, database
   WHERE rolcanlogin AND NOT has_database_privilege(role.oid, database.oid, 'CONNECT')
  UNION ALL
  SELECT 'everybody may make temporary tables',
         format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', database.name)
    FROM database, aclexplode(coalesce(datacl, acldefault('d', datdba)))
   WHERE grantee = 0 AND privilege_type = 'TEMPORARY'
  UNION ALL
  SELECT 'everybody may create objects in schema public', 'REVOKE CREATE ON SCHEMA public FROM PUBLIC'
    FROM pg_namespace, aclexplode(coalesce(nspacl, acldefault('n', nspowner)))
   WHERE nspname = 'public' AND grantee = 0 AND privilege_type = 'CREATE'
  UNION ALL
  SELECT 'role otpgate_owner cannot create objects in schema public',
         'GRANT USAGE, CREATE ON SCHEMA public TO otpgate_owner'
    FROM role
   WHERE name = 'otpgate_owner' AND NOT has_schema_privilege(oid, 'public', 'CREATE')
  UNION ALL
  SELECT format('role %s cannot see schema public', name),
         format('GRANT USAGE ON SCHEMA public TO %I', name)
    FROM role WHERE NOT has_schema_privilege(oid, 'public', 'USAGE')
  UNION ALL
  SELECT format('setting %s of role %s is not %s', setting.name, role.name, setting.value),
         format('ALTER ROLE %I IN DATABASE %I SET %I = %L', role.name, database.name, setting.name,
                setting.value)
    FROM setting
    JOIN role ON role.name = setting.role
   CROSS JOIN database
    LEFT JOIN pg_db_role_setting AS stored
      ON stored.setdatabase = database.oid AND stored.setrole = role.oid
   WHERE NOT coalesce(setting.name || '=' || setting.value = ANY (stored.setconfig), false)
)sql";

absl::Status NeedsAdministrator(absl::string_view why, const Gap& gap) {
  return absl::PermissionDeniedError(
      absl::StrCat(why, "; an administrator of the cluster must run once: ", gap.sql));
}

bool SomebodyElseDidIt(const absl::Status& status) {
  return absl::IsAlreadyExists(status) || absl::IsAborted(status);
}

}  // namespace

absl::StatusOr<std::vector<Gap>> FindGaps(pg::Connection& connection) {
  std::vector<Gap> gaps;
  for (const char* sql : {kMissingRoles, kGaps}) {
    OTPGATE_ASSIGN_OR_RETURN(const pg::Rows rows, connection.Query("compare roles", sql));
    for (const pg::Row& row : rows) gaps.push_back({row.at(0), row.at(1)});
  }
  return gaps;
}

absl::Status CloseGaps(pg::Connection& connection) {
  std::vector<Gap> gaps;
  for (int round = 0; round < kRounds; ++round) {
    OTPGATE_ASSIGN_OR_RETURN(gaps, FindGaps(connection));
    if (gaps.empty()) return absl::OkStatus();
    for (const Gap& gap : gaps) {
      const absl::Status mended = connection.Run(gap.what, gap.sql);
      if (mended.ok() || SomebodyElseDidIt(mended)) continue;
      return absl::IsPermissionDenied(mended) ? NeedsAdministrator(mended.message(), gap) : mended;
    }
  }
  // PostgreSQL only warns when a GRANT or REVOKE of somebody else's object does nothing.
  return NeedsAdministrator(absl::StrCat(gaps.front().what, ", and this user cannot mend it"),
                            gaps.front());
}

}  // namespace otpgate::migrator
