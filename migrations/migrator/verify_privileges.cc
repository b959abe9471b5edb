#include "migrations/migrator/verify.h"
#include "server/runtime/status_macros.h"

namespace otpgate::migrator {
namespace {

// has_*_privilege counts what comes by PUBLIC and by membership too: it says what the role can do,
// not what somebody granted.
constexpr char kRights[] = R"sql(
  WITH relation AS (
    SELECT oid, relname AS name, relowner, relacl, relkind
      FROM pg_class
     WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f')
       AND NOT EXISTS (SELECT FROM pg_depend
                        WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e')
  ), role AS (
    SELECT oid, rolname AS name FROM pg_roles
     WHERE rolname IN ('otpgate_app', 'otpgate_cleanup', 'otpgate_readonly')
  ), forbidden(role, privilege) AS (
    VALUES ('otpgate_app', 'DELETE'), ('otpgate_app', 'TRUNCATE'), ('otpgate_app', 'REFERENCES'),
           ('otpgate_app', 'TRIGGER'),
           ('otpgate_cleanup', 'TRUNCATE'), ('otpgate_cleanup', 'REFERENCES'),
           ('otpgate_cleanup', 'TRIGGER'),
           ('otpgate_readonly', 'INSERT'), ('otpgate_readonly', 'UPDATE'),
           ('otpgate_readonly', 'DELETE'), ('otpgate_readonly', 'TRUNCATE'),
           ('otpgate_readonly', 'REFERENCES'), ('otpgate_readonly', 'TRIGGER')
  )
  SELECT format('role %s may %s on table %s', role.name, privilege, relation.name)
    FROM relation, forbidden JOIN role ON role.name = forbidden.role
   WHERE has_table_privilege(role.oid, relation.oid, privilege)
  UNION ALL
  SELECT format('role %s may change schema_migrations', role.name)
    FROM relation, role
   WHERE relation.name = 'schema_migrations'
     AND has_table_privilege(role.oid, relation.oid, 'INSERT, UPDATE, DELETE')
  UNION ALL
  SELECT format('everybody may %s on table %s', privilege_type, name)
    FROM relation, aclexplode(relacl) WHERE grantee = 0
  UNION ALL
  SELECT format('everybody may %s on column %s.%s', privilege_type, relation.name, attname)
    FROM relation JOIN pg_attribute ON attrelid = relation.oid, aclexplode(attacl)
   WHERE grantee = 0
  UNION ALL
  SELECT format('role otpgate_readonly may read column %s.%s', relation.name, attname)
    FROM role, relation JOIN pg_attribute ON attrelid = relation.oid
   WHERE role.name = 'otpgate_readonly' AND attname = 'sealed_private'
     AND has_column_privilege(role.oid, relation.oid, attnum, 'SELECT')
  UNION ALL
  SELECT format('role %s cannot read table %s', role.name, relation.name)
    FROM relation, role
   WHERE role.name IN ('otpgate_app', 'otpgate_readonly') AND relkind IN ('r', 'p')
     AND NOT has_any_column_privilege(role.oid, relation.oid, 'SELECT')
  UNION ALL
  SELECT format('table %s belongs to %s', relation.name, pg_get_userbyid(relowner))
    FROM relation, role
   WHERE role.name = 'otpgate_app' AND relowner <> 'otpgate_owner'::regrole
     AND has_any_column_privilege(role.oid, relation.oid, 'SELECT')
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

absl::StatusOr<std::vector<std::string>> FindPrivilegeProblems(Session& session) {
  std::vector<std::string> problems;
  for (const char* sql : {kRights, kInvalid}) {
    OTPGATE_ASSIGN_OR_RETURN(const Rows rows, session.Query("compare rights", sql));
    for (const Row& row : rows) problems.push_back(row.at(0));
  }
  return problems;
}

}  // namespace otpgate::migrator
