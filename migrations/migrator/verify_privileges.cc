#include "base/status_macros.h"
#include "migrations/migrator/verify.h"

namespace otpgate::migrator {
namespace {

// Repeats what the migrations grant: a file that grants or revokes also changes the lines here.
//
// has_*_privilege includes rights through PUBLIC and memberships: it tells what the role can do,
// not what was granted to it.
constexpr char kRights[] = R"sql(
  WITH relation AS (
    SELECT oid, relname AS name, relowner, relacl
      FROM pg_class
     WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f')
       AND NOT EXISTS (SELECT FROM pg_depend
                        WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e')
  ), role AS (
    SELECT oid, rolname AS name FROM pg_roles
     WHERE rolname IN ('otpgate_app', 'otpgate_cleanup', 'otpgate_readonly')
  ), granted(role, privileges, tables) AS (
    VALUES ('otpgate_app', 'SELECT INSERT UPDATE',
            'subjects signup_otps otp_sessions users identities sessions requests limits outbox not_before'),
           ('otpgate_app', 'INSERT', 'audit_events'),
           ('otpgate_app', 'SELECT INSERT', 'signing_keys'),
           ('otpgate_app', 'SELECT', 'schema_migrations'),
           ('otpgate_cleanup', 'SELECT', 'schema_migrations'),
           ('otpgate_cleanup', 'SELECT DELETE',
            'signup_otps otp_sessions requests outbox subjects sessions limits audit_events'),
           ('otpgate_cleanup', 'SELECT INSERT UPDATE', 'job_leases'),
           ('otpgate_readonly', 'SELECT',
            'subjects signup_otps otp_sessions users identities sessions requests limits outbox not_before'
            ' audit_events job_leases schema_migrations')
  ), table_right AS (
    SELECT role, privilege, name
      FROM granted, unnest(string_to_array(privileges, ' ')) AS privilege,
           unnest(string_to_array(tables, ' ')) AS name
  ), column_right(role, privilege, name, columns) AS (
    VALUES ('otpgate_readonly', 'SELECT', 'signing_keys',
            ARRAY['kid', 'public_key', 'created_at', 'active_from', 'revoked_at']),
           ('otpgate_cleanup', 'UPDATE', 'signup_otps', ARRAY['cleanup_lock']),
           ('otpgate_cleanup', 'UPDATE', 'otp_sessions', ARRAY['cleanup_lock']),
           ('otpgate_cleanup', 'UPDATE', 'requests', ARRAY['cleanup_lock']),
           ('otpgate_cleanup', 'UPDATE', 'outbox', ARRAY['cleanup_lock']),
           ('otpgate_cleanup', 'UPDATE', 'subjects', ARRAY['cleanup_lock']),
           ('otpgate_cleanup', 'UPDATE', 'sessions', ARRAY['cleanup_lock']),
           ('otpgate_cleanup', 'UPDATE', 'limits', ARRAY['cleanup_lock'])
  ), possible AS (
    SELECT privilege || option AS privilege, privilege IN ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES')
           AS of_columns
      FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER'])
           AS privilege, unnest(ARRAY['', ' WITH GRANT OPTION']) AS option
  ), of_table AS (
    SELECT role.name AS role, possible.privilege, relation.name,
           has_table_privilege(role.oid, relation.oid, possible.privilege) AS there,
           table_right IS NOT NULL AS wanted
      FROM role CROSS JOIN relation CROSS JOIN possible
      LEFT JOIN table_right ON table_right.role = role.name AND table_right.name = relation.name
       AND table_right.privilege = possible.privilege
  ), of_column AS (
    SELECT role.name AS role, possible.privilege, format('%s.%s', relation.name, attname) AS name,
           has_column_privilege(role.oid, relation.oid, attnum, possible.privilege) AS there,
           coalesce(attname = ANY (columns), false) AS wanted
      FROM role CROSS JOIN relation CROSS JOIN possible
      JOIN pg_attribute ON attrelid = relation.oid AND attnum > 0 AND NOT attisdropped
      LEFT JOIN column_right ON column_right.role = role.name AND column_right.name = relation.name
       AND column_right.privilege = possible.privilege
     WHERE of_columns AND NOT has_table_privilege(role.oid, relation.oid, possible.privilege)
  )
  SELECT format('role %s %s %s on table %s', role, CASE WHEN there THEN 'may' ELSE 'cannot' END,
                privilege, name)
    FROM of_table WHERE there <> wanted
  UNION ALL
  SELECT format('role %s %s %s on column %s', role, CASE WHEN there THEN 'may' ELSE 'cannot' END,
                privilege, name)
    FROM of_column WHERE there <> wanted
  UNION ALL
  SELECT format('everybody may %s on table %s', privilege_type, name)
    FROM relation, aclexplode(relacl) WHERE grantee = 0
  UNION ALL
  SELECT format('everybody may %s on column %s.%s', privilege_type, relation.name, attname)
    FROM relation JOIN pg_attribute ON attrelid = relation.oid, aclexplode(attacl)
   WHERE grantee = 0
  UNION ALL
  SELECT format('table %s belongs to %s', name, pg_get_userbyid(relowner))
    FROM relation
   WHERE relowner <> 'otpgate_owner'::regrole AND name IN (SELECT name FROM table_right)
  UNION ALL
  SELECT format('role %s owns %s objects', role.name, count(*))
    FROM role JOIN pg_shdepend ON refclassid = 'pg_authid'::regclass AND refobjid = role.oid
   WHERE deptype = 'o' GROUP BY role.name
  UNION ALL
  SELECT format('role %s may create objects in schema %s', role.name, nspname)
    FROM role, pg_namespace
   WHERE nspname !~ '^pg_' AND has_schema_privilege(role.oid, pg_namespace.oid, 'CREATE')
  UNION ALL
  SELECT format('role %s may %s in this database', role.name, privilege)
    FROM role, (VALUES ('CREATE'), ('TEMPORARY')) AS p(privilege)
   WHERE has_database_privilege(role.oid, current_database(), privilege)
)sql";

constexpr char kInvalid[] = R"sql(
  SELECT format('index %s is not valid', indexrelid::regclass)
    FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
   WHERE relnamespace = 'public'::regnamespace AND NOT (indisvalid AND indisready)
  UNION ALL
  SELECT format('constraint %s of table %s is not validated', conname, conrelid::regclass)
    FROM pg_constraint
   WHERE connamespace = 'public'::regnamespace AND NOT convalidated
)sql";

}  // namespace

absl::StatusOr<std::vector<std::string>> FindPrivilegeProblems(pg::Connection& connection) {
  std::vector<std::string> problems;
  for (const char* sql : {kRights, kInvalid}) {
    OTPGATE_ASSIGN_OR_RETURN(const pg::Rows rows, connection.Query("compare rights", sql));
    for (const pg::Row& row : rows) problems.push_back(row.at(0));
  }
  return problems;
}

}  // namespace otpgate::migrator
